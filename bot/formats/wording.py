"""Texts as every format shows them: visible, and the actions as a numbered list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from bot.text.visible import visible
from checks.links import Link
from checks.model import Action

_NONCHARACTERS = re.compile("[\ufffe\uffff]")
"""The characters that XML 1.0 forbids (its section 2.2) and that `visible` leaves."""


def shown(text: str) -> str:
    """One line in which every character is visible, and which XML can hold."""
    return _NONCHARACTERS.sub(lambda found: f"U+{ord(found[0]):04X}", visible(text))


def paragraphs(lines: Iterable[str]) -> str:
    """Lines of one text, each of them shown as one line; empty ones are left out."""
    return "\n".join(filter(None, map(shown, lines)))


def numbered(
    actions: Iterable[Action], place: Callable[[Action], Link | None] = lambda _: None
) -> Iterator[str]:
    """
    What to do, in lines; `place` knows where an action is done.

        1. Remove AWS_LAMBDA_EXEC_WRAPPER (replaces all variables)
           orders › Environment variables: https://…
           aws lambda …
    """
    for number, action in enumerate(actions, 1):
        caution = f" ({action.caution})" if action.caution else ""
        yield f"{number}. {action.sentence}{caution}"
        where = place(action)
        if where:
            yield f"   {where.label}: {where.url}"
        yield from (f"   {line}" for line in (action.command or "").splitlines())
