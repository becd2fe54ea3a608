"""AWS's own texts are somebody else's: one short line, and nothing that moves a cursor."""

from __future__ import annotations

import re

from checks.instrumentation_error import quoted

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,63}")
_VALUE_LIMIT = 256


def plain(text: object) -> str:
    """`text` on one line, short, every character visible."""
    return _visible(quoted(str(text)))


def value(text: str) -> str:
    """A variable's value that may be read: as it is, but visible and short."""
    return _visible(text[:_VALUE_LIMIT])


def code(text: object) -> str:
    """An error code, or words for one that is none."""
    return str(text) if _CODE.fullmatch(str(text)) else "an unknown error"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "·" for each in text)
