"""A digest's turns on a real store: what is posted, when, and how often."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.digest import ahead
from bot.digest.ahead import begun
from bot.digest.model import Digest, Draft, Plan, Slot, Snooze, Waiting
from bot.digest.previews import Previews
from bot.digest.repository import Digests
from bot.digest.service import DigestService
from bot.digest.settling import Settling
from bot.digest.work import DigestWork
from bot.errors import UsageError
from bot.scan.model import ProblemClass, Scan, Seen, Unreadable
from bot.store.connection import now, to_ms
from bot.store.due import DIGEST, Due, Leases
from bot.store.outbox import Outbox
from bot.store.quarantine import Quarantine
from bot.store.records import Records
from checks.facts.sdk import LAST_RELEASED

NINE = datetime(2026, 11, 27, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BLIND = Seen("orders", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND, exact=True)
LOOKS_WELL = replace(BLIND, verdict="unverified", cause=None, kind=None, exact=False)
FIXED = replace(LOOKS_WELL, verdict="healthy", exact=True)


@dataclass
class Fleet:
    """Scans in this process: they end when `ends` says so."""

    seen: tuple[Seen, ...] = (BLIND,)
    at: datetime = NINE
    ends: bool = True
    refusal: str | None = None
    unreadable: tuple[Unreadable, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, tuple[str, str], str | None]] = field(default_factory=list)
    ended: dict[str, Scan] = field(default_factory=dict)

    def request(self, channel, prefix, waiter, by):
        if self.refusal:
            raise UsageError(self.refusal)
        self.asked.append((channel, prefix, waiter, by))
        id_ = f"s{len(self.asked)}"
        if self.ends:
            self.ended[id_] = Scan(self.at, self.seen, self.unreadable)
        return id_

    def result(self, id_, _):
        if id_ in self.failed:
            raise UsageError(self.failed[id_])
        return self.ended.get(id_)


@dataclass
class Life:
    """One digest on the store, and what became of it."""

    redis: object
    fleet: Fleet
    exact: dict = field(default_factory=dict)
    at: datetime = NINE
    taken_away: set = field(default_factory=set)

    def hidden(self, account, _):
        return account in self.taken_away

    def __post_init__(self):
        self.digests, self.due = Digests(self.redis), Due(self.redis)
        outbox = Outbox(self.redis)
        self.settling = Settling(self.digests, outbox.landed, lambda *_: None, lambda: self.at)
        self.work = DigestWork(
            self.digests,
            self.settling,
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
            self,
        )

    def keep(self, words="daily 09:00"):
        place = Conversation("T1", "C1", "U1")
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

    def settles(self, key, state):
        """The sender is done with it."""
        self.redis.hset(f"slsdiag:entry:{key}", "state", state)

    def takes(self, key):
        self.settles(key, "sent")

    def refused(self, key):
        """As the sender does it."""
        assert self.settling.lost(Outbox(self.redis).load(key), "is_archived")
        self.settles(key, "dead")

    def text(self, key):
        return Outbox(self.redis).load(key).body["text"]

    def shown(self, key):
        return str(Outbox(self.redis).load(key).body["blocks"])

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
    text = life.text("d1:2026-12-04:1")
    assert text.startswith("Digest of shop-*: nothing changed since 27 Nov 09:00; 1 still blind")
    assert [LAST_RELEASED in life.shown(key) for key in ("d1:2026-11-27:1", "d1:2026-12-04:1")] == [
        False,
        True,
    ]
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
    life.exact["orders"] = FIXED
    assert "1 no longer blind" in life.text(life.turns(NINE + 2 * DAY)[-1])


def test_wait_for_a_scan_and_its_loss(life):
    life.fleet.ends = False
    assert life.turns(NINE) == []
    assert life.known.waiting == Waiting("2026-11-27", NINE, scan="s1", began=NINE)
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
        Conversation("T", "C", "U"),
        Plan("daily 23:50", "UTC"),
        NINE,
        slot,
        Waiting("2026-11-27", late),
    )

    assert begun(digest, late + timedelta(minutes=20)).waiting
    assert begun(digest, late + timedelta(hours=2)).waiting is None


def test_missed_slots_of_every_run_once(life):
    life.digests.stop("C1", "d1")
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
    assert "the first scan" in life.text(life.turns(NINE + 2 * DAY)[-1])


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


def direct_messages(life):
    """To whom it was said that a digest cannot be posted."""
    keys = life.redis.scan_iter("slsdiag:entry:*not-posted*")
    return sorted(Outbox(life.redis).load(key.partition(":entry:")[2]).channel for key in keys)


def test_maker_is_told_once_and_the_next_one_tells_all(life):
    for days in range(3):
        (*_, key) = life.turns(NINE + days * DAY)
        assert "the first scan" in life.text(key)
        life.refused(key)
        life.refused(key)

    assert direct_messages(life) == ["U1"]
    life.takes(life.turns(NINE + 3 * DAY)[-1])
    life.fleet.seen = ()
    life.exact["orders"] = None
    life.refused(life.turns(NINE + 4 * DAY)[-1])
    assert direct_messages(life) == ["U1", "U1"]


def test_who_asked_for_it_is_told_each_time(life):
    for number in range(2):
        life.digests.save(replace(life.known, ordered="U2", orders=number), claim=None, due_at=None)
        life.refused(life.turns(NINE + timedelta(minutes=number - 9))[-1])

    assert direct_messages(life) == ["U1", "U2", "U2"]


def test_refused_news_comes_with_the_next_one(life):
    """What broke, what was fixed, whose snooze ended and what cannot be read."""
    late = replace(BLIND, name="late")
    life.fleet.seen = (BLIND, late)
    life.takes(life.turns(NINE)[-1])
    snooze = Snooze("s1", "function:1/eu-west-1/late", "x", NINE + DAY / 2, "U2")
    life.digests.save(replace(life.known, snoozes=(snooze,)), claim=None, due_at=None)
    life.exact["orders"] = FIXED
    life.fleet.seen = (LOOKS_WELL, late, replace(BLIND, name="new"))
    life.fleet.unreadable = (Unreadable("2", "eu-west-1", "denied"),)
    refused = life.turns(NINE + DAY)[-1]
    text = life.text(refused)
    life.refused(refused)
    again = life.turns(NINE + 2 * DAY)[-1]

    assert again != refused
    assert "2 new, 1 no longer blind, 1 not readable" in text
    assert life.text(again) == text
    life.takes(again)
    assert life.turns(NINE + 3 * DAY)[-1] == again


def test_news_of_two_that_wait_comes_again_when_the_first_is_refused(life):
    """Slack takes nothing for a while; then it refuses the one and takes the other."""
    first = life.turns(NINE)[-1]
    life.fleet.seen = (BLIND, replace(BLIND, name="new"))
    second = life.turns(NINE + DAY)[-1]
    assert "1 new, 1 still blind" in life.text(second)
    life.refused(first)
    life.takes(second)

    assert "the first scan. 🟠 2 not reporting" in life.text(life.turns(NINE + 2 * DAY)[-1])


def test_refusal_that_nobody_was_told_of_undoes_the_news_too(life):
    """The process died between Slack's answer and what follows it."""
    key = life.turns(NINE)[-1]
    life.settles(key, "dead")

    assert "the first scan" in life.text(life.turns(NINE + DAY)[-1])


