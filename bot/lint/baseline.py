"""Findings that were known before: what an earlier `slsdiag lint --format json` printed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from bot.errors import Unreadable
from bot.formats.findings import Finding, Unknown
from bot.lint.files import text_of
from bot.lint.json_tree import json_value
from bot.lint.refusals import Unparsed
from bot.text.visible import visible

Key = tuple[str, str | None, str | None, str]


class Baseline:
    """Each entry leaves out one finding or doubt of the same file, function and check, on any line."""

    def __init__(self, document: Any) -> None:
        """`document` is what was printed; what is no finding in it is passed over."""
        listed = document if isinstance(document, dict) else {}
        known = [(each, "headline") for each in _objects(listed.get("findings"))]
        known += [(each, "why") for each in _objects(listed.get("unknown"))]
        self._left = Counter(
            (str(each.get("file")), each.get("function"), each.get("step"), str(each.get(text)))
            for each, text in known
        )

    def knows(self, each: Finding | Unknown) -> bool:
        """Whether it was there before; an entry counts once."""
        text = each.headline if isinstance(each, Finding) else each.why
        key: Key = (each.file, each.function, each.step, text)
        if not self._left[key]:
            return False
        self._left[key] -= 1
        return True


def baseline(file: str | None) -> Baseline:
    """Of a file; Unreadable where it is none."""
    if file is None:
        return Baseline(None)
    try:
        document = json_value(text_of(Path(file)), file)
    except Unparsed as error:
        raise Unreadable(f"{visible(file)} cannot be read: {error.why}.") from error
    if not isinstance(document, dict) or "findings" not in document:
        raise Unreadable(f"{visible(file)} is not what slsdiag lint --format json prints.")
    return Baseline(document)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
