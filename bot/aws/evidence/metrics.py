"""
CloudWatch's sums → how often a function was invoked, and when; what was forwarded of its log.

CloudWatch keeps sums by the minute for 15 days, by five for 63 and by the hour for 455. One
call must not ask for finer ones than its oldest moment has, so there are two: by the minute
for a day, by the hour for the rest. Where the hour in which the integration settled decides,
`sharpened` reads that hour alone, as finely as it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aws.client import Account, Pages
from bot.aws.errors import Incomplete, or_missing
from bot.aws.evidence.request import FunctionRequest
from bot.aws.operations import LIST_METRICS, METRIC_DATA
from checks.evidence import Forwarding, Invocations, Missing
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import COUNTED
from checks.timeline import invoked_since, may_include

Sums = tuple[tuple[datetime, int, int], ...]

MINUTE, HOUR, DAY = 60, 3600, 86_400
RECENT = timedelta(hours=24)
KEPT = timedelta(days=455) - timedelta(hours=1)
_FORWARDED_BY = 300
_KEPT_BY_PERIOD = ((MINUTE, timedelta(days=15)), (300, timedelta(days=63)))
_TRAFFIC_DAYS = timedelta(days=14)
_PAGES = 10
_COMPLETE = "Complete"
"""CloudWatch's word; its others are PartialData, InternalError and Forbidden."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Of the last day, by the minute."""

    invocations: Sums
    errors: Sums


def recent(request: FunctionRequest, resources: Sequence[str]) -> Recent | Missing:
    """`resources` are "name:alias"; none mean all invocations. Both sums in one call."""
    began, ended = _hour(request.now - RECENT), request.now + timedelta(minutes=1)
    sums = _metrics(request, resources, MINUTE, began, ended, ("Invocations", "Errors"))
    return sums if isinstance(sums, Missing) else Recent(sums["Invocations"], sums["Errors"])


def older(request: FunctionRequest, resources: Sequence[str]) -> Sums | Missing:
    """By the hour, as far back as CloudWatch keeps any."""
    return _sums(request, resources, HOUR, _hour(request.now - KEPT), _hour(request.now - RECENT))


def joined(recent: Recent | Missing, older: Sums | Missing, now: datetime) -> Invocations | Missing:
    """Both parts; the older one may be missing only where the recent one has some."""
    if isinstance(recent, Missing):
        return recent
    sums, errors = recent.invocations, recent.errors
    if isinstance(older, Missing):
        return Invocations(sums, _hour(now - RECENT), errors) if sums else older
    return Invocations((*sums, *older), _hour(now - KEPT), errors)


def sharpened(
    request: FunctionRequest, resources: Sequence[str], counts: Invocations, settled: datetime
) -> Invocations | Missing:
    """With the hour of `settled` in finer periods, if only that hour may hold later ones."""
    period = next((p for p, age in _KEPT_BY_PERIOD if request.now - settled < age), HOUR)
    if period == HOUR or invoked_since(counts, settled) or not may_include(counts, settled):
        return counts
    hour = _hour(settled)
    finer = _sums(request, resources, period, hour, hour + timedelta(hours=1))
    if isinstance(finer, Missing):
        return finer
    rest = [entry for entry in counts.sums if entry[0] != hour]
    return replace(counts, sums=tuple(sorted([*rest, *finer], reverse=True)))


def by_qualifier(
    request: FunctionRequest, qualifiers: Sequence[str]
) -> Mapping[str, int] | Missing:
    """Invocations of the last two weeks through each alias or version number."""
    queries = [
        _query(f"q{n}", DAY, request.name, replace(request.function, qualifier=qualifier).spelled)
        for n, qualifier in enumerate(qualifiers)
    ]
    began = _hour(request.now - _TRAFFIC_DAYS)

    def read() -> Mapping[str, int]:
        by_query = series(request.account, request.region, queries, began, request.now)
        return {
            qualifier: int(sum(value for _, value in by_query.get(f"q{n}", [])))
            for n, qualifier in enumerate(qualifiers)
        }

    return or_missing(METRIC_DATA, request.region, read)


def _sums(
    request: FunctionRequest,
    resources: Sequence[str],
    period: int,
    began: datetime,
    ended: datetime,
) -> Sums | Missing:
    """Invocations alone."""
    sums = _metrics(request, resources, period, began, ended, ("Invocations",))
    return sums if isinstance(sums, Missing) else sums["Invocations"]


