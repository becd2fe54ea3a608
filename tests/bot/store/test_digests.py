"""Digests in the store: as long as they are wanted, no more than there may be, never half."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.diagnosis.model import Place
from bot.digest.model import Digest, Known, Plan, Point, Slot, Snooze, Waiting
from bot.store import digests as module
from bot.store.coding import UnknownSchema
from bot.store.connection import now
from bot.store.digests import Digests, Kept
from bot.store.due import DIGEST, Due
from bot.store.messages import Entry, Kind

LEASE = timedelta(seconds=20)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ENTRY = Entry("d1:a:1", Kind.POST, "C1", {"text": "x"}, "d1")


def a_digest(id_="d1", channel="C1", at=NOON):
    place = Place("T1", channel, "U1")
    return Digest(id_, place, Plan("daily 09:00", "UTC"), NOON, Slot(at, "2026-11-27"))


@pytest.fixture
def digests(redis):
    return Digests(redis)


@pytest.fixture
def due(redis):
    return Due(redis)


def test_kept_digest_is_due_at_its_slot_and_lives_on(digests, due, redis):
    soon = now(redis) - timedelta(seconds=1)
    assert digests.keep(a_digest(at=soon), (ENTRY,)) is Kept.NOW
    assert digests.keep(a_digest(), ()) is Kept.BEFORE

    assert (DIGEST, "d1") in due.sweep(10)
    assert ("entry", "d1:a:1") in due.sweep(10)
    assert digests.of("C1") == [a_digest(at=digests.load("d1").slot.at)]
    assert [redis.ttl(key) for key in redis.scan_iter("slsdiag:digest*")] == [-1, -1, -1]


def test_number_is_bounded(digests, monkeypatch):
    for number in range(module.IN_CHANNEL):
        assert digests.keep(a_digest(f"d{number}"), ()) is Kept.NOW
    assert digests.keep(a_digest("more"), ()) is Kept.CHANNEL_FULL
    for number in range(module.IN_WORKSPACE - module.IN_CHANNEL):
        assert digests.keep(a_digest(f"e{number}", f"C{number + 2}"), ()) is Kept.NOW
    assert digests.keep(a_digest("most", "C0"), ()) is Kept.WORKSPACE_FULL
    assert digests.load("more") is None
    assert digests.stop(a_digest("d3"))
    assert digests.keep(a_digest("more"), ()) is Kept.NOW


def test_save_is_all_or_nothing_and_compared(digests, due, redis):
    digests.keep(a_digest(at=now(redis)), ())
    claim = due.claim(DIGEST, "d1", LEASE)
    mine, theirs = digests.load("d1"), digests.load("d1")
    known = [Known("1", "eu-west-1", "orders", "wrapper_set", NOON, NOON, NOON, owner="shop")]
    ordered = replace(theirs, ordered="U2")
    assert digests.save(ordered, claim=None, due_at=now(redis), known=known)

    assert not digests.save(mine, claim=claim, due_at=NOON, known=[], entries=(ENTRY,))
    assert not digests.save(mine, claim=None, due_at=None)
    assert digests.load("d1") == replace(ordered, version=1)
    assert digests.known("d1") == known
    assert redis.exists("slsdiag:entry:d1:a:1") == 0
    assert due.claim(DIGEST, "d1", LEASE)


def test_who_lost_the_claim_saves_nothing(digests, due, redis, until):
    digests.keep(a_digest(at=now(redis)), ())
    frozen = due.claim(DIGEST, "d1", timedelta(milliseconds=1))
    until(lambda: (DIGEST, "d1") in due.sweep(10))
    due.claim(DIGEST, "d1", LEASE)

    assert not digests.save(digests.load("d1"), claim=frozen, due_at=NOON)


def test_the_same_request_saves_once(digests):
    digests.keep(a_digest(), ())

    assert digests.save(digests.load("d1"), claim=None, due_at=None, once="Ev1")
    assert not digests.save(digests.load("d1"), claim=None, due_at=None, once="Ev1")


def test_stopped_digest_leaves_nothing_behind(digests, due, redis):
    digests.keep(a_digest(at=now(redis)), ())
    claim = due.claim(DIGEST, "d1", LEASE)
    known = digests.load("d1")

    assert digests.stop(known)
    assert not digests.stop(known)
    assert not digests.save(known, claim=claim, due_at=NOON)
    assert [key for key in redis.scan_iter("slsdiag:*") if "fences" not in key] == []


def test_everything_comes_back_as_it_was(digests):
    digests.keep(a_digest(), ())
    full = replace(
        digests.load("d1"),
        waiting=Waiting("2026-11-27", NOON, always=True, scan="s"),
        unread=(("1", "eu-west-1"),),
        snoozes=(Snooze("s1", "cause:wrapper_set", "why", NOON, "U1"),),
        trend=(Point(NOON, 3, 40),),
    )
    digests.save(full, claim=None, due_at=None)

    assert digests.load("d1") == replace(full, version=1)


def test_what_another_release_knows_is_left_alone(digests, redis):
    digests.keep(a_digest(), ())
    redis.hset("slsdiag:digest:d1", "known", '{"schema":99,"value":{}}')

    with pytest.raises(UnknownSchema):
        digests.known("d1")


def test_five_thousand_functions_take_less_than_a_megabyte(digests, redis):
    digests.keep(a_digest(), ())
    known = [
        Known(
            "123456789012",
            "eu-west-1",
            f"service-{n}-production-handler",
            "wrapper_set",
            NOON,
            NOON,
            NOON,
        )
        for n in range(5000)
    ]
    digests.save(digests.load("d1"), claim=None, due_at=None, known=known)

    assert digests.known("d1") == known
    assert redis.memory_usage("slsdiag:digest:d1") < 1_000_000