def test_since_when_is_kept_though_the_news_is_untold(life):
    life.refused(life.turns(NINE)[-1])
    life.turns(NINE + DAY)

    assert life.digests.memory("d1")[0].since == NINE


def test_given_up_digest_goes_on_at_its_next_slot(life):
    life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
    claim = life.due.claim(DIGEST, "d1", timedelta(seconds=20))
    life.work.give_up(claim)

    assert not life.due.park(claim)
    assert life.redis.zscore("slsdiag:due", "digest:d1") == to_ms(
        NINE + DAY - timedelta(seconds=60)
    )


def test_memory_stays_flat(life):
    for day in range(100):
        life.fleet.seen = tuple(replace(BLIND, name=f"f{day}-{n}") for n in range(3))
        life.turns(NINE + day * DAY)
    digest = life.known

    assert len(digest.trend) == 20
    assert len(life.digests.memory("d1")) <= 3 * 31


def test_account_that_is_taken_away_is_forgotten_and_no_news(life):
    elsewhere = replace(BLIND, account="2", name="billing")
    life.fleet.seen = (BLIND, elsewhere)
    life.fleet.unreadable = (Unreadable("1", "us-east-1", "Denied."),)
    life.turns(NINE)
    snoozes = tuple(
        Snooze(f"s{n}", what, "known", NINE + 9 * DAY, "U1")
        for n, what in enumerate(("function:1/eu-west-1/orders", "function:2/eu-west-1/billing"))
    )
    life.digests.save(replace(life.known, snoozes=snoozes), claim=None, due_at=None)
    life.taken_away, life.fleet.unreadable = {"1"}, ()
    life.fleet.seen = (replace(elsewhere, cause="org_id_set"),)
    life.digests.save(replace(life.known, ordered="U2", orders=1), claim=None, due_at=None)
    text = life.text(life.turns(NINE + timedelta(hours=1))[-1])

    assert "orders" not in text
    assert not re.search("no longer blind|gone|read again", text)
    assert [each.account for each in life.digests.memory("d1")] == ["2"]
    assert [each.id for each in life.known.snoozes] == ["s1"]
    assert life.known.unread == ()
    assert len(life.known.trend) == 1  # earlier counts are of another fleet


