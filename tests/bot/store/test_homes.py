"""App Homes that are open: what moves makes them due, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.digest.model import Digest, Plan, Slot
from bot.digest.repository import Digests
from bot.scan.run import Inquiry
from bot.store.due import HOME, Due
from bot.store.homes import Homes
from bot.store.records import Records
from bot.triage.model import Triage

AT = datetime(2026, 11, 30, tzinfo=UTC)
PLACE = Conversation("T", "C", "U0ADA")
SHOWN = {
    "diagnosis": (Diagnosis, Diagnosis("d", "orders", PLACE, AT)),
    "triage": (Triage, Triage("t-1", "orders", PLACE, "t:1:card", AT)),
}
LEASE = timedelta(seconds=20)


@pytest.fixture
def homes(redis):
    return Homes(redis)


@pytest.fixture
def due(redis):
    return Due(redis)


@pytest.fixture
def due_in(redis):
    """Milliseconds until a Home is due; None where it is not."""

    def read(user="U0ADA"):
        at, (seconds, micros) = redis.zscore("slsdiag:due", f"{HOME}:{user}"), redis.time()
        return None if at is None else at - (seconds * 1000 + micros / 1000)

    return read


@pytest.fixture
def shown(homes, due, due_in):
    """Ada's Home was opened, and is shown."""
    homes.opened("U0ADA")
    assert due.finish(due.claim(HOME, "U0ADA", LEASE))
    assert due_in() is None


@pytest.mark.parametrize("kind", SHOWN)
def test_record_that_moves_makes_an_open_home_due_soon(redis, shown, due, due_in, kind):
    type_, record = SHOWN[kind]
    records = Records(redis, kind, type_)
    assert records.open(record, (), once=None)
    assert 0 < due_in() <= 1000
    redis.zrem("slsdiag:due", f"{HOME}:U0ADA")
    assert records.save(record, claim=None, due_at=None)
    assert 0 < due_in() <= 1000


def test_digest_that_is_made_moves_or_ends_does_so_too(redis, shown, due_in):
    digests = Digests(redis)
    digest = Digest("d1", PLACE, Plan("daily 09:00", "UTC"), AT, Slot(AT, "2026-11-30"))
    for move in (
        lambda: digests.keep(digest, ()),
        lambda: digests.save(digest, claim=None, due_at=None),
        lambda: digests.stop("C", "d1"),
    ):
        assert move()
        assert due_in() is not None
        redis.zrem("slsdiag:due", f"{HOME}:U0ADA")


def test_home_that_nobody_opened_lately_is_left_alone(redis, shown, due_in):
    records = Records(redis, "diagnosis", Diagnosis)
    others = replace(SHOWN["diagnosis"][1], id="o", place=replace(PLACE, user="U0BOB"))
    assert records.open(others, (), once=None)
    redis.zincrby("slsdiag:app-homes", -25 * 3600 * 1000, "U0ADA")
    assert records.open(SHOWN["diagnosis"][1], (), once=None)
    assert Records(redis, "inquiry", Inquiry).open(Inquiry("i", PLACE, "", AT), (), once=None)

    assert (due_in(), due_in("U0BOB")) == (None, None)


def test_several_moves_are_shown_at_once(redis, shown, due_in):
    records = Records(redis, "diagnosis", Diagnosis)
    assert records.open(SHOWN["diagnosis"][1], (), once=None)
    redis.zadd("slsdiag:due", {f"{HOME}:U0ADA": 1})
    assert records.save(SHOWN["diagnosis"][1], claim=None, due_at=None)

    assert due_in() < -1000  # as it was


def test_move_while_it_is_published_makes_it_due_again(redis, homes, due, due_in):
    homes.opened("U0ADA")
    claim = due.claim(HOME, "U0ADA", LEASE)
    assert Records(redis, "diagnosis", Diagnosis).open(SHOWN["diagnosis"][1], (), once=None)

    assert not due.finish(claim)
    assert 0 < due_in() <= 1000


def test_notice_stands_for_a_while(redis, homes):
    homes.opened("U0ADA", "The answer comes to you alone.")
    homes.opened("U0ADA")

    assert homes.notice("U0ADA") == "The answer comes to you alone."
    assert 0 < redis.pttl("slsdiag:app-home-notice:U0ADA") <= 60_000
    assert homes.notice("U0BOB") is None
