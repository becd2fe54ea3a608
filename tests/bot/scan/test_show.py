"""The functions behind one cause of a scan: as many as the channel may see now, and only of its card."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.scan import card
from bot.scan.coordinator import Runs
from bot.scan.model import Cluster, ProblemClass, Scan, Seen
from bot.scan.repository import Scans
from bot.scan.run import Chunk, Inquiry, Run, Stage, scope_of
from bot.scan.service import ScanService
from bot.scan.window import window
from bot.settings import read_aws_settings
from bot.slack.actions import ActionId, action_of
from bot.store.connection import now
from bot.store.due import CHUNK, INQUIRY, SCAN, Due, Leases
from bot.store.records import Records

RED, BLUE, REGION = "111111111111", "222222222222", "eu-west-1"
HERE, ELSEWHERE = "C0HERE", "C0ELSE"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DOWN = Seen("billing", REGION, RED, "problem", "wrapper_set", ProblemClass.DOWN, exact=True)
BLIND = replace(DOWN, name="orders", kind=ProblemClass.BLIND, headline="Datadog owns the wrapper")
SEEN = (DOWN, BLIND, replace(BLIND, account=BLUE, name="carts", owner="shop", exact=False))
CAUSE, STARTS = (Cluster("wrapper_set", kind, ()).key for kind in (BLIND.kind, DOWN.kind))
OTHER = Cluster("layer_attached", BLIND.kind, ()).key


def accounts(**channels):
    named = {
        name: {
            "role_arn": f"arn:aws:iam::{number}:role/slsdiag",
            "external_id": "a-long-one",
            "channels": channels.get(name, [HERE]),
        }
        for name, number in (("red", RED), ("blue", BLUE))
    }
    said = {"own": {"channels": [ELSEWHERE]}, **named}
    return Accounts(read_aws_settings({"SLSDIAG_ACCOUNTS": json.dumps(said)}))


@pytest.fixture
def scans(redis):
    """A scan that has ended, and the request for it."""
    scans, due, lease = Scans(redis), Due(redis), timedelta(seconds=20)
    places = (("red", REGION), ("blue", REGION))
    scans.begin(Run("r1", scope_of(places, ""), places, "", "U1", NOON), (INQUIRY, "i1"))
    run = replace(scans.runs.load("r1"), chunks=2)
    chunks = {number: Chunk(number) for number in (0, 1)}
    assert scans.plan(run, chunks, (0, 1), due.claim(SCAN, "r1", lease))
    for number, seen in enumerate((SEEN[:2], SEEN[2:])):
        claim = due.claim(CHUNK, f"r1:{number}", lease)
        assert scans.advance(claim, run, chunks[number], seen=seen, ended=True)
    ended = replace(scans.runs.load("r1"), stage=Stage.DONE)
    owners = {"1:carts": "shop"}
    assert scans.end(ended, due.claim(SCAN, "r1", lease), owners, good=True) is not None
    inquiry = Inquiry("i1", Conversation("T", HERE, "U1"), "", NOON, 2, "r1", answered=True)
    assert Records(redis, INQUIRY, Inquiry).open(inquiry, (), once=None)
    return scans


@pytest.fixture
def service(redis, scans):
    """With the accounts as the settings name them now."""

    def made(**channels):
        due, clock = Due(redis), partial(now, redis)
        ours = accounts(**channels)
        leases, quiet = Leases(due), lambda *_: None
        runs = Runs(scans, due, leases, ours, None, None, quiet, clock)
        return ScanService(Records(redis, INQUIRY, Inquiry), runs, scans, due, leases, quiet, clock)

    return made


def names(cluster):
    return cluster and [function.name for function in cluster.functions]


def test_one_cause_and_class_is_shown(service):
    assert names(service().behind("i1", 2, CAUSE)) == ["orders", "carts"]
    assert names(service().behind("i1", 2, STARTS)) == ["billing"]


@pytest.mark.parametrize(
    "click", [("i1", 1, CAUSE), ("i1", 2, OTHER), ("i1", 2, ""), ("i2", 2, CAUSE)]
)
def test_click_on_what_is_no_longer_there_shows_nothing(service, click):
    assert service().behind(*click) is None


def test_account_that_was_taken_from_the_channel_is_not_shown(service):
    assert names(service(red=[ELSEWHERE]).behind("i1", 2, CAUSE)) == ["carts"]
    assert names(service(blue=[ELSEWHERE]).behind("i1", 2, CAUSE)) == ["orders"]
    assert service(red=[ELSEWHERE], blue=[ELSEWHERE]).behind("i1", 2, CAUSE) is None


def test_scan_that_is_no_longer_stored_shows_nothing(service, redis):
    redis.delete(*redis.scan_iter("slsdiag:scan:r1*"))

    assert service().behind("i1", 2, CAUSE) is None


def test_each_cause_on_the_card_has_a_button_that_names_it(service):
    drawn = card.summary(Scan(NOON, SEEN, ()), "", "i1:2")
    beside = [block["accessory"] for block in drawn["blocks"] if "accessory" in block]

    assert [button["text"]["text"] for button in beside] == ["Show", "Show"]
    assert {action_of(button["action_id"]) for button in beside} == {ActionId.SHOW_FUNCTIONS}
    assert len({button["action_id"] for button in beside}) == len(beside)
    values = [button["value"].split(":", 2) for button in beside]
    shown = [names(service().behind(id_, int(round_), key)) for id_, round_, key in values]
    assert shown == [["billing"], ["orders", "carts"]]


def test_window_says_the_state_the_cause_and_each_function(service):
    texts = [block["text"]["text"] for block in window(service().behind("i1", 2, CAUSE))["blocks"]]

    assert texts == [
        "🟠 not reporting: Datadog owns the wrapper, 2 functions",
        f"• orders ({REGION} of {RED})\n• carts ({REGION} of {BLUE} · shop · not verified)",
    ]


def test_window_of_ten_thousand_functions_says_that_there_are_more(service):
    cluster = service().behind("i1", 2, CAUSE)
    many = tuple(replace(BLIND, name=f"orders-{number}") for number in range(10_000))
    blocks = window(replace(cluster, functions=many))["blocks"]

    assert len(blocks) < 100
    assert "slsdiag scan --csv lists all of them" in str(blocks[-1])


def test_causes_beyond_the_card_are_counted_on_it():
    seen = [replace(BLIND, name=f"f{n}", cause=f"cause-{n}") for n in range(card.RANKED + 2)]
    drawn = card.summary(Scan(NOON, tuple(seen), ()), "", "i1:2")

    assert "2 more causes, in the thread." in str(drawn["blocks"])
    assert "more cause" not in str(card.summary(Scan(NOON, SEEN, ()), "", "i1:2")["blocks"])
