"""
How much of a quota a call takes, and into how many calls it is cut. Pure.

CloudWatch limits GetMetricData twice: in requests, and in data points. Points are counted by time
range and period, whether or not there are values, so a call that asks for many counts for several
requests.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.aws.operations import METRIC_DATA, Operation
from checks.facts.limits import METRIC_POINTS, METRIC_QUERIES


def requests_of(operation: Operation, arguments: Mapping[str, Any]) -> float:
    """By how many requests a call counts, at least 1."""
    if operation is not METRIC_DATA:
        return 1.0
    queries = arguments["MetricDataQueries"]
    asked = sum(points(one, arguments["StartTime"], arguments["EndTime"]) for one in queries)
    _, a_second = METRIC_POINTS.value
    return max(1.0, asked * (operation.rate or 0) / a_second)


def within_a_call(
    queries: Sequence[dict[str, Any]], began: datetime, ended: datetime
) -> Iterator[list[dict[str, Any]]]:
    """GetMetricData's queries, call by call: none asks for more points than a second may have."""
    most, _ = METRIC_POINTS.value
    some: list[dict[str, Any]] = []
    left = most
    for query_ in queries:
        asked = points(query_, began, ended)
        if some and (asked > left or len(some) == METRIC_QUERIES.value):
            yield some
            some, left = [], most
        some.append(query_)
        left -= asked
    if some:
        yield some


def points(query: Mapping[str, Any], began: datetime, ended: datetime) -> int:
    """The most values that one of GetMetricData's queries may have."""
    period: int = query["MetricStat"]["Period"]
    return math.ceil((ended - began).total_seconds() / period)
