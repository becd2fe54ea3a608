"""The sentences of a report, and the times in them, found by the one shape in which steps write them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from checks.model import Overall
from checks.report import Report

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIME = rf"(?P<time>\b\d\d (?:{'|'.join(_MONTHS)}) \d\d:\d\d(?::\d\d)?(?: UTC)?(?!\w))"
"""checks/timeline.py writes it."""
_TIMES = re.compile(TIME)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def sentences(report: Report, *, until: bool = True) -> list[str]:
    """The explanation, without what the headline says already; `until`: the end of a wait first."""
    cause = report.line(report.cause) if report.verdict is Overall.WAITING else None
    parts = _SENTENCE.split(report.summary if until or cause is None else cause.saw)
    parts = [*parts[-1:], *parts[:-1]] if until and cause else parts
    return [sentence for sentence in parts if sentence.rstrip(".") != report.headline]


def moment_of(written: str, near: datetime) -> datetime:
    """The moment of a time in a sentence. Steps write no year: the one that brings it nearest."""
    day, month, clock, *_ = written.split()
    hours, minutes, seconds = (*map(int, clock.split(":")), 0)[:3]
    moments = [
        datetime(year, _MONTHS.index(month) + 1, int(day), hours, minutes, seconds, tzinfo=UTC)
        for year in (near.year - 1, near.year, near.year + 1)
        if _exists(year, month, int(day))
    ]
    return min(moments, key=lambda at: abs(at - near), default=near)


def _exists(year: int, month: str, day: int) -> bool:
    first = datetime(year, _MONTHS.index(month) + 1, 1, tzinfo=UTC)
    return (first + timedelta(days=day - 1)).month == first.month


def localized(sentence: str, near: datetime, zone: tzinfo | None = None) -> str:
    """Its times in `zone`, with the offset: 23 Nov 13:00 +01:00. None is this machine's zone."""

    def local(match: re.Match[str]) -> str:
        at = moment_of(match["time"], near).astimezone(zone)
        seconds = ":%S" if match["time"].count(":") > 1 else ""
        return f"{at:%d} {_MONTHS[at.month - 1]} {at:%H:%M{seconds}} {offset(at)}"

    return _TIMES.sub(local, sentence)


def offset(at: datetime) -> str:
    """UTC, or +01:00"""
    return at.isoformat(timespec="seconds")[-6:] if at.utcoffset() else "UTC"
