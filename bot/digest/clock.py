"""Times of day as people write them: 09:00, 9am, 0900, 8.30. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from bot.errors import Refused
from bot.text.redaction import shown

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LOOSE = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE
)
_HALF = re.compile(r"[ap]\.?m\.?", re.IGNORECASE)
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_NOON = 12


@dataclass(frozen=True, slots=True)
class Beginning:
    """The time that some words begin with."""

    words: str
    length: int
    """How many they are."""
    exact: str | None
    """HH:MM, where it is written so."""
    meant: tuple[str, ...] = ()
    """What else it may mean."""


def clock_beginning(words: Sequence[str]) -> Beginning:
    """The time of day that `words` begin with; `exact` and `meant` are empty for what is none."""
    first = words[0]
    if len(words) > 1 and _HALF.fullmatch(words[1]) and first[:1].isdigit():
        both = f"{first} {words[1]}"
        return Beginning(both, 2, None, _meant(both))
    exact = clock(first)
    return Beginning(first, 1, exact, () if exact else _meant(first))


def clock(word: str) -> str | None:
    """HH:MM of 9:00 and 09:00."""
    match = _CLOCK.fullmatch(word)
    return f"{time(int(match[1]), int(match[2])):%H:%M}" if match else None


def quiet_ending(rest: list[str]) -> tuple[list[str], str]:
    """The optional ending: quiet 22:00-07:00."""
    places = [number for number, word in enumerate(rest) if word.lower() == "quiet"]
    if not places:
        return rest, ""
    at = places[-1]
    hours = re.split("[-–]", "".join(rest[at + 1 :]))
    if len(hours) != 2:  # noqa: PLR2004 - begin and end
        raise Refused("Quiet hours have a begin and an end, as in quiet 22:00-07:00")
    begin, end = map(_quiet_clock, hours)
    if begin == end:
        raise Refused("Quiet hours cannot be the whole day: quiet 22:00-07:00 is an example.")
    return rest[:at], f"{begin}-{end}"


def _quiet_clock(word: str) -> str:
    at = clock(word)
    if at is None:
        raise Refused(f"{shown(word)} is not a time of day: quiet 22:00-07:00 is an example.")
    return at


def _meant(words: str) -> tuple[str, ...]:
    if words.lower() in _NAMED:
        return (_NAMED[words.lower()],)
    match = _LOOSE.fullmatch(words)
    if match is None:
        return ()
    hour, half = int(match["hour"]), (match["half"] or "").lower()[:1]
    if half and not 1 <= hour <= _NOON:
        half = ""
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    at = clock(f"{hour}:{match['minute'] or '00'}")
    return (at,) if at else ()
