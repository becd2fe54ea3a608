"""Digests in the store: as long as they are wanted, no more than there may be, never half."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.digest import repository as module
from bot.digest.model import Digest, FunctionState, Plan, Point, Slot, Snooze, Waiting
from bot.digest.repository import Digests, KeepResult
from bot.store.coding import UnknownSchema
from bot.store.connection import now
from bot.store.due import DIGEST, Due
from bot.store.messages import Entry, EntryKind

LEASE = timedelta(seconds=20)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ENTRY = Entry("d1:a:1", EntryKind.POST, "C1", {"text": "x"}, "d1")


def a_digest(id_="d1", channel="C1", at=NOON):
    place = Conversation("T1", channel, "U1")
    return Digest(id_, place, Plan("daily 09:00", "UTC"), NOON, Slot(at, "2026-11-27"))


@pytest.fixture
def digests(redis):
    return Digests(redis)


@pytest.fixture
def due(redis):
    return Due(redis)


def test_kept_digest_is_due_at_its_slot_and_lives_on(digests, due, redis):
    soon = now(redis) - timedelta(seconds=1)
    assert digests.keep(a_digest(at=soon), (ENTRY,)) is KeepResult.NOW
    assert digests.keep(a_digest(), ()) is KeepResult.BEFORE

    assert (DIGEST, "d1") in due.sweep(10)
    assert ("entry", "d1:a:1") in due.sweep(10)
    assert digests.of("C1") == [a_digest(at=digests.load("d1").slot.at)]
    assert [redis.ttl(key) for key in redis.scan_iter("slsdiag:digest*")] == [-1, -1, -1]


def test_number_is_bounded(digests, monkeypatch):
    for number in range(module.IN_CHANNEL):
        assert digests.keep(a_digest(f"d{number}"), ()) is KeepResult.NOW
    assert digests.keep(a_digest("more"), ()) is KeepResult.CHANNEL_FULL
    for number in range(module.IN_WORKSPACE - module.IN_CHANNEL):
        assert digests.keep(a_digest(f"e{number}", f"C{number + 2}"), ()) is KeepResult.NOW
    assert digests.keep(a_digest("most", "C0"), ()) is KeepResult.WORKSPACE_FULL
    assert digests.load("more") is None
    assert digests.stop("C1", "d3")
    assert digests.keep(a_digest("more"), ()) is KeepResult.NOW


def test_save_is_all_or_nothing_and_compared(digests, due, redis):
    digests.keep(a_digest(at=now(redis)), ())
    claim = due.claim(DIGEST, "d1", LEASE)
    mine, theirs = digests.load("d1"), digests.load("d1")
    known = [
        FunctionState("1", "eu-west-1", "orders", "wrapper_set", NOON, NOON, NOON, owner="shop")
    ]
    ordered = replace(theirs, ordered="U2")
    assert digests.save(ordered, claim=None, due_at=now(redis), memory=known)

    assert not digests.save(mine, claim=claim, due_at=NOON, memory=[], entries=(ENTRY,))
    assert not digests.save(mine, claim=None, due_at=None)
    assert digests.load("d1") == replace(ordered, version=1)
    assert digests.memory("d1") == known
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

    assert digests.stop("C1", "d1")
    assert not digests.stop("C1", "d1")
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
        digests.memory("d1")


def test_five_thousand_functions_take_less_than_a_megabyte(digests, redis):
    digests.keep(a_digest(), ())
    known = [
        FunctionState(
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
    digests.save(digests.load("d1"), claim=None, due_at=None, memory=known)

    assert digests.memory("d1") == known
    assert redis.memory_usage("slsdiag:digest:d1") < 1_000_000
