"""
Findings that the owner accepts, by a comment on the same line or on the one before. Pure.

    runtime: python3.13  # slsdiag: ignore runtime-supported: traced by its own collector
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.lint.model import Unused
from bot.lint.tree import Place
from checks.runbook import step_named

_COMMENT = re.compile(
    r"(?:#|//)[ \t]{0,9}slsdiag:[ \t]{0,9}ignore\b[ \t]{0,9}(?P<step>[\w-]{0,99})(?P<rest>.*)"
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment."""

    file: str
    line: int
    step: str
    reason: str


class _About(Protocol):
    """A remark or a doubt."""

    @property
    def place(self) -> Place: ...
    @property
    def step(self) -> str | None: ...


Each = TypeVar("Each", bound=_About)


def suppressions(file: str, text: str) -> Iterator[Suppression | Unused]:
    """Those of one file; one that names no step or gives no reason is of no use."""
    for match in _COMMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        step = match["step"].replace("-", "_")
        if step_named(step) is None:
            yield Unused(file, line, None, "the comment names no check")
        elif not (why := _reason(match["rest"])):
            yield Unused(file, line, step, "the comment gives no reason, so it changes nothing")
        else:
            yield Suppression(file, line, step, why)


def _reason(rest: str) -> str:
    before, colon, why = rest.partition(":")
    return why.strip() if colon and not before.strip() else ""


def without(
    each: Sequence[Each], accepted: Mapping[tuple[str, int, str], Suppression]
) -> tuple[tuple[Each, ...], frozenset[Suppression]]:
    """What is left, and which comments were of use."""
    kept, used = [], set()
    for one in each:
        found = _accepted(one, accepted)
        if found:
            used.add(found)
        else:
            kept.append(one)
    return tuple(kept), frozenset(used)


def _accepted(
    about: _About, accepted: Mapping[tuple[str, int, str], Suppression]
) -> Suppression | None:
    place = about.place
    lines = (place.line, place.line - 1)
    keys = ((place.file, line, about.step or "") for line in lines)
    return next((accepted[key] for key in keys if key in accepted), None)


def by_place(found: Sequence[Suppression]) -> dict[tuple[str, int, str], Suppression]:
    """For `without`."""
    return {(each.file, each.line, each.step): each for each in found}
