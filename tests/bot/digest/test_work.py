"""A digest's turns on a real store: what is posted, when, and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.diagnosis.model import Place
from bot.digest.model import Digest, Plan, Slot, Waiting
from bot.digest.work import DigestWork, begun
from bot.errors import UsageError
from bot.fleet.model import Kind, Scan, Seen
from bot.store.connection import now, to_ms
from bot.store.digests import Digests
from bot.store.due import DIGEST, Due
from bot.store.leases import Leases
from bot.store.outbox import Outbox

NINE = datetime(2026, 11, 27, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BLIND = Seen("orders", "eu-west-1", "1", "problem", "wrapper_set", Kind.BLIND, exact=True)
LOOKS_WELL = replace(BLIND, verdict="unverified", cause=None, kind=None, exact=False)
MENDED = replace(LOOKS_WELL, verdict="healthy", exact=True)


@dataclass
class Fleet:
    """Scans in this process: they end when `ends` says so."""

    seen: tuple[Seen, ...] = (BLIND,)
    at: datetime = NINE
    ends: bool = True
    refusal: str | None = None
    asked: list[tuple[str, str, tuple[str, str], str | None]] = field(default_factory=list)
    ended: dict[str, Scan] = field(default_factory=dict)

    def request(self, channel, prefix, waiter, by):
        if self.refusal:
            raise UsageError(self.refusal)
        self.asked.append((channel, prefix, waiter, by))
        id_ = f"s{len(self.asked)}"
        if self.ends:
            self.ended[id_] = Scan(self.at, self.seen, ())
        return id_

    def result(self, id_):
        return self.ended.get(id_)


@dataclass
class Life:
    """One digest on the store, and what became of it."""

    redis: object
    fleet: Fleet
    exact: dict = field(default_factory=dict)
    at: datetime = NINE

    def __post_init__(self):
        self.digests, self.due = Digests(self.redis), Due(self.redis)
        self.work = DigestWork(
            self.digests,
            self.due,
            Leases(self.due),
            self.fleet,
            lambda _, doubtful: {
                (e.account, e.region, e.name): self.exact[e.name]
                for e in doubtful
                if e.name in self.exact
            },
            lambda *_: None,
            lambda: self.at,
        )

    def keep(self, words="daily 09:00"):
        place = Place("T1", "C1", "U1")
        slot = Slot(NINE, "2026-11-27")
        self.digests.keep(Digest("d1", place, Plan(words, "UTC", "shop-"), NINE - DAY, slot), ())

    def turns(self, at):
        """Its due time has come."""
        self.at = self.fleet.at = at
        self.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(self.redis))})
        self.work.run("d1")
        return self.posted()

    def posted(self):
        keys = sorted(
            key.partition(":entry:")[2] for key in self.redis.scan_iter("slsdiag:entry:*")
        )
        return [key for key in keys if key.endswith(":1")]

    def text(self, key):
        return Outbox(self.redis).load(key).body["text"]

    @property
    def known(self):
        return self.digests.load("d1")


@pytest.fixture
def life(redis):
    made = Life(redis, Fleet())
    made.keep()
    return made


def test_first_look_is_posted_then_silence_then_a_sign_of_life(life):
    assert life.turns(NINE) == ["d1:2026-11-27:1"]
    for days in range(1, 7):
        assert life.turns(NINE + days * DAY) == ["d1:2026-11-27:1"]
    assert life.turns(NINE + 7 * DAY)[-1] == "d1:2026-12-04:1"
    told = life.text("d1:2026-12-04:1")
    assert told.startswith("Digest of shop-*: nothing changed since 27 Nov 09:00; 1 still blind")
    assert len(life.turns(NINE + 8 * DAY)) == 2
    assert life.known.slot == Slot(NINE + 9 * DAY, "2026-12-06")


def test_healthy_fleet_is_silent_too(life):
    life.fleet.seen = ()
    assert "there are no functions" in life.text(life.turns(NINE)[0]).lower()
    assert len(life.turns(NINE + DAY)) == 1


def test_scan_is_of_the_channel_and_in_its_makers_name(life):
    life.turns(NINE)

    assert life.fleet.asked == [("C1", "shop-", (DIGEST, "d1"), "U1")]


def test_mend_is_told_when_an_exact_look_proves_it(life):
    life.turns(NINE)
    life.fleet.seen = (LOOKS_WELL,)
    assert len(life.turns(NINE + DAY)) == 1
    life.exact["orders"] = MENDED
    assert "1 no longer blind" in life.text(life.turns(NINE + 2 * DAY)[-1])


def test_wait_for_a_scan_and_its_loss(life):
    life.fleet.ends = False
    assert life.turns(NINE) == []
    assert life.known.waiting == Waiting("2026-11-27", NINE, scan="s1")
    assert life.turns(NINE + timedelta(minutes=1)) == []  # lost: asked for again
    assert life.known.waiting.scan == "s2"
    life.fleet.ended["s2"] = Scan(NINE, (BLIND,), ())
    assert life.turns(NINE + timedelta(minutes=2)) == ["d1:2026-11-27:1"]
    assert life.known.waiting is None
    assert life.known.slot.name == "2026-11-28"


def test_missed_slot_runs_late_on_its_day_and_not_after(life):
    assert life.turns(NINE + timedelta(hours=14)) == ["d1:2026-11-27:1"]
    assert life.turns(NINE + 2 * DAY - timedelta(hours=1)) == ["d1:2026-11-27:1"]
    assert life.known.slot.name == "2026-11-29"
    assert len(life.fleet.asked) == 1


def test_run_that_waited_over_its_day_is_dropped(life):
    life.fleet.ends = False
    life.turns(NINE)
    life.fleet.ends = True
    assert life.turns(NINE + DAY - timedelta(hours=1)) == []
    assert life.known.waiting is None
    assert life.turns(NINE + DAY) == ["d1:2026-11-28:1"]


def test_run_that_began_before_midnight_ends_after_it():
    slot = Slot(NINE + DAY, "2026-11-28")
    late = NINE.replace(hour=23, minute=50)
    digest = Digest(
        "d1",
        Place("T", "C", "U"),
        Plan("daily 23:50", "UTC"),
        NINE,
        slot,
        Waiting("2026-11-27", late),
    )

    assert begun(digest, late + timedelta(minutes=20)).waiting
    assert begun(digest, late + timedelta(hours=2)).waiting is None


def test_missed_slots_of_every_run_once(life):
    life.digests.stop(life.known)
    life.keep("every 30m")
    life.turns(NINE + 5 * DAY + timedelta(minutes=10))

    assert len(life.fleet.asked) == 1
    assert life.known.slot.at == NINE + 5 * DAY + timedelta(minutes=30)


def test_what_somebody_asked_for_is_posted_though_nothing_changed(life):
    life.turns(NINE)
    life.digests.save(replace(life.known, ordered="U2", orders=1), claim=None, due_at=None)
    assert life.turns(NINE + timedelta(hours=1)) == ["d1:2026-11-27:1", "d1:now-1:1"]
    assert life.known.slot.name == "2026-11-28"
    assert life.known.ordered is None


def test_nothing_could_be_scanned_is_said_once(life):
    life.fleet.refusal = "No region is set."
    assert "No region is set." in life.text(life.turns(NINE)[0])
    assert len(life.turns(NINE + DAY)) == 1
    life.fleet.refusal = None
    assert "the first look" in life.text(life.turns(NINE + 2 * DAY)[-1])


def test_many_workers_post_one(life):
    life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: life.work.run("d1"), range(64)))

    assert life.posted() == ["d1:2026-11-27:1"]
    assert len(life.fleet.asked) == 1


def test_worker_that_lost_its_claim_posts_nothing(life):
    """It looked for so long that somebody else has done it."""
    before = life.known

    def frozen(digest, doubtful):
        life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
        replace(life.work, verify=lambda *_: {}).run("d1")
        return {}

    life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
    replace(life.work, verify=frozen).run("d1")

    assert life.posted() == ["d1:2026-11-27:1"]
    assert life.known.version == before.version + 1


def test_maker_is_told_once_a_week_and_the_next_one_tells_all(life):
    life.turns(NINE)
    entry = Outbox(life.redis).load("d1:2026-11-27:1")
    life.work.not_allowed(entry)
    life.work.not_allowed(entry)
    told = list(life.redis.scan_iter("slsdiag:entry:*not-allowed*"))

    assert len(told) == 1
    assert Outbox(life.redis).load(told[0].partition(":entry:")[2]).channel == "U1"
    assert "the first look" in life.text(life.turns(NINE + DAY)[-1])


def test_given_up_digest_goes_on_at_its_next_slot(life):
    life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
    claim = life.due.claim(DIGEST, "d1", timedelta(seconds=20))
    life.work.give_up(claim)

    assert not life.due.park(claim)
    assert life.redis.zscore("slsdiag:due", "digest:d1") == to_ms(NINE + DAY)


def test_memory_stays_flat(life):
    for day in range(100):
        life.fleet.seen = tuple(replace(BLIND, name=f"f{day}-{n}") for n in range(3))
        life.turns(NINE + day * DAY)
    digest = life.known

    assert len(digest.trend) == 20
    assert len(life.digests.known("d1")) <= 3 * 31
