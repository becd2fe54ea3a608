"""GetMetricData's queries, and the values that it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.aws.client import Account, Pages
from bot.aws.errors import Incomplete
from bot.aws.operations import METRIC_DATA
from bot.aws.quotas import within_a_call

MINUTE, HOUR, DAY = 60, 3600, 86_400
_PAGES = 10
_COMPLETE = "Complete"
"""CloudWatch's word; its others are PartialData, InternalError and Forbidden."""


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
    """The values of each query, newest first, by as few calls as may be; raises botocore's errors."""
    by_query: dict[str, list[tuple[datetime, float]]] = {}
    for some in within_a_call(queries, began, ended):
        arguments: dict[str, Any] = {
            "MetricDataQueries": some,
            "StartTime": began,
            "EndTime": ended,
            "ScanBy": "TimestampDescending",
        }
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
