"""
The sentences of a report as rich text: names and paths as code, times in the reader's own zone.

The words stay the step's own. What is code is recognized by its shape (`SLS_ORG_ID`, `/opt/wrapper`,
`lambda:GetFunction`); a time by the one shape in which steps write it (bot/diagnosis/sentences.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.diagnosis.sentences import TIME, moment_of
from bot.slack.rich_text import Part, moment, text

_CODE = (
    r"(?P<code>"
    r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b"  # a variable
    r"|(?<![\w./])/(?:[\w.$@-]+/)*[\w$@-][\w.$@-]*[\w$@-]"  # a path
    r"|\b[a-z0-9]+:[A-Z][A-Za-z]+\b"  # an IAM action
    r"|\bserverless_[\w-]+\b|\bServerless(?:-Inc-Role-Stack|Role)\b"
    r"|\$LATEST\b)"
)
_TIME = rf"(?:\bon )?{TIME}"
"""Slack shows it as "today 9:39 AM", which takes no preposition."""
_SHAPES = re.compile(f"{_TIME}|{_CODE}")


def styled(words: str, near: datetime, *names: str) -> list[Part]:
    """`words` in parts. `near` gives the year of a time; `names` are code wherever they stand."""
    return list(_parts(words, near, names))


def _parts(words: str, near: datetime, names: tuple[str, ...]) -> Iterator[Part]:
    at = 0
    for match in _pattern(names).finditer(words):
        if match.start() > at:
            yield text(words[at : match.start()])
        if written := match["time"]:
            yield moment(moment_of(written, near))
        else:
            yield text(match[0], code=True)
        at = match.end()
    if at < len(words):
        yield text(words[at:])


def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    if not names:
        return _SHAPES
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"{_TIME}|(?<![\w./-])(?:{alternatives})(?![\w/-])|{_CODE}")
