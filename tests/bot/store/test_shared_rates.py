"""Processes share AWS's rates, and go on by themselves while the store is away."""

from __future__ import annotations

import itertools
import multiprocessing
import time

from bot.store.connection import connect
from bot.store.rates import SharedBuckets


def test_processes_take_from_one_bucket(redis, redis_url):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        waits = sorted(itertools.chain(*pool.starmap(taken, [(redis_url, 10)] * 3)))

    assert waits[:5] == [0.0] * 5
    alone = 5 / 2.5
    assert waits[-1] > alone + 1, "each process has a bucket of its own"


def taken(url, count):
    with connect(url) as redis:
        buckets = SharedBuckets(redis)
        return [buckets.take("1:eu-west-1:filters", 2.5, 5.0) for _ in range(count)]


def test_bucket_fills_again_and_then_goes_away(redis):
    buckets = SharedBuckets(redis)
    for _ in range(6):
        buckets.take("b", 20.0, 5.0)
    time.sleep(0.2)

    assert buckets.take("b", 20.0, 5.0) == 0
    assert 0 < redis.pttl("slsdiag:rate:b") < 3000


def test_store_that_is_away_leaves_the_own_bucket():
    with connect("unix:///nonexistent") as redis:
        buckets = SharedBuckets(redis)
        waits = [buckets.take("b", 2.5, 5.0) for _ in range(7)]

    assert waits[:5] == [0.0] * 5
    assert waits[6] > 0.5
