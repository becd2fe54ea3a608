"""CloudWatch's answers → how much was delivered lately, and the metric stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aws.door import Account
from bot.aws.operations import METRIC_DATA, METRIC_STREAMS
from bot.aws.refusals import or_missing
from checks.evidence import Missing
from checks.evidence.region import LOG_FIREHOSE, METRIC_STREAM

HOUR = 3600
LATELY = timedelta(hours=6)
_PAGES = 10


def delivered_share(account: Account, region: str, now: datetime) -> float | Missing | None:
    """
    Of what came into the log Firehose lately, the share that it delivered; None if nothing came.

    DeliveryToHttpEndpoint.Success is an average of 0 and 1 (AWS Firehose's metrics; from the
    documents, not seen on the platform's own stream).
    """
    of_ours = {"DeliveryStreamName": LOG_FIREHOSE}
    queries = [
        query("came", "AWS/Firehose", "IncomingRecords", "Sum", HOUR, of_ours),
        query("went", "AWS/Firehose", "DeliveryToHttpEndpoint.Success", "Average", HOUR, of_ours),
    ]

    def ask() -> float | None:
        found = series(account, region, queries, now - LATELY, now)
        came = sum(value for _, value in found.get("came", []))
        went = [value for _, value in found.get("went", [])]
        return sum(went) / len(went) if came and went else None

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
