"""How much of GetMetricData's quotas the calls take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.operations import FILTERS, METRIC_DATA
from bot.aws.quotas import requests_of, within_a_call

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_query(period):
    return {"Id": "q", "MetricStat": {"Period": period}}


def asked(count, period, within):
    queries = [a_query(period)] * count
    return {"MetricDataQueries": queries, "StartTime": NOW - within, "EndTime": NOW}


@pytest.mark.parametrize(
    ("arguments", "requests"),
    [
        (asked(1, 60, DAY), 1),
        (asked(5, 60, DAY), 1),
        (asked(55, 60, DAY), 10),
        (asked(500, 86_400, 15 * DAY), 1),
        (asked(500, 86_400, 396 * DAY), 25),
    ],
)
def test_many_points_count_for_several_requests(arguments, requests):
    assert requests_of(METRIC_DATA, arguments) == pytest.approx(requests)


def test_other_operations_count_once():
    assert requests_of(FILTERS, {"logGroupName": "checkout"}) == 1


@pytest.mark.parametrize(("more", "calls"), [(0, [9]), (1, [9, 1])])
def test_what_aws_takes_in_a_second_is_one_call(more, calls):
    """Nine times ten thousand minutes; then the whole time once more, which is one point."""
    whole = 600_000
    queries = [a_query(60)] * 9 + [a_query(whole)] * more

    cut = within_a_call(queries, NOW - timedelta(seconds=whole), NOW)

    assert [len(some) for some in cut] == calls


@pytest.mark.parametrize(("count", "calls"), [(0, []), (500, [500]), (501, [500, 1])])
def test_five_hundred_metrics_are_one_call(count, calls):
    cut = within_a_call([a_query(86_400)] * count, NOW - DAY, NOW)

    assert [len(some) for some in cut] == calls
