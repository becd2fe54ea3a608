"""
CloudWatch's sums → how often a function was invoked, and when.

CloudWatch keeps sums by the minute for 15 days, by five for 63 and by the hour for 455. One
call must not ask for finer ones than its oldest moment has, so there are two: by the minute
for a day, by the hour for the rest. Where the hour in which the integration settled decides,
`sharpened` asks for that hour alone, as finely as it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.aws.asked import Asked
from bot.aws.metrics import HOUR, query, series
from bot.aws.operations import METRIC_DATA
from bot.aws.refusals import or_missing
from checks.evidence import Invocations, Missing
from checks.timeline import invoked_since, may_include

Sums = tuple[tuple[datetime, int, int], ...]

MINUTE, DAY = 60, 86_400
RECENT = timedelta(hours=24)
KEPT = timedelta(days=455) - timedelta(hours=1)
_KEPT_BY_PERIOD = ((MINUTE, timedelta(days=15)), (300, timedelta(days=63)))
_TRAFFIC_DAYS = timedelta(days=14)


def recent(asked: Asked, resources: Sequence[str]) -> Sums | Missing:
    """By the minute, for a day. `resources` are "name:alias"; none mean all invocations."""
    end = asked.now + timedelta(minutes=1)
    return _sums(asked, resources, MINUTE, _hour(asked.now - RECENT), end)


def older(asked: Asked, resources: Sequence[str]) -> Sums | Missing:
    """By the hour, as far back as CloudWatch keeps any."""
    return _sums(asked, resources, HOUR, _hour(asked.now - KEPT), _hour(asked.now - RECENT))


def joined(recent: Sums | Missing, older: Sums | Missing, now: datetime) -> Invocations | Missing:
    """Both parts; the older one may be missing only where the recent one has some."""
    if isinstance(recent, Missing):
        return recent
    if isinstance(older, Missing):
        return Invocations(recent, _hour(now - RECENT)) if recent else older
    return Invocations((*recent, *older), _hour(now - KEPT))


def sharpened(
    asked: Asked, resources: Sequence[str], found: Invocations, settled: datetime
) -> Invocations:
    """With the hour of `settled` in finer periods, if only that hour may hold later ones."""
    period = next((p for p, kept in _KEPT_BY_PERIOD if asked.now - settled < kept), HOUR)
    if period == HOUR or invoked_since(found, settled) or not may_include(found, settled):
        return found
    hour = _hour(settled)
    finer = _sums(asked, resources, period, hour, hour + timedelta(hours=1))
    if isinstance(finer, Missing):
        return found
    rest = [each for each in found.sums if each[0] != hour]
    return replace(found, sums=tuple(sorted([*rest, *finer], reverse=True)))


def by_qualifier(asked: Asked, qualifiers: Sequence[str]) -> Mapping[str, int] | Missing:
    """Invocations of the last two weeks through each alias or version number."""
    queries = [
        _query(f"q{n}", DAY, asked.name, f"{asked.name}:{each}")
        for n, each in enumerate(qualifiers)
    ]
    began = _hour(asked.now - _TRAFFIC_DAYS)

    def ask() -> Mapping[str, int]:
        found = series(asked.account, asked.region, queries, began, asked.now)
        return {
            each: int(sum(value for _, value in found.get(f"q{n}", [])))
            for n, each in enumerate(qualifiers)
        }

    return or_missing(METRIC_DATA, asked.region, ask)


def _sums(
    asked: Asked, resources: Sequence[str], period: int, began: datetime, ended: datetime
) -> Sums | Missing:
    """Newest first, only periods with any."""
    queries = [
        _query(f"i{n}", period, asked.name, resource)
        for n, resource in enumerate(resources or [""])
    ]

    def ask() -> Sums:
        sums: dict[datetime, float] = {}
        for values in series(asked.account, asked.region, queries, began, ended).values():
            for at, value in values:
                sums[at] = sums.get(at, 0.0) + value
        newest_first = sorted(sums.items(), reverse=True)
        return tuple((at, period, int(value)) for at, value in newest_first if value > 0)

    return or_missing(METRIC_DATA, asked.region, ask)


def _query(id_: str, period: int, name: str, resource: str) -> dict[str, object]:
    dimensions = {"FunctionName": name} | ({"Resource": resource} if resource else {})
    return query(id_, "AWS/Lambda", "Invocations", "Sum", period, dimensions)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