def test_account_that_comes_back_is_news_again(life):
    life.turns(NINE)
    life.taken_away, life.fleet.seen = {"1"}, ()
    life.turns(NINE + DAY)
    life.taken_away, life.fleet.seen = set(), (BLIND,)

    assert "1 new, 0 still blind" in life.text(life.turns(NINE + 2 * DAY)[-1])


@pytest.fixture
def stranded(life):
    """In a time zone that only another release's tzdata knows."""
    known = life.known
    digest = replace(known, plan=replace(known.plan, zone="Mars/Olympus"))
    assert life.digests.save(digest, claim=None, due_at=None)
    unread = Quarantine(life.redis)
    run = unread.guarding({DIGEST: life.work.run})[DIGEST]

    def turns():
        life.redis.zadd("slsdiag:due", {"digest:d1": to_ms(now(life.redis))})
        run("d1")

    return turns


def test_digest_of_an_unknown_zone_is_put_aside_and_its_maker_is_told_once(life, stranded):
    stranded()
    stranded()

    (entry_key,) = [key.partition(":entry:")[2] for key in life.redis.scan_iter("slsdiag:entry:*")]
    entry = Outbox(life.redis).load(entry_key)
    assert entry.channel == "U1"
    assert "does not know its time zone, Mars/Olympus" in entry.body["text"]
    assert life.due.parked() == [(DIGEST, "d1")]
    assert (DIGEST, "d1") not in life.due.sweep(10)


def test_digest_of_an_unknown_zone_can_be_listed_and_stopped(life, stranded):
    stranded()
    desk = desk_over(life)
    line = "d1: daily 09:00 Mars/Olympus, of shop-*; it does not come: "

    assert line in desk.listed("C1", "U1")["text"]
    assert line in desk.order("C1", None, "U1", "once")["text"]
    assert "shop-" not in desk.listed("C1", "U2")["text"]
    assert line in desk.made_by("U1")[0]
    assert desk.stop("C1", "d1")["text"] == "Stopped the digest d1."
    assert life.due.parked() == Quarantine(life.redis).unreadable() == []


