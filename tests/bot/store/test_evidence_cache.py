from __future__ import annotations

from datetime import timedelta

from bot.diagnosis.model import Diagnosis, Place
from bot.store.connection import now

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


def test_one_gathers_and_wakes_who_joined(redis, due, diagnoses, gathering):
    assert gathering.begin("k", "one", LEASE)
    assert not gathering.begin("k", "two", LEASE)
    diagnoses.open(Diagnosis("d", "f", Place("T", "C", "U"), now(redis)), (), once=None)
    waiting = diagnoses.load("d")
    claim = due.claim("diagnosis", "d", LEASE)
    diagnoses.save(waiting, claim=claim, due_at=now(redis) + LEASE)
    assert gathering.join("k", "d")
    assert due.sweep(9) == {}
    assert gathering.end("k", "one") == ["d"]
    assert list(due.sweep(9)) == [("diagnosis", "d")]
    assert gathering.begin("k", "two", LEASE)


def test_who_joins_too_late_is_told(gathering):
    assert not gathering.join("k", "d")
    gathering.begin("k", "one", LEASE)
    gathering.end("k", "one")
    assert not gathering.join("k", "d")


def test_an_ask_that_is_gone_does_not_become_due(due, gathering):
    gathering.begin("k", "one", LEASE)
    gathering.join("k", "gone")
    assert gathering.end("k", "one") == ["gone"]
    assert due.sweep(9) == {}


def test_who_lost_the_lease_wakes_nobody(redis, gathering):
    gathering.begin("k", "one", LEASE)
    gathering.join("k", "d")
    redis.delete("slsdiag:gathering:k")
    gathering.begin("k", "two", LEASE)
    assert gathering.end("k", "one") == []
    assert gathering.end("k", "two") == ["d"]
