"""How much of GetMetricData's quotas the calls take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.client import Account
from bot.aws.evidence import metrics
from bot.aws.evidence.metric_data import query, series
from bot.aws.operations import FILTERS, METRIC_DATA
from bot.aws.quotas import points, requests_of
from checks.evidence import Missing

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
    assert requests_of(METRIC_DATA, arguments) == pytest.approx(requests, rel=0.01)


def test_other_operations_count_once():
    assert requests_of(FILTERS, {"logGroupName": "checkout"}) == 1


@pytest.mark.parametrize(("read", "calls"), [(metrics.recent, 2), (metrics.older, 7)])
def test_no_call_asks_for_more_points_than_aws_takes_in_a_second(
    aws, account, monkeypatch, read, calls
):
    """By the older figure, which is the lower one; fifty functions, each read whole."""
    sizes = []
    through = Account.call

    def call(account, operation, region, **arguments):
        span = arguments["StartTime"], arguments["EndTime"]
        sizes.append(sum(points(one, *span) for one in arguments["MetricDataQueries"]))
        return through(account, operation, region, **arguments)

    monkeypatch.setattr(Account, "call", call)
    wanted = {f"function-{number}": () for number in range(50)}

    found = read(account, "eu-west-1", wanted, NOW)

    assert not isinstance(found, Missing)
    assert found.keys() == wanted.keys()
    assert len(sizes) == calls
    assert max(sizes) <= 90_000


@pytest.mark.parametrize(("more", "calls"), [(0, 1), (1, 2)])
def test_what_aws_takes_in_a_second_is_one_call(aws, account, more, calls):
    """Nine times ten thousand minutes; then the whole time once more, which is one point."""
    minute, whole = 60, 600_000
    dimensions = {"FunctionName": "checkout"}
    periods = [minute] * 9 + [whole] * more
    queries = [
        query(f"q{n}", "AWS/Lambda", "Invocations", "Sum", period, dimensions)
        for n, period in enumerate(periods)
    ]

    series(account, "eu-west-1", queries, NOW - timedelta(seconds=whole), NOW)

    assert len(aws.calls) == calls
