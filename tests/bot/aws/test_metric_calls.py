"""Sums of many functions, over the wire: into how many calls they are cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.aws.client import Account
from bot.aws.evidence import metrics
from bot.aws.quotas import points
from checks.evidence import Missing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


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