def test_digest_whose_scan_was_given_up_says_so_once_and_goes_on(life):
    life.fleet.ends = False
    for number in (1, 2):
        life.turns(NINE + number * DAY)
        life.fleet.failed[f"s{number}"] = "It failed again and again."
        posts = life.turns(NINE + number * DAY)
        assert life.known.waiting is None

    assert posts == ["d1:2026-11-28:1"]
    assert "It failed again and again." in life.text(posts[0])


def desk_over(life):
    return DigestService(
        Records(life.redis, "draft", Draft),
        life.digests,
        lambda *_: None,
        lambda: life.at,
        life,
    )


AHEAD = NINE - timedelta(seconds=50)


def due_at(life):
    return datetime.fromtimestamp(life.redis.zscore("slsdiag:due", "digest:d1") / 1000, UTC)


def test_scan_is_asked_for_ahead_and_the_message_comes_at_the_slot(life):
    assert life.turns(NINE - 2 * timedelta(minutes=1)) == []
    assert (life.fleet.asked, due_at(life)) == ([], NINE - timedelta(seconds=60))
    life.fleet.ends = False
    assert life.turns(AHEAD) == []
    life.fleet.ended["s1"] = Scan(AHEAD, (BLIND,), ())
    assert life.turns(AHEAD + timedelta(seconds=12)) == []  # the scan's end
    assert due_at(life) == NINE
    assert life.turns(NINE - timedelta(seconds=1)) == []
    assert life.turns(NINE) == ["d1:2026-11-27:1"]
    assert len(life.fleet.asked) == 1
    assert life.known.took == 12
    assert due_at(life) == NINE + DAY - timedelta(seconds=12) - ahead.MARGIN


def test_what_was_checked_exactly_ahead_is_not_checked_again_at_the_slot(life):
    life.turns(NINE)
    life.fleet.seen = (LOOKS_WELL,)
    life.exact = {"orders": FIXED}
    life.turns(NINE + DAY - timedelta(seconds=15))
    life.exact = {"orders": None}
    assert life.turns(NINE + DAY) == ["d1:2026-11-27:1", "d1:2026-11-28:1"]
    assert life.digests.memory("d1")[0].ended == "healthy"
    assert life.known.waiting is None


def test_function_that_was_found_gone_ahead_is_gone_at_the_slot(life):
    life.turns(NINE)
    life.fleet.seen, life.exact = (), {"orders": None}
    life.turns(NINE + DAY - timedelta(seconds=15))
    life.exact = {}
    life.turns(NINE + DAY)
    assert life.digests.memory("d1")[0].ended == "gone"


def test_refusal_ahead_of_a_slot_is_posted_at_the_slot(life):
    life.fleet.refusal = "No account may be seen."
    assert life.turns(AHEAD) == []
    assert due_at(life) == NINE
    assert life.turns(NINE) == ["d1:2026-11-27:1"]


def test_digest_that_ends_ahead_of_its_slot_posts_nothing(life):
    life.turns(AHEAD)
    assert life.digests.stop("C1", "d1")
    assert life.turns(NINE) == []


def test_what_is_asked_for_ahead_of_a_slot_comes_at_once_and_the_slot_all_the_same(life):
    life.turns(AHEAD)
    life.digests.save(replace(life.known, ordered="U2", orders=1), claim=None, due_at=None)
    assert life.turns(AHEAD + timedelta(seconds=5)) == ["d1:now-1:1"]
    assert life.known.slot == Slot(NINE, "2026-11-27")
    life.fleet.seen = (BLIND, replace(BLIND, name="carts"))
    life.turns(NINE - timedelta(seconds=10))
    assert life.turns(NINE) == ["d1:2026-11-27:1", "d1:now-1:1"]
    assert life.known.slot.name == "2026-11-28"


