"""
`${…}` of Serverless Framework, taken apart: its sources, in the order in which they are tried. Pure.

    ${opt:stage, self:custom.stage, 'dev'}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SOURCE = re.compile(
    r"(?P<kind>[A-Za-z][\w-]*)(?:\((?P<argument>[^()]*)\))?(?::(?!:)(?P<address>.*))?", re.DOTALL
)
_LITERAL = re.compile(
    r"'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<bare>true|false|null|-?\d+(?:\.\d+)?)"
)
_WORDS = {"true": True, "false": False, "null": None}
LITERAL = "literal"
_MOST_DEEP = 10


@dataclass(frozen=True, slots=True)
class Source:
    """One of a reference's sources: file(./a.yml):x.y"""

    kind: str
    argument: str | None = None
    address: str | None = None
    literal: str | int | float | bool | None = None


def references(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost `${…}` stand; one that is not closed is text."""
    at = 0
    while (start := text.find("${", at)) >= 0:
        end = _closing(text, start + 2)
        if end is None:
            return
        yield start, end + 1
        at = end + 1


def _closing(text: str, at: int) -> int | None:
    depth = 1
    while at < len(text):
        if text.startswith("${", at):
            depth += 1
            if depth > _MOST_DEEP:
                return None
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return None


def sources(inner: str) -> list[Source] | None:
    """Those of what stands between the braces; None where it is no reference, as `AWS::Region`."""
    found = [_source(part.strip()) for part in _parts(inner)]
    return [each for each in found if each] if all(found) and found else None


def _source(text: str) -> Source | None:
    if literal := _LITERAL.fullmatch(text):
        if literal["bare"]:
            return Source(LITERAL, literal=_WORDS.get(literal["bare"], literal["bare"]))
        return Source(LITERAL, literal=literal["single"] or literal["double"] or "")
    match = _SOURCE.fullmatch(text)
    if match is None or (match["argument"] is None and match["address"] is None):
        return None
    return Source(match["kind"], match["argument"], match["address"])


def _parts(inner: str) -> list[str]:
    """Split at commas that stand neither in quotes nor in brackets."""
    parts, quote, depth = [""], "", 0
    for character in inner:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not quote and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
