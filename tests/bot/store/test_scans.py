"""A scan's plan in the store: nothing is lost between two workers, and nobody waits for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.scan.model import ProblemClass, Seen, Unreadable
from bot.scan.repository import Scans
from bot.scan.run import Chunk, Run, Stage, scope_of
from bot.store.due import CHUNK, INQUIRY, SCAN, TRIES, Due
from bot.store.quarantine import Quarantine

LEASE = timedelta(seconds=20)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PLACES = ((None, "eu-west-1"), ("prod", "us-east-1"))
SEEN = Seen(
    "orders", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND, 12, reported_at=NOW
)


def run(id_="r1", prefix=""):
    return Run(id_, scope_of(PLACES, prefix), PLACES, prefix, "U0ADA", NOW)


@pytest.fixture
def due(redis):
    return Due(redis)


@pytest.fixture
def scans(redis):
    return Scans(redis)


@pytest.fixture
def planned(scans, due):
    """A scan whose two listings are due."""
    scans.begin(run(), (INQUIRY, "i1"))
    claim = due.claim(SCAN, "r1", LEASE)
    known = replace(scans.runs.load("r1"), chunks=2)
    assert scans.plan(known, {0: Chunk(0), 1: Chunk(1)}, (0, 1), claim)
    return scans.runs.load("r1")


def is_due(due, kind, id_):
    return (kind, id_) in due.sweep(100)


def test_asks_of_one_scope_share_a_scan_until_it_ends(scans, due, planned):
    assert scans.begin(run("r2"), (INQUIRY, "i2")) == ("r1", True)
    assert scans.begin(run("r3", "shop-"), (INQUIRY, "i3")) == ("r3", False)
    done(scans, due, planned)

    assert is_due(due, INQUIRY, "i1")
    assert is_due(due, INQUIRY, "i2")
    assert not is_due(due, INQUIRY, "i3")
    assert scans.begin(run("r4"), (INQUIRY, "i4")) == ("r4", False)
    assert scans.begin(run("r5"), (INQUIRY, "i5"), recent_will_do=True) == ("r4", True)


def test_kept_scan_serves_whom_it_may_and_makes_nobody_wait(scans, due, planned):
    done(scans, due, planned)

    assert scans.begin(run("r2"), ("digest", "d1"), recent_will_do=True) == ("r1", True)
    assert not is_due(due, "digest", "d1")


def test_the_same_waiter_gets_the_same_answer_again(scans, due, planned):
    """It saved nothing the first time, because the scan ended in between."""
    assert scans.begin(run("r2"), (INQUIRY, "i2"), once="1") == ("r1", True)
    done(scans, due, planned)

    assert scans.begin(run("r3"), (INQUIRY, "i2"), once="1") == ("r1", True)


def done(scans, due, planned):
    for number in range(2):
        claim = due.claim(CHUNK, f"r1:{number}", LEASE)
        assert scans.advance(claim, planned, scans.chunk("r1", str(number)), ended=True)
    claim = due.claim(SCAN, "r1", LEASE)
    ended = replace(scans.runs.load("r1"), stage=Stage.DONE)
    assert scans.end(ended, claim, {}, good=True) is not None


def test_the_last_chunk_makes_the_scan_due(scans, due, planned):
    first, second = (due.claim(CHUNK, f"r1:{n}", LEASE) for n in range(2))
    scans.advance(first, planned, Chunk(0), ended=True)
    assert not is_due(due, SCAN, "r1")
    scans.advance(second, planned, Chunk(1), ended=True)

    assert is_due(due, SCAN, "r1")
    assert scans.numbers("r1") == (0, 0, 2)


def test_listing_goes_on_where_it_was(scans, due, planned):
    claim = due.claim(CHUNK, "r1:0", LEASE)
    scans.advance(claim, planned, Chunk(0, marker="m2"), seen=[SEEN], later=True)

    assert is_due(due, CHUNK, "r1:0")
    assert scans.chunk("r1", "0").marker == "m2"
    assert scans.seen("r1") == {(0, "orders"): SEEN}


def test_who_lost_its_claim_saves_nothing(scans, due, planned, until):
    frozen = due.claim(CHUNK, "r1:0", timedelta(milliseconds=1))
    until(lambda: is_due(due, CHUNK, "r1:0"))
    due.claim(CHUNK, "r1:0", LEASE)

    assert not scans.advance(frozen, planned, Chunk(0), seen=[SEEN], ended=True)
    assert scans.numbers("r1") == (0, 0, 0)


def test_progress_forgives_earlier_claims(scans, due, planned, until):
    for _ in range(TRIES - 1):
        due.claim(CHUNK, "r1:0", timedelta(milliseconds=1))
        until(lambda: is_due(due, CHUNK, "r1:0"))
    claim = due.claim(CHUNK, "r1:0", LEASE)
    assert due.spent(CHUNK, "r1:0")
    scans.advance(claim, planned, Chunk(0, marker="m2"), seen=[SEEN])

    assert not due.spent(CHUNK, "r1:0")


def test_chunks_of_a_lane_follow_each_other(scans, due, planned):
    done_first = due.claim(CHUNK, "r1:0", LEASE)
    scans.advance(done_first, planned, Chunk(0, then=7), ended=True)

    assert is_due(due, CHUNK, "r1:7")


def test_what_was_seen_exactly_counts_and_what_is_gone_is_left_out(scans, due, planned):
    claim = due.claim(CHUNK, "r1:0", LEASE)
    gone = replace(SEEN, name="gone")
    scans.advance(claim, planned, Chunk(0), seen=[SEEN, gone])
    exact = replace(SEEN, cause="org_id_set", exact=True, saw="SLS_ORG_ID is not set.")
    hidden = Unreadable("1", "eu-west-1", "Denied.")
    scans.advance(
        claim, planned, Chunk(0), exact={"orders": exact, "gone": None}, unreadable=[hidden]
    )
    result = scans.result(planned)

    assert result.seen == (exact,)
    assert result.unreadable == (hidden,)
    assert scans.some("r1", 0, ["orders", "nobody"]) == [SEEN]


def test_scan_ends_when_the_last_who_waits_leaves(scans, due, planned):
    scans.begin(run("r2"), (INQUIRY, "i2"))

    assert not scans.leave("r1", (INQUIRY, "i1"))
    assert not scans.cancelled("r1")
    assert scans.leave("r1", (INQUIRY, "i2"))
    assert scans.cancelled("r1")
    assert is_due(due, SCAN, "r1")


def test_everything_of_a_scan_ends_by_itself(scans, due, planned, redis):
    claim = due.claim(CHUNK, "r1:0", LEASE)
    scans.advance(claim, planned, Chunk(0), seen=[SEEN], exact={"orders": SEEN})
    keys = list(redis.scan_iter("slsdiag:scan*"))

    assert len(keys) >= 6
    assert all(redis.ttl(key) > 0 for key in keys)


def test_scan_under_way_outlives_a_clock_that_is_set_forward_by_a_day(scans, due, planned, redis):
    claim = due.claim(CHUNK, "r1:0", LEASE)
    scans.advance(claim, planned, Chunk(0), seen=[SEEN], unreadable=[Unreadable("1", "r", "why")])
    day = timedelta(days=1).total_seconds()
    parts = list(redis.scan_iter("slsdiag:scan:r1*"))

    assert len(parts) >= 5
    assert all(redis.ttl(key) > day + 3600 for key in parts)
    scans.advance(claim, planned, Chunk(0), ended=True)
    done_claim = due.claim(CHUNK, "r1:1", LEASE)
    scans.advance(done_claim, planned, Chunk(1), ended=True)
    ended = replace(scans.runs.load("r1"), stage=Stage.DONE)
    scans.end(ended, due.claim(SCAN, "r1", LEASE), {}, good=True)
    assert 0 < redis.ttl("slsdiag:scan:r1:seen") <= day
    assert 0 < redis.ttl("slsdiag:scan:r1:unread") <= day


def test_a_scan_holds_its_scope_for_as_long_as_it_goes_on(scans, due, planned, redis):
    """Days, if need be: something of it is always due, or worked on."""
    claims = [due.claim(CHUNK, f"r1:{n}", LEASE) for n in range(2)]
    assert scans.lives("r1")
    assert scans.begin(run("r2"), (INQUIRY, "i2")) == ("r1", True)
    assert scans.advance(claims[0], planned, Chunk(0), ended=True)
    assert scans.begin(run("r3"), (INQUIRY, "i3")) == ("r1", True)
    assert scans.advance(claims[1], planned, Chunk(1), ended=True)
    assert scans.begin(run("r4"), (INQUIRY, "i4")) == ("r1", True)
    assert redis.ttl(f"slsdiag:scanning:{planned.scope}") > 6 * 24 * 3600


@pytest.mark.parametrize("left", ["chunk", "scan"])
def test_a_scan_that_came_to_nothing_holds_nobody_up(scans, due, planned, left):
    """What is left of it was parked, and telling of that failed."""
    for n in range(2):
        claim = due.claim(CHUNK, f"r1:{n}", LEASE)
        if left == "chunk":
            due.park(claim)
            assert scans.lives("r1")  # whoever parked it says what becomes of it
            due.finish(claim)
        else:
            scans.advance(claim, planned, Chunk(n), ended=True)
    if left == "scan":
        claim = due.claim(SCAN, "r1", LEASE)
        due.park(claim)
        assert scans.lives("r1")
        due.finish(claim)

    assert not scans.lives("r1")
    assert scans.begin(run("r2"), (INQUIRY, "i2")) == ("r2", False)


def test_who_died_while_giving_up_holds_nobody_up_for_long(scans, due, planned, redis):
    for n in range(2):
        due.park(due.claim(CHUNK, f"r1:{n}", LEASE))
    assert scans.lives("r1")
    parked = redis.zrange("slsdiag:parked", 0, -1, withscores=True)
    redis.zadd("slsdiag:parked", {name: at - 60_000 for name, at in parked})

    assert not scans.lives("r1")


@pytest.mark.parametrize(("schema", "there"), [(99, True), (None, False)])
def test_a_scan_that_waits_for_its_release_is_there_still(
    scans, due, planned, redis, schema, there
):
    unread = Quarantine(redis)
    for n in range(2):
        assert unread.set_aside(CHUNK, f"r1:{n}", schema)

    assert scans.lives("r1") is there