@pytest.mark.parametrize(
    ("words", "took", "seconds"),
    [
        ("daily 09:00", None, 60),
        ("daily 09:00", 12.0, 32),
        ("daily 09:00", 900.0, 240),
        ("every 1m", 12.0, 15),
        ("every 1d", 12.0, 32),
    ],
)
def test_how_far_ahead(words, took, seconds):
    place = Conversation("T1", "C1", "U1")
    digest = Digest("d1", place, Plan(words, "UTC"), NINE, Slot(NINE, "x"), took=took)

    assert NINE - ahead.begins_at(digest) == timedelta(seconds=seconds)


@pytest.fixture
def drafted(life):
    """A digest was asked for; `shows` has a worker show it, and gives what was said so far."""
    drafts = Records(life.redis, "draft", Draft)
    previews = Previews(
        drafts,
        life.fleet,
        Leases(life.due),
        lambda *_: ["It covers all."],
        lambda _: "UTC",
        lambda *_: None,
        lambda: life.at,
    )
    place = Conversation("T1", "C1", "U1", response_url="https://x.test/r")
    draft = Draft("p1", place, "daily 09:00", None, "shop-", "", NINE)
    assert drafts.open(draft, (), once=None)

    def shows(at=NINE):
        life.at = life.fleet.at = at
        life.redis.zadd("slsdiag:due", {"draft:p1": to_ms(now(life.redis))})
        previews.show("p1")
        entries = (Outbox(life.redis).load(f"p1:{part}") for part in ("preview", "digest"))
        return [entry.body["text"] for entry in entries if entry]

    return shows


def test_preview_shows_the_next_times_and_the_digest_itself(life, drafted):
    times, digest = drafted()
    assert times.startswith("A digest daily 09:00 UTC, of functions that begin with shop-?")
    assert digest.startswith("This is how it would look now. It is not kept yet.")
    assert "orders" in digest
    assert life.fleet.asked == [("C1", "shop-", ("draft", "p1"), "U1")]
    blocks = Outbox(life.redis).load("p1:digest").body["blocks"]
    assert "actions" not in {block["type"] for block in blocks}
    assert life.redis.zscore("slsdiag:due", "draft:p1") is None


def test_digest_of_a_preview_comes_when_its_scan_has_ended(life, drafted):
    life.fleet.ends = False
    assert len(drafted()) == 1
    assert life.redis.zscore("slsdiag:due", "draft:p1") == to_ms(NINE + timedelta(seconds=60))
    life.fleet.ended["s1"] = Scan(NINE, (BLIND,), ())
    assert len(drafted(NINE + timedelta(seconds=9))) == 2
    assert len(life.fleet.asked) == 1


@pytest.mark.parametrize("how", ["refused", "never ends"])
def test_preview_without_a_scan_is_its_times(life, drafted, how):
    life.fleet.ends = False
    life.fleet.refusal = "No account may be seen." if how == "refused" else None
    assert len(drafted()) == 1
    assert len(drafted(NINE + timedelta(minutes=11))) == 1
    assert life.redis.zscore("slsdiag:due", "draft:p1") is None


def test_coverage_is_compared_with_a_week_ago(life):
    well = [replace(FIXED, name=name, invoked=3) for name in ("a", "b", "c", BLIND.name)]
    life.fleet.seen = (*well[:3], replace(BLIND, invoked=3))
    life.keep()
    for day in range(7):
        life.turns(NINE + day * DAY)
    life.fleet.seen = tuple(well)
    life.turns(NINE + 7 * DAY)
    texts = [life.shown(key) for key in life.posted()]

    assert "Coverage: 100.0 %, 75.0 % a week ago." in texts[-1]
    assert "Coverage" not in texts[0]


def test_organization_that_is_not_listed_is_news_once(life):
    life.fleet.unreadable = (Unreadable("organization", "us-east-1", "It could not be listed."),)
    life.fleet.seen = (FIXED,)
    life.keep()
    life.turns(NINE)
    life.fleet.unreadable += (Unreadable("2", "eu-west-1", "no role"),)
    assert len(life.turns(NINE + DAY)) == 2

    assert len(life.turns(NINE + 2 * DAY)) == 2
