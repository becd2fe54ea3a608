"""What is due, claimed and set aside; a lease is renewed while its work goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

import bot.store.due
from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.store.connection import connect, now, to_ms
from bot.store.due import TRIES, Due, Leases

LEASE = timedelta(seconds=60)
LAPSED = timedelta(0)


def put(redis, name, seconds=0):
    redis.zadd("slsdiag:due", {name: to_ms(now(redis) + timedelta(seconds=seconds))})


@pytest.mark.parametrize(
    ("seconds", "claimed"),
    [(-5, True), (0, True), (5, False), (None, False)],
    ids=["overdue", "due now", "due later", "never due"],
)
def test_only_what_is_due_is_claimed(redis, due, seconds, claimed):
    if seconds is not None:
        put(redis, "diagnosis:d1", seconds)
    assert bool(due.claim("diagnosis", "d1", LEASE)) is claimed


def test_a_claim_lasts_for_its_lease(redis, due):
    put(redis, "diagnosis:d1")
    claim = due.claim("diagnosis", "d1", LEASE)
    assert claim
    assert timedelta(seconds=59) < claim.until - now(redis) <= LEASE
    assert due.claim("diagnosis", "d1", LEASE) is None
    assert due.sweep(10) == {}


def test_of_many_claimers_one_gets_it(redis, redis_url):
    things = [f"d{n}" for n in range(40)]
    for thing in things:
        put(redis, f"diagnosis:{thing}")

    def claim_all(_):
        with connect(redis_url) as own:
            theirs = Due(own)
            return [thing for thing in things if theirs.claim("diagnosis", thing, LEASE)]

    with ThreadPoolExecutor(4) as pool:
        claimed = [thing for got in pool.map(claim_all, range(4)) for thing in got]
    assert sorted(claimed) == sorted(things)


@pytest.mark.parametrize("act", ["finish", "park"])
def test_a_claim_that_another_took_over_writes_nothing(redis, due, act):
    put(redis, "diagnosis:d1")
    frozen = due.claim("diagnosis", "d1", LAPSED)
    taken = due.claim("diagnosis", "d1", LEASE)
    assert getattr(due, act)(frozen) is False
    assert redis.zscore("slsdiag:due", "diagnosis:d1") == to_ms(taken.until)
    assert getattr(due, act)(taken) is True
    assert redis.zscore("slsdiag:due", "diagnosis:d1") is None


def test_a_fence_never_comes_twice(redis, due):
    put(redis, "diagnosis:d1")
    first = due.claim("diagnosis", "d1", LEASE)
    due.finish(first)
    put(redis, "diagnosis:d1")
    second = due.claim("diagnosis", "d1", LEASE)
    assert second.fence > first.fence
    assert due.finish(first) is False


def test_what_is_finished_leaves_nothing_behind(redis, due):
    put(redis, "diagnosis:d1")
    due.finish(due.claim("diagnosis", "d1", LEASE))
    assert redis.keys() == ["slsdiag:fences"]


def test_a_sweep_gives_the_longest_due_first(redis, due):
    for name, seconds in {"entry:a:1:card": -1, "diagnosis:b": -9, "diagnosis:c": 9}.items():
        put(redis, name, seconds)
    assert list(due.sweep(10)) == [("diagnosis", "b"), ("entry", "a:1:card")]
    assert list(due.sweep(1)) == [("diagnosis", "b")]


def test_claims_that_come_to_nothing_are_counted(redis, due):
    put(redis, "diagnosis:d1")
    for _ in range(TRIES):
        assert not due.spent("diagnosis", "d1")
        assert due.claim("diagnosis", "d1", LAPSED)
    assert due.spent("diagnosis", "d1")


def test_what_is_parked_is_kept_and_not_due(redis, due):
    put(redis, "diagnosis:d1")
    assert due.park(due.claim("diagnosis", "d1", LAPSED))
    assert due.parked() == [("diagnosis", "d1")]
    assert due.sweep(10) == {}
    assert not due.spent("diagnosis", "d1")


@pytest.fixture
def leases(due):
    return Leases(due)


@pytest.fixture
def ask(redis):
    redis.zadd("slsdiag:due", {"triage:t1": to_ms(now(redis)) - 3_000})


def due_in(redis):
    return redis.zscore("slsdiag:due", "triage:t1") - to_ms(now(redis))


def test_a_lease_is_renewed_while_the_work_goes_on(redis, leases, ask, due):
    with leases.claimed("triage", "t1"):
        redis.zadd("slsdiag:due", {"triage:t1": to_ms(now(redis)) + 1_000})
        leases.renew()
        assert due_in(redis) > 15_000
        assert due.claim("triage", "t1", timedelta(seconds=1)) is None


def test_and_no_longer(redis, leases, ask):
    with leases.claimed("triage", "t1"):
        pass
    redis.zadd("slsdiag:due", {"triage:t1": to_ms(now(redis))})
    leases.renew()
    assert due_in(redis) <= 0


def test_work_that_hangs_is_given_up(redis, leases, ask, monkeypatch):
    monkeypatch.setattr(bot.store.due, "LONGEST", 0.0)
    with leases.claimed("triage", "t1"):
        redis.zadd("slsdiag:due", {"triage:t1": to_ms(now(redis))})
        leases.renew()
        assert due_in(redis) <= 0


def test_another_who_took_it_over_keeps_it(redis, leases, ask, due):
    with leases.claimed("triage", "t1") as ours:
        redis.zadd("slsdiag:due", {"triage:t1": to_ms(now(redis))})
        theirs = due.claim("triage", "t1", timedelta(seconds=5))
        leases.renew()
        assert due_in(redis) <= 5_000
        assert not due.finish(ours)
        assert due.finish(theirs)


def test_what_is_not_due_is_not_claimed(leases):
    with leases.claimed("triage", "t1") as claim:
        assert claim is None


def test_a_claim_says_how_late_it_is(leases, ask):
    with leases.claimed("triage", "t1") as claim:
        assert timedelta(seconds=3) <= claim.late < timedelta(seconds=4)


def another(redis):
    return Diagnosis("other", "checkout", Conversation("T", "C", "U"), now(redis))


def test_who_is_woken_while_claimed_is_due_again_when_the_work_is_finished(redis, due, diagnoses):
    """Whoever works on it may have looked before the other one moved."""
    put(redis, "diagnosis:d1")
    claim = due.claim("diagnosis", "d1", LEASE)
    assert diagnoses.open(another(redis), (), once=None, wakes=[("diagnosis", "d1")])
    assert list(due.sweep(10)) == [("diagnosis", "other")]

    due.finish(claim)
    assert set(due.sweep(10)) == {("diagnosis", "d1"), ("diagnosis", "other")}
    due.finish(due.claim("diagnosis", "d1", LEASE))
    assert list(due.sweep(10)) == [("diagnosis", "other")]


def test_what_was_set_aside_is_not_woken(redis, due, diagnoses):
    put(redis, "diagnosis:d1")
    claim = due.claim("diagnosis", "d1", LEASE)
    due.park(claim)
    diagnoses.open(another(redis), (), once=None, wakes=[("diagnosis", "d1")])
    due.finish(claim)

    assert list(due.sweep(10)) == [("diagnosis", "other")]
    assert due.parked() == [("diagnosis", "d1")]
