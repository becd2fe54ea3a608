"""CloudWatch's answers → invocations, delivery, traffic of versions, the metric stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aws.door import Account
from bot.aws.operations import METRIC_DATA, METRIC_STREAMS
from bot.aws.refusals import or_missing
from checks.evidence import Invocations, Missing
from checks.evidence.region import LOG_FIREHOSE, METRIC_STREAM

MINUTE, HOUR, DAY = 60, 3600, 86_400
KEPT = timedelta(days=455)
RECENT = timedelta(hours=24)
LATELY = timedelta(hours=6)
TRAFFIC_DAYS = timedelta(days=14)
_PAGES = 10


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def invocations(
    account: Account, region: str, name: str, resources: Sequence[str], now: datetime, part: str
) -> tuple[tuple[datetime, int, int], ...] | Missing:
    """
    Sums of Invocations: "recent" by the minute for a day, "older" by the hour before that.

    `resources` are "name:alias" or "name:7"; without any, all of the function's invocations.
    """
    edge = _hour(now - RECENT)
    began, ended, period = (
        (edge, now + timedelta(minutes=1), MINUTE)
        if part == "recent"
        else (_hour(now - KEPT + timedelta(hours=1)), edge, HOUR)
    )
    queries = [
        _query(f"i{n}", "AWS/Lambda", "Invocations", "Sum", period, _lambda(name, resource))
        for n, resource in enumerate(resources or [""])
    ]

    def ask() -> tuple[tuple[datetime, int, int], ...]:
        sums: dict[datetime, float] = {}
        for series in _series(account, region, queries, began, ended).values():
            for at, value in series:
                sums[at] = sums.get(at, 0.0) + value
        newest_first = sorted(sums.items(), reverse=True)
        return tuple((at, period, int(value)) for at, value in newest_first if value > 0)

    return or_missing(METRIC_DATA, region, ask)


def joined(
    recent: tuple[tuple[datetime, int, int], ...] | Missing,
    older: tuple[tuple[datetime, int, int], ...] | Missing,
    now: datetime,
) -> Invocations | Missing:
    """Both parts; the older one may be missing only where the recent one has some."""
    if isinstance(recent, Missing):
        return recent
    if isinstance(older, Missing):
        return Invocations(recent, _hour(now - RECENT)) if recent else older
    return Invocations((*recent, *older), _hour(now - KEPT + timedelta(hours=1)))


def delivered_share(account: Account, region: str, now: datetime) -> float | Missing | None:
    """
    Of what came into the log Firehose lately, the share that it delivered; None if nothing came.

    DeliveryToHttpEndpoint.Success is an average of 0 and 1 (AWS Firehose's metrics; from the
    documents, not seen on the platform's own stream).
    """
    dimensions = {"DeliveryStreamName": LOG_FIREHOSE}
    queries = [
        _query("came", "AWS/Firehose", "IncomingRecords", "Sum", HOUR, dimensions),
        _query(
            "went", "AWS/Firehose", "DeliveryToHttpEndpoint.Success", "Average", HOUR, dimensions
        ),
    ]

    def ask() -> float | None:
        found = _series(account, region, queries, _hour(now - LATELY), now)
        came = sum(value for _, value in found.get("came", []))
        went = [value for _, value in found.get("went", [])]
        return sum(went) / len(went) if came and went else None

    return or_missing(METRIC_DATA, region, ask)


def traffic(
    account: Account, region: str, name: str, qualifiers: Sequence[str], now: datetime
) -> Mapping[str, int] | Missing:
    """Invocations of the last two weeks by qualifier."""
    queries = [
        _query(f"q{n}", "AWS/Lambda", "Invocations", "Sum", DAY, _lambda(name, f"{name}:{each}"))
        for n, each in enumerate(qualifiers)
    ]

    def ask() -> Mapping[str, int]:
        found = _series(account, region, queries, _hour(now - TRAFFIC_DAYS), now)
        return {
            each: int(sum(value for _, value in found.get(f"q{n}", [])))
            for n, each in enumerate(qualifiers)
        }

    return or_missing(METRIC_DATA, region, ask)


def metric_stream(account: Account, region: str) -> str | Missing | None:
    """The state of the metric stream, None where there is none."""

    def ask() -> str | None:
        arguments: dict[str, Any] = {}
        for _ in range(_PAGES):
            answer = account.call(METRIC_STREAMS, region, **arguments)
            for stream in answer.get("Entries") or []:
                if stream["Name"] == METRIC_STREAM:
                    return str(stream["State"])
            if not answer.get("NextToken"):
                break
            arguments["NextToken"] = answer["NextToken"]
        return None

    return or_missing(METRIC_STREAMS, region, ask)


def _lambda(name: str, resource: str) -> dict[str, str]:
    return {"FunctionName": name} | ({"Resource": resource} if resource else {})


def _query(
    id_: str, namespace: str, metric: str, stat: str, period: int, dimensions: Mapping[str, str]
) -> dict[str, Any]:
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


def _series(
    account: Account,
    region: str,
    queries: list[dict[str, Any]],
    began: datetime,
    ended: datetime,
) -> dict[str, list[tuple[datetime, float]]]:
    arguments: dict[str, Any] = {
        "MetricDataQueries": queries,
        "StartTime": began,
        "EndTime": ended,
        "ScanBy": "TimestampDescending",
    }
    found: dict[str, list[tuple[datetime, float]]] = {}
    for _ in range(_PAGES):
        answer = account.call(METRIC_DATA, region, **arguments)
        for result in answer.get("MetricDataResults") or []:
            times = (at.astimezone(UTC) for at in result["Timestamps"])
            found.setdefault(result["Id"], []).extend(zip(times, result["Values"], strict=True))
        if not answer.get("NextToken"):
            break
        arguments["NextToken"] = answer["NextToken"]
    return found
