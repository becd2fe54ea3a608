"""No faster than the share of what AWS allows, after a burst of one second's share."""

from __future__ import annotations

import time

import pytest

from bot.aws.operations import (
    FILTERS,
    FUNCTION_CONFIGURATION,
    LIST_ALIASES,
    LOG_EVENTS,
    ROLE,
    published_rate,
)
from bot.aws.rates import Bucket, Rates


def test_burst_then_rate():
    bucket = Bucket(rate=2.5, size=5)

    waits = [bucket.take() for _ in range(8)]

    assert waits[:5] == [0] * 5
    assert waits[5:] == pytest.approx([0.4, 0.8, 1.2], abs=0.05)


@pytest.mark.parametrize(
    ("region", "rate"), [("us-east-1", 25), ("eu-central-1", 5), ("eu-west-1", 10)]
)
def test_log_events_differ_by_region(region, rate):
    assert published_rate(LOG_EVENTS, region) == rate


def waited(rates: Rates, *calls: tuple[str, str, object]) -> float:
    began = time.monotonic()
    for account, region, operation in calls:
        rates.wait(account, region, operation)
    return time.monotonic() - began


def test_lambda_operations_share_one_bucket_and_places_do_not():
    rates = Rates(1.0)
    many = [("a", "r", FUNCTION_CONFIGURATION)] * 14

    assert waited(rates, *many, ("a", "r", LIST_ALIASES)) < 0.05
    assert waited(rates, ("a", "r2", LIST_ALIASES), ("b", "r", LIST_ALIASES)) < 0.05
    assert waited(rates, ("a", "r", LIST_ALIASES)) > 0.03


def test_what_has_no_published_rate_never_waits():
    assert waited(Rates(0.01), *[("a", "r", ROLE)] * 500) < 0.2


def test_share_holds_for_the_burst_and_the_refill():
    rates = Rates(0.5)

    assert waited(rates, *[("a", "r", FILTERS)] * 2) < 0.05
    assert waited(rates, ("a", "r", FILTERS)) == pytest.approx(0.2, abs=0.1)
    assert waited(rates, ("a", "r", FILTERS)) == pytest.approx(0.4, abs=0.15)


def test_a_small_share_lets_the_first_call_go():
    assert waited(Rates(0.01), ("a", "r", FILTERS)) < 0.05


def test_idle_bucket_holds_one_second_only():
    bucket = Bucket(rate=10, size=2)
    bucket.filled_at -= 3600

    assert [bool(bucket.take()) for _ in range(3)] == [False, False, True]
