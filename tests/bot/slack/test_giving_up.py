"""
Every kind of work has an end when it fails again and again.

Each kind of the bot's own table, on a real store, with a fake Slack and a fake account.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.app.bootstrap import Parts
from bot.app.jobs import GIVEN_UP
from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis, Stage
from bot.digest.model import Digest, Plan, Slot, Waiting
from bot.digest.parser import Create
from bot.digest.repository import Digests
from bot.jobs.clock import ORDER
from bot.playground.account.demo_functions import REGION, demo
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.scan.repository import Scans
from bot.scan.run import Stage as Run
from bot.scan.service import LOST
from bot.search.model import Listing
from bot.search.repository import INVENTORY, Inventories
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.store.coding import decode
from bot.store.connection import now, to_ms
from bot.store.due import TRIES, Due
from bot.store.events import Events
from bot.store.messages import Entry, EntryKind, State
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.target import Target
from bot.triage.model import Triage
from bot.watch.model import Deploy, Row
from bot.watch.repository import Deploys

pytestmark = pytest.mark.slow

RECORDS = Path(__file__).parents[2] / "fixtures" / "records" / "1"
PLACE = Conversation("T0HOME", GENERAL, "U0ADA")
ACCOUNT = "123456789012"
SECOND = timedelta(seconds=1)


@pytest.fixture
def parts(aws, slack, redis_url, redis):
    """All of a bot but its ends in Slack; it does not work yet."""
    demo(aws.account())
    parts = Parts(
        serving_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "REDIS_URL": redis_url,
            }
        ),
        read_aws_settings({"SLSDIAG_REGIONS": REGION}),
    )
    yield parts
    parts.stop()


@pytest.fixture
def world(parts, redis, slack):
    Person(slack, PLACE.user)
    return World(parts, redis, slack)


class World:
    """For each kind: one thing of it that always fails, and what must come of it."""

    def __init__(self, parts, redis, slack):
        self.parts, self.redis, self.slack = parts, redis, slack
        self.outbox, self.due, self.scans = Outbox(redis), Due(redis), Scans(redis)

    def at(self):
        return now(self.redis)

    def spend(self, kind, id_):
        """As if all tries had come to nothing."""
        self.redis.zadd("slsdiag:due", {f"{kind}:{id_}": to_ms(self.at())})
        self.redis.hset("slsdiag:tries", f"{kind}:{id_}", TRIES)
        return id_

    def says(self, words):
        return any(words in f"{m.text} {m.blocks}" for m in self.slack.messages)

    def newest(self, pattern):
        return next(
            found[1]
            for key in self.redis.scan_iter("slsdiag:*")
            if (found := re.fullmatch(pattern, key))
        )

    def diagnosis(self):
        self.parts.services.diagnosis.open(Target("orders"), PLACE, "1")
        id_ = self.newest("slsdiag:diagnosis:([^:]*)")
        asks = Records(self.redis, "diagnosis", Diagnosis)
        return self.spend(
            "diagnosis", id_
        ), lambda: asks.load(id_).stage is Stage.FAILED and self.says(GIVEN_UP)

    def entry(self):
        ts = self.parts.client.chat_postMessage(channel=GENERAL, text="root")["ts"]
        first, second = (
            Entry(f"x:{n}", EntryKind.POST, GENERAL, {"text": f"part {n}"}, "x", thread_ts=ts)
            for n in range(2)
        )
        asks = Records(self.redis, "diagnosis", Diagnosis)
        assert asks.open(Diagnosis("x", "orders", PLACE, self.at()), (first, second), once=None)
        return (
            self.spend("entry", first.key),
            lambda: (
                self.outbox.load(first.key).state is State.DEAD
                and self.outbox.load(second.key).state is State.SENT
            ),
        )

    def copies(self):
        return self.spend("copies", "x:1"), lambda: True

    def app_home(self):
        return self.spend("app_home", "U0ADA"), lambda: True

    def triage(self):
        triage = decode(Triage, (RECORDS / "triage-waiting.json").read_text())
        triage = replace(triage, place=PLACE)
        triages = Records(self.redis, "triage", Triage)
        assert triages.open(triage, (), once=None)
        return self.spend("triage", triage.id), lambda: triages.load(triage.id).finished

    def inquiry(self):
        fleet = self.parts.services.scans
        fleet.open("", PLACE, "1")
        (ask,) = fleet.under_way(GENERAL)
        return self.spend(
            "inquiry", ask.id
        ), lambda: fleet.under_way(GENERAL) == [] and self.says(GIVEN_UP)

    def scan(self):
        """Two people wait for it; the next request begins a new one."""
        fleet = self.parts.services.scans
        fleet.open("", PLACE, "1")
        (ask,) = fleet.under_way(GENERAL)
        run, _ = fleet.runs.begin(GENERAL, "", ("inquiry", ask.id), None, recent_will_do=False)
        assert fleet.inquiries.save(replace(ask, run=run), claim=None, due_at=self.at())
        return (
            self.spend("scan", run),
            lambda: (
                self.scans.runs.load(run).stage is Run.STOPPED
                and self.says(GIVEN_UP)
                and fleet.under_way(GENERAL) == []
                and fleet.runs.begin(GENERAL, "", ("inquiry", "y"), None, recent_will_do=False)[1]
                is False
            ),
        )

    def chunk(self):
        fleet = self.parts.services.scans
        fleet.open("", PLACE, "1")
        (ask,) = fleet.under_way(GENERAL)
        run, _ = fleet.runs.begin(GENERAL, "", ("inquiry", ask.id), None, recent_will_do=False)
        assert fleet.inquiries.save(replace(ask, run=run), claim=None, due_at=self.at())
        fleet.runs.scan(run)
        return self.spend("chunk", f"{run}:0"), lambda: self.says("it was given up")

    def draft(self):
        self.parts.services.digests.open(Create("daily 09:00", "UTC"), PLACE, "1")
        id_ = self.newest("slsdiag:draft:(.*)")
        return self.spend("draft", id_), lambda: self.says(GIVEN_UP)

    def digest(self):
        """Somebody asked for it to come now."""
        at = self.at()
        digests, slot = Digests(self.redis), Slot(at, f"{at:%Y-%m-%d}")
        digest = Digest("d1", PLACE, Plan("daily 09:00", "UTC"), at, slot)
        digests.keep(replace(digest, waiting=Waiting("now-1", at, always=True)), ())
        return self.spend(
            "digest", "d1"
        ), lambda: self.says("That failed again and again") and digests.load("d1").slot.at > at

    def deploy(self):
        at = self.at()
        rows = (Row("orders", at, at),)
        deploys = Deploys(self.redis)
        assert deploys.add(Deploy("1", ACCOUNT, REGION, at, at, at, rows=rows), ())
        return self.spend("deploy", "1"), lambda: not deploys.load("1").open

    def watch(self):
        return self.spend("watch", "C1"), lambda: True

    def catch_up(self):
        events, place = Events(self.redis), f"{ACCOUNT}/{REGION}"
        return self.spend("catch_up", place), lambda: events.mark(place) is not None

    def inventory(self):
        names, key = Inventories(self.redis), f"own/{REGION}"
        names.put(key, Listing("123456789012", REGION, ("orders",), self.at()))
        return self.spend(
            INVENTORY, key
        ), lambda: names.get(key).why == GIVEN_UP and names.get(key).names == ("orders",)


def test_every_kind_of_work_is_in_the_table_and_tried_here(parts):
    assert set(parts.jobs) == {*ORDER, INVENTORY}
    assert set(parts.jobs) <= set(dir(World))


@pytest.mark.parametrize("kind", [*ORDER, INVENTORY])
def test_what_fails_again_and_again_is_parked_and_whoever_waits_goes_on(parts, world, until, kind):
    id_, freed = getattr(world, kind)()
    with structlog.testing.capture_logs() as logs:
        parts.start(2)
        until(freed, 20)
        until(lambda: (kind, id_) not in world.due.sweep(1000))
        until(lambda: [it for it in logs if it["event"] == "given_up"])  # said once it is parked
    named = [(it["event"], it["kind"], it["id"]) for it in logs if it["event"] == "given_up"]
    assert named == [("given_up", kind, id_)]
    assert not [it for it in logs if it["event"] in {"give_up_failed", "work_failed"}]
    goes_on = kind in {"digest", "catch_up"}  # at its next time
    assert ((kind, id_) in world.due.parked()) is not goes_on


GARBLED = {
    "chunk": "slsdiag:scan:x",
    "app_home": None,
    "copies": None,
    INVENTORY: None,
    "watch": None,
    "catch_up": None,
}
"""Where the record lies that it needs; None where it needs none."""


@pytest.mark.parametrize("kind", [kind for kind in ORDER if GARBLED.get(kind, "") is not None])
def test_giving_up_what_cannot_be_read_ends_too(parts, world, redis, until, kind):
    id_ = world.spend(kind, "x:0" if kind == "chunk" else "x")
    redis.hset(GARBLED.get(kind) or f"slsdiag:{kind}:{id_}", mapping={"doc": "{", "state": "sent"})
    with structlog.testing.capture_logs() as logs:
        parts.start(1)
        until(lambda: (kind, id_) in world.due.parked())
        until(lambda: not redis.hexists("slsdiag:claims", f"{kind}:{id_}"))
    assert [it["event"] for it in logs if it.get("kind") == kind] == ["given_up", "give_up_failed"]
    assert not world.due.spent(kind, id_)


@pytest.mark.parametrize("left", ["parked", "garbled"])
def test_who_waits_for_a_scan_that_came_to_nothing_hears_of_it(parts, world, redis, until, left):
    """Also where giving it up failed, or nobody can read it any more."""
    fleet = parts.services.scans
    fleet.open("", PLACE, "1")
    (ask,) = fleet.under_way(GENERAL)
    run, _ = fleet.runs.begin(GENERAL, "", ("inquiry", ask.id), None, recent_will_do=False)
    assert fleet.inquiries.save(replace(ask, run=run), claim=None, due_at=world.at())
    if left == "parked":
        claim = world.due.claim("scan", run, SECOND)
        world.due.park(claim)
        world.due.finish(claim)
    else:
        redis.hset(f"slsdiag:scan:{run}", "doc", "{")
    parts.start(2)

    until(lambda: world.says(LOST), 20)
    assert fleet.under_way(GENERAL) == []


def test_a_part_of_a_scan_that_cannot_be_read_is_passed_over(parts, world, redis, until):
    fleet = parts.services.scans
    fleet.open("", PLACE, "1")
    (ask,) = fleet.under_way(GENERAL)
    run, _ = fleet.runs.begin(GENERAL, "", ("inquiry", ask.id), None, recent_will_do=False)
    assert fleet.inquiries.save(replace(ask, run=run), claim=None, due_at=world.at())
    fleet.runs.scan(run)
    redis.hset(f"slsdiag:scan:{run}:chunks", "0", "{")
    parts.start(2)

    until(lambda: world.says("A part of the scan was recorded by another release"), 20)
