"""Secrets of more than one line: private keys, and what is indented under a secret's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.redaction.kinds import Span
from bot.text.redaction.named import NAME, mixed

_BEGIN = re.compile(r"-{2,5} ?BEGIN [A-Z0-9 ]{1,60}-{2,5}|PuTTY-User-Key-File-\d:")
_END = re.compile(r"-{2,5} ?END [A-Z0-9 ]{1,60}-{2,5}|Private-MAC: ?[0-9a-fA-F]{1,128}")
_KEY_TEXT = re.compile(
    r"(?:\s|\\n|[A-Za-z0-9+/=]{16,}|[A-Z][A-Za-z-]{2,20}: ?[\w ,-]{1,80}(?=\\n|\n|$))*"
)
_BODY_BEFORE_END = re.compile(r"[A-Za-z0-9+/=]{8,}\s{0,4}$")
_BLOCK = re.compile(
    rf"(?P<indent>[ \t]{{0,80}})(?:- )?[\"']?[\w.-]{{0,40}}?{NAME}[\w.-]{{0,40}}[\"']?\s?:\s?[|>][+-]?\d?[ \t]*(?:#.*)?",
    re.IGNORECASE,
)
_BEGUN = re.compile(
    rf".{{0,200}}?{NAME}[\w.-]{{0,40}}[\"']?\s{{0,2}}[:=]\s{{0,2}}\S.*", re.IGNORECASE
)
_ONE_WORD = re.compile(r"\s{0,80}[^\s:={}<>]{4,}\s*")


def blocks(text: str) -> Iterator[Span]:
    """Where they stand; each as a whole."""
    yield from _keys(text)
    yield from _indented(text)
    yield from _continued(text)


def _keys(text: str) -> Iterator[Span]:
    """From BEGIN to END; without an END, as far as it looks like a key."""
    at = 0
    while begin := _BEGIN.search(text, at):
        end = _END.search(text, begin.end())
        following = _BEGIN.search(text, begin.end())
        if end and not (following and following.start() < end.start()):
            at = end.end()
        else:
            key = _KEY_TEXT.match(text, begin.end())
            at = key.end() if key else begin.end()
        yield begin.start(), at
    for end in _END.finditer(text):
        before = text[max(0, end.start() - 200) : end.start()]
        if body := _BODY_BEFORE_END.search(before):
            yield end.start() - len(before) + body.start(), end.end()


def _indented(text: str) -> Iterator[Span]:
    """The lines under `password: |`, as long as they are deeper than it."""
    deeper: int | None = None
    for at, line in _lines(text):
        indent = len(line) - len(line.lstrip())
        if line.strip() and deeper is not None and indent < deeper:
            deeper = None
        if deeper is None:
            match = _BLOCK.match(line)
            if match and not line[match.end() :].strip():
                deeper = len(match["indent"]) + 1
        elif line.strip():
            yield at + indent, at + len(line.rstrip())


def _continued(text: str) -> Iterator[Span]:
    """Lines of one word each, that go on with the value of the line before."""
    begun = False
    for at, line in _lines(text):
        if begun and _ONE_WORD.fullmatch(line) and mixed(line.strip()):
            yield at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        else:
            begun = bool(_BEGUN.match(line))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each with its ending, and where it begins."""
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)
