"""Limits and replays, on a real store that all replicas share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.store.rate_limit import Limited, Passed, RateLimit, Replayed


@pytest.fixture
def rate_limit(redis):
    return RateLimit(redis, {"user": 3, "channel": 5, "workspace": 100}, {})


def by(user, channel="C1"):
    return {"user": user, "channel": channel, "workspace": "T1"}


def test_so_many_a_minute_and_then_when_to_try_again(rate_limit):
    assert all(isinstance(rate_limit.enter(by("U1")), Passed) for _ in range(3))
    over = rate_limit.enter(by("U1"))

    assert isinstance(over, Limited)
    assert timedelta(seconds=50) < over.wait <= timedelta(seconds=60)
    assert isinstance(rate_limit.enter(by("U2")), Passed)


def test_clock_that_was_set_back_keeps_nobody_waiting(rate_limit, redis):
    in_an_hour = (int(redis.time()[0]) + 3600) * 1000
    for _ in range(3):
        redis.lpush("slsdiag:limit:user:U1", in_an_hour)

    assert all(isinstance(rate_limit.enter(by("U1")), Passed) for _ in range(3))
    assert isinstance(rate_limit.enter(by("U1")), Limited)


def test_channel_is_limited_whoever_acts(rate_limit):
    passed = [rate_limit.enter(by(f"U{n}")) for n in range(6)]

    assert [isinstance(each, Passed) for each in passed] == [True] * 5 + [False]
    assert isinstance(rate_limit.enter(by("U7", "C2")), Passed)


def test_what_is_refused_is_not_counted(rate_limit, redis):
    for _ in range(10):
        rate_limit.enter(by("U1"))

    assert redis.llen("slsdiag:limit:user:U1") == 3
    assert redis.llen("slsdiag:limit:channel:C1") == 3


def test_notice_is_given_once_in_a_while(rate_limit):
    said = [rate_limit.enter(by("U1")) for _ in range(6)]

    assert [each.notify for each in said if isinstance(each, Limited)] == [True, False, False]


def test_two_replicas_count_together(redis):
    replicas = [RateLimit(redis, {"user": 20}, {}) for _ in range(2)]
    with ThreadPoolExecutor(16) as pool:
        passed = list(pool.map(lambda n: replicas[n % 2].enter(by("U1")), range(100)))

    assert sum(isinstance(each, Passed) for each in passed) == 20


def test_signed_request_passes_once(redis):
    replicas = [RateLimit(redis, {}, {}) for _ in range(2)]
    with ThreadPoolExecutor(10) as pool:
        seen = list(pool.map(lambda n: replicas[n % 2].enter({}, once="v0=1"), range(10)))

    assert sum(isinstance(each, Passed) for each in seen) == 1
    assert sum(isinstance(each, Replayed) for each in seen) == 9


def test_request_that_was_limited_may_come_again(redis):
    rate_limit = RateLimit(redis, {"user": 1}, {})
    rate_limit.enter(by("U1"), once="a")

    assert isinstance(rate_limit.enter(by("U1"), once="b"), Limited)
    redis.delete("slsdiag:limit:user:U1")
    assert isinstance(rate_limit.enter(by("U1"), once="b"), Passed)


def test_every_key_ends_by_itself(rate_limit, redis):
    for n in range(50):
        rate_limit.enter(by(f"U{n}", f"C{n}"), once=f"v0={n}")
    for _ in range(5):
        rate_limit.enter(by("U1"))

    keys = list(redis.scan_iter("slsdiag:*"))
    assert keys
    assert all(0 < redis.ttl(key) <= 600 for key in keys)
