"""
CloudWatch's sums → how often functions were invoked, and when; what was forwarded of their logs.

CloudWatch keeps sums by the minute for 15 days, by five for 63 and by the hour for 455. One
call must not ask for finer ones than its oldest moment has, so there are two: by the minute
for a day, by the hour for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.aws.client import Account
from bot.aws.errors import or_missing
from bot.aws.evidence.metric_data import HOUR, MINUTE, query, series
from bot.aws.operations import METRIC_DATA
from checks.evidence import Forwarding, Invocations, Missing
from checks.evidence.region import COUNTED

Sums = tuple[tuple[datetime, int, int], ...]
Wanted = Mapping[str, Sequence[str]]
"""By a function's name, the resources ("name:live") whose invocations count; none: all of them."""

RECENT = timedelta(hours=24)
KEPT = timedelta(days=455) - timedelta(hours=1)
_FORWARDED_BY = 300


@dataclass(frozen=True, slots=True)
class Recent:
    """Of the last day, by the minute."""

    invocations: Sums
    errors: Sums


@dataclass(frozen=True, slots=True)
class Span:
    """Sums by `period` seconds of what happened between two moments."""

    period: int
    began: datetime
    ended: datetime


def recent(
    account: Account, region: str, wanted: Wanted, now: datetime
) -> Mapping[str, Recent] | Missing:
    """By the function's name; both sums in one call."""
    span = Span(MINUTE, start_of_hour(now - RECENT), now + timedelta(minutes=1))
    sums = invocation_sums(account, region, wanted, span, ("Invocations", "Errors"))
    if isinstance(sums, Missing):
        return sums
    return {name: Recent(sums["Invocations", name], sums["Errors", name]) for name in wanted}


def older(
    account: Account, region: str, wanted: Wanted, now: datetime
) -> Mapping[str, Sums] | Missing:
    """By the function's name; by the hour, as far back as CloudWatch keeps any."""
    span = Span(HOUR, start_of_hour(now - KEPT), start_of_hour(now - RECENT))
    sums = invocation_sums(account, region, wanted, span, ("Invocations",))
    if isinstance(sums, Missing):
        return sums
    return {name: sums["Invocations", name] for name in wanted}


def joined(recent: Recent | Missing, older: Sums | Missing, now: datetime) -> Invocations | Missing:
    """Both parts; the older one may be missing only where the recent one has some."""
    if isinstance(recent, Missing):
        return recent
    sums, errors = recent.invocations, recent.errors
    if isinstance(older, Missing):
        return Invocations(sums, start_of_hour(now - RECENT), errors) if sums else older
    return Invocations((*sums, *older), start_of_hour(now - KEPT), errors)


def invocation_sums(
    account: Account, region: str, wanted: Wanted, span: Span, metrics: Sequence[str]
) -> Mapping[tuple[str, str], Sums] | Missing:
    """By metric and function, newest first, only periods with any."""
    asked = _numbered(wanted, metrics)
    queries = [
        of_function(id_, span.period, name, resource, metric)
        for id_, (metric, name, resource) in asked.items()
    ]

    def read() -> Mapping[tuple[str, str], Sums]:
        values: dict[tuple[str, str], list[tuple[datetime, float]]] = {
            (metric, name): [] for metric in metrics for name in wanted
        }
        for id_, some in series(account, region, queries, span.began, span.ended).items():
            metric, name, _ = asked[id_]
            values[metric, name] += some
        return {key: _added(some, span.period) for key, some in values.items()}

    return or_missing(METRIC_DATA, region, read)


def _numbered(wanted: Wanted, metrics: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    """Metric, function and resource of each query, by its id."""
    asked = [
        (metric, name, resource)
        for metric in metrics
        for name, resources in wanted.items()
        for resource in resources or [""]
    ]
    return {f"q{number}": which for number, which in enumerate(asked)}


def _added(values: Sequence[tuple[datetime, float]], period: int) -> Sums:
    sums: dict[datetime, float] = {}
    for at, value in values:
        sums[at] = sums.get(at, 0.0) + value
    newest_first = sorted(sums.items(), reverse=True)
    return tuple((at, period, int(value)) for at, value in newest_first if value > 0)


def of_function(
    id_: str, period: int, name: str, resource: str, metric: str = "Invocations"
) -> dict[str, object]:
    dimensions = {"FunctionName": name} | ({"Resource": resource} if resource else {})
    return query(id_, "AWS/Lambda", metric, "Sum", period, dimensions)


def start_of_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def forwarding(
    account: Account, region: str, groups: Sequence[str], now: datetime, filter_name: str
) -> Mapping[str, Forwarding] | Missing:
    """By log group, what its filter of that name forwarded to Firehose lately (CloudWatch Logs)."""
    ours = {"DestinationType": "Firehose", "FilterName": filter_name}
    queries = [
        query(
            f"{id_}{n}", "AWS/Logs", metric, "Sum", _FORWARDED_BY, {"LogGroupName": group, **ours}
        )
        for n, group in enumerate(groups)
        for id_, metric in (("f", "ForwardedLogEvents"), ("e", "DeliveryErrors"))
    ]

    def read() -> Mapping[str, Forwarding]:
        by_query = series(account, region, queries, now - COUNTED, now)

        def total(id_: str) -> int:
            return int(sum(value for _, value in by_query.get(id_, [])))

        return {group: Forwarding(total(f"f{n}"), total(f"e{n}")) for n, group in enumerate(groups)}

    return or_missing(METRIC_DATA, region, read)
