"""What processes share: work that several want, values, and the rates of AWS."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from datetime import timedelta

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.store.connection import connect, now
from bot.store.sharing import SharedBuckets

LEASE = timedelta(seconds=60)


def test_one_gathers_and_wakes_who_joined(redis, due, diagnoses, flight):
    assert flight.begin("k", "one", LEASE)
    assert not flight.begin("k", "two", LEASE)
    diagnoses.open(Diagnosis("d", "f", Conversation("T", "C", "U"), now(redis)), (), once=None)
    waiting = diagnoses.load("d")
    claim = due.claim("diagnosis", "d", LEASE)
    diagnoses.save(waiting, claim=claim, due_at=now(redis) + LEASE)
    assert flight.join("k", ("diagnosis", "d"))
    assert due.sweep(9) == {}
    assert flight.end("k", "one") == [("diagnosis", "d")]
    assert list(due.sweep(9)) == [("diagnosis", "d")]
    assert flight.begin("k", "two", LEASE)


def test_who_joins_too_late_is_told(flight):
    assert not flight.join("k", ("diagnosis", "d"))
    flight.begin("k", "one", LEASE)
    flight.end("k", "one")
    assert not flight.join("k", ("diagnosis", "d"))


def test_an_ask_that_is_gone_does_not_become_due(due, flight):
    flight.begin("k", "one", LEASE)
    flight.join("k", ("diagnosis", "gone"))
    assert flight.end("k", "one") == [("diagnosis", "gone")]
    assert due.sweep(9) == {}


def test_who_lost_the_lease_wakes_nobody(redis, flight):
    flight.begin("k", "one", LEASE)
    flight.join("k", ("diagnosis", "d"))
    redis.delete("slsdiag:gathering:k")
    flight.begin("k", "two", LEASE)
    assert flight.end("k", "one") == []
    assert flight.end("k", "two") == [("diagnosis", "d")]


def test_who_joined_is_woken_when_the_function_is_found_and_again_at_the_end(
    redis, due, diagnoses, flight
):
    flight.begin("k", "one", LEASE)
    diagnoses.open(Diagnosis("d", "f", Conversation("T", "C", "U"), now(redis)), (), once=None)
    waits_until(redis, due, diagnoses, LEASE)
    flight.join("k", ("diagnosis", "d"))
    assert not flight.confirmed("k")
    assert flight.confirm("k", "one") == [("diagnosis", "d")]
    assert flight.confirmed("k")
    assert list(due.sweep(9)) == [("diagnosis", "d")]
    waits_until(redis, due, diagnoses, LEASE)
    assert flight.end("k", "one") == [("diagnosis", "d")]
    assert list(due.sweep(9)) == [("diagnosis", "d")]
    assert not flight.confirmed("k")


def waits_until(redis, due, diagnoses, span):
    claim = due.claim("diagnosis", "d", LEASE)
    assert diagnoses.save(diagnoses.load("d"), claim=claim, due_at=now(redis) + span)
    assert due.sweep(9) == {}


def test_who_lost_the_lease_confirms_nothing(redis, flight):
    flight.begin("k", "one", LEASE)
    flight.join("k", ("diagnosis", "d"))
    redis.delete("slsdiag:gathering:k")
    flight.begin("k", "two", LEASE)
    assert flight.confirm("k", "one") == []
    assert not flight.confirmed("k")
    assert redis.pttl("slsdiag:gathering:k") > 0
    assert flight.confirm("k", "two") == [("diagnosis", "d")]
    assert 0 < redis.pttl("slsdiag:gathering:k:confirmed") <= LEASE.total_seconds() * 1000


def test_any_kind_of_thing_may_wait(redis, due, flight):
    later = round(now(redis).timestamp() * 1000) + 60_000
    redis.zadd("slsdiag:due", {"inquiry:i": later, "chunk:r:1": later, "diagnosis:d": later})
    flight.begin("k", "one", LEASE)
    for waiter in (("inquiry", "i"), ("chunk", "r:1"), ("diagnosis", "d")):
        assert flight.join("k", waiter)

    assert sorted(flight.confirm("k", "one")) == [
        ("chunk", "r:1"),
        ("diagnosis", "d"),
        ("inquiry", "i"),
    ]
    assert sorted(due.sweep(9)) == [("chunk", "r:1"), ("diagnosis", "d"), ("inquiry", "i")]
    assert len(flight.end("k", "one")) == 3


def test_the_release_before_and_this_one_wake_each_others_diagnoses(redis, due, flight):
    """It writes ids alone, and reads nothing else."""
    later = round(now(redis).timestamp() * 1000) + 60_000
    redis.zadd("slsdiag:due", {"diagnosis:old": later})
    flight.begin("k", "one", LEASE)
    flight.join("k", ("diagnosis", "new"))
    assert redis.smembers("slsdiag:gathering:k:joined") == {"new"}

    redis.sadd("slsdiag:gathering:k:joined", "old")
    assert sorted(flight.end("k", "one")) == [("diagnosis", "new"), ("diagnosis", "old")]
    assert list(due.sweep(9)) == [("diagnosis", "old")]


LEASE = timedelta(seconds=60)


def test_what_was_put_is_read_with_its_time(redis, evidence):
    before = now(redis)
    evidence.put("region:1:eu-west-1", '{"a":1}', timedelta(seconds=300))
    value, read_at = evidence.get("region:1:eu-west-1")
    assert value == '{"a":1}'
    assert before - timedelta(milliseconds=1) <= read_at <= now(redis)
    assert 290 < redis.ttl("slsdiag:evidence:region:1:eu-west-1") <= 300


def test_nothing_is_known_of_another_scope(evidence):
    evidence.put("region:1:eu-west-1", "1", LEASE)
    assert evidence.get("region:1:us-east-1") is None


def test_processes_take_from_one_bucket(redis, redis_url):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        waits = sorted(itertools.chain(*pool.starmap(taken, [(redis_url, 10)] * 3)))

    assert waits[:5] == [0.0] * 5
    alone = 5 / 2.5
    assert waits[-1] > alone + 1, "each process has a bucket of its own"


def taken(url, count):
    with connect(url) as redis:
        buckets = SharedBuckets(redis)
        return [buckets.take("1:eu-west-1:filters", 2.5, 5.0, 1.0) for _ in range(count)]


def test_a_call_may_take_more_than_one(redis):
    buckets = SharedBuckets(redis)

    assert buckets.take("b", 0.5, 5.0, 4.0) == 0
    assert 3 < buckets.take("b", 0.5, 5.0, 3.0) <= 4


def test_bucket_fills_again_and_then_goes_away(redis):
    buckets = SharedBuckets(redis)
    for _ in range(6):
        buckets.take("b", 20.0, 5.0, 1.0)
    time.sleep(0.2)

    assert buckets.take("b", 20.0, 5.0, 1.0) == 0
    assert 0 < redis.pttl("slsdiag:rate:b") < 3000


def test_store_that_is_away_leaves_the_own_bucket():
    with connect("unix:///nonexistent") as redis:
        buckets = SharedBuckets(redis)
        waits = [buckets.take("b", 2.5, 5.0, 1.0) for _ in range(7)]

    assert waits[:5] == [0.0] * 5
    assert waits[6] > 0.5
