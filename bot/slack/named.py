"""
Which function a message names: its words → commands. Pure.

What can only be a function (an ARN, a console link, a log group) comes first; what is written
as code, or looks like a name made of several words, may be one.
"""

from __future__ import annotations

import re

from bot.errors import UsageError
from bot.target import Unsure, parse
from checks.runbook import step_named

MOST = 5
_WORD = re.compile(r"[^\s<>|,;()\"']+")
_CODE = re.compile(r"`([^`\n]{1,200})`")
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+")
_READ = 4_000


def commands(text: str) -> tuple[str, ...]:
    """What may be typed after /slsdiag for the functions in `text`, the surest first."""
    start = text[:_READ]
    words = _WORD.findall(start)
    sure = [name for word in words if "lambda" in word and (name := _command(word))]
    code = [name for word in _CODE.findall(start) if (name := _command(word))]
    compound = [
        name
        for word in words
        if _COMPOUND.fullmatch(bare := word.strip("`.:!?*_")) and (name := _command(bare))
    ]
    return tuple(dict.fromkeys([*sure, *code, *compound]))[:MOST]


def _command(word: str) -> str | None:
    if step_named(word):
        return None
    try:
        target = parse(word)
    except Unsure as error:
        return f"function:{error.candidates[0]}"
    except UsageError:
        return None
    return word if target.account else f"function:{target.spelled}"
