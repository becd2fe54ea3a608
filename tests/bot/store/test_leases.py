from __future__ import annotations

from datetime import timedelta

import pytest

import bot.store.leases
from bot.store.connection import now, to_ms
from bot.store.leases import Leases


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
    monkeypatch.setattr(bot.store.leases, "LONGEST", 0.0)
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