def _metrics(
    request: FunctionRequest,
    resources: Sequence[str],
    period: int,
    began: datetime,
    ended: datetime,
    metrics: Sequence[str],
) -> Mapping[str, Sums] | Missing:
    """Each metric's sums, newest first, only periods with any."""
    queries = [
        _query(f"{metric.lower()}{n}", period, request.name, resource, metric)
        for metric in metrics
        for n, resource in enumerate(resources or [""])
    ]

    def read() -> Mapping[str, Sums]:
        by_query = series(request.account, request.region, queries, began, ended)
        return {metric: _added(by_query, metric.lower(), period) for metric in metrics}

    return or_missing(METRIC_DATA, request.region, read)


def _added(
    by_query: Mapping[str, Sequence[tuple[datetime, float]]], metric: str, period: int
) -> Sums:
    sums: dict[datetime, float] = {}
    for id_, values in by_query.items():
        for at, value in values if id_.startswith(metric) else ():
            sums[at] = sums.get(at, 0.0) + value
    newest_first = sorted(sums.items(), reverse=True)
    return tuple((at, period, int(value)) for at, value in newest_first if value > 0)


def _query(
    id_: str, period: int, name: str, resource: str, metric: str = "Invocations"
) -> dict[str, object]:
    dimensions = {"FunctionName": name} | ({"Resource": resource} if resource else {})
    return query(id_, "AWS/Lambda", metric, "Sum", period, dimensions)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def forwarding(
    account: Account, region: str, group: str, now: datetime, name: str = FILTER_NAME
) -> Forwarding | Missing:
    """What our filter on `group` forwarded to Firehose lately (CloudWatch Logs' own metrics)."""
    of_ours = {"LogGroupName": group, "DestinationType": "Firehose", "FilterName": name}
    queries = [
        query("forwarded", "AWS/Logs", "ForwardedLogEvents", "Sum", _FORWARDED_BY, of_ours),
        query("refused", "AWS/Logs", "DeliveryErrors", "Sum", _FORWARDED_BY, of_ours),
    ]

    def read() -> Forwarding:
        by_query = series(account, region, queries, now - COUNTED, now)
        sums = {id_: int(sum(value for _, value in values)) for id_, values in by_query.items()}
        return Forwarding(sums.get("forwarded", 0), sums.get("refused", 0))

    return or_missing(METRIC_DATA, region, read)


def resources_invoked(account: Account, region: str, function: str) -> set[str]:
    """CloudWatch's Resource of each invocation within two weeks; raises botocore's errors."""
    arguments: dict[str, Any] = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "FunctionName", "Value": function}, {"Name": "Resource"}],
    }
    return {
        dimension["Value"]
        for page in Pages(account, region, LIST_METRICS, _PAGES, **arguments).all()
        for metric in page.get("Metrics") or []
        for dimension in metric["Dimensions"]
        if dimension["Name"] == "Resource"
    }


def query(
    id_: str, namespace: str, metric: str, stat: str, period: int, dimensions: Mapping[str, str]
) -> dict[str, Any]:
    """One of GetMetricData's queries."""
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
            },
            "Period": period,
            "Stat": stat,
        },
    }


def series(
    account: Account,
    region: str,
    queries: list[dict[str, Any]],
    began: datetime,
    ended: datetime,
) -> dict[str, list[tuple[datetime, float]]]:
    """The values of each query, newest first; raises botocore's errors."""
    arguments: dict[str, Any] = {
        "MetricDataQueries": queries,
        "StartTime": began,
        "EndTime": ended,
        "ScanBy": "TimestampDescending",
    }
    by_query: dict[str, list[tuple[datetime, float]]] = {}
    for result in _whole(Pages(account, region, METRIC_DATA, _PAGES, **arguments)):
        times = (at.astimezone(UTC) for at in result["Timestamps"])
        by_query.setdefault(result["Id"], []).extend(zip(times, result["Values"], strict=True))
    return by_query


def _whole(pages: Pages) -> list[dict[str, Any]]:
    """
    What all pages hold, or Incomplete.

    CloudWatch says itself whether a query's values are all there are; of one that goes on over
    pages, with the last of them.
    """
    results = [result for page in pages.all() for result in page.get("MetricDataResults") or []]
    states = {result["Id"]: result.get("StatusCode") or _COMPLETE for result in results}
    if set(states.values()) - {_COMPLETE}:
        raise Incomplete
    return results
