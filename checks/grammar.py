"""Numbers that agree with their nouns, and lengths of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


def counted(number: int, noun: str) -> str:
    """1 payload; 1,200 payloads"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def others(number: int) -> str:
    """As in no others, 1 other, 2 others."""
    return counted(number, "other") if number else "no others"


def times(number: int) -> str:
    """As in once, 2 times, 1,200 times."""
    return "once" if number == 1 else counted(number, "time")


def verb(number: int) -> str:
    """As in 1 is, 2 are."""
    return "is" if number == 1 else "are"


def listed(names: Sequence[str]) -> str:
    """As in a; a and b; a, b and c."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def duration(length: timedelta) -> str:
    """As in 40 s, 3 min, 5 h: in the largest unit of which it is two at least."""
    seconds = max(0, round(length.total_seconds()))
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
