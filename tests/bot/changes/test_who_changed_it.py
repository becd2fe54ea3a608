"""Who changed it, where people and scripts read it: nothing private, and no call more where nothing is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.aws import parallel
from bot.aws.accounts import Accounts
from bot.cli import main
from bot.conversation import Conversation
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.card import card, private
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.summary import summary
from bot.diagnosis.support_text import bundle
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.playground.account.demo_functions.changed import PLANTERS
from bot.playground.account.trail.makers import PRIVATE
from bot.settings import read_aws_settings
from bot.store.connection import now
from bot.store.sharing import SharedValues
from tests.bot.diagnosis.card_rules import follows_the_rules

ASKED_FOR_A_CHANGE = {"LookupEvents", "GetResources"}
PLANTED = pytest.mark.parametrize("what", PLANTERS)


@pytest.fixture(autouse=True)
def unheld(monkeypatch):
    monkeypatch.setattr(parallel, "published_rate", lambda *_: None)


@pytest.fixture
def broken(aws):
    def broken(what):
        wanted = DEMO_FUNCTIONS[what]
        plant(aws.account(), wanted, wanted.languages[0])

    return broken


@pytest.fixture
def printed(capsys):
    def printed(*words):
        main(["check", "checkout", *words])
        return capsys.readouterr().out

    return printed


@pytest.mark.parametrize("what", ["removed by a deployment", "old version", "role gone"])
def test_command_line_names_whoever_it_was(broken, printed, aws, what):
    broken(what)
    said = printed("--json")
    changed = json.loads(said)["changed"]
    asked = [call for call in aws.calls if call.operation == "LookupEvents"]

    assert changed.keys() >= {"at", "by", "how", "what", "event_id"}
    assert 1 <= len(asked) <= 3
    assert f"{changed['by']} (" in printed().replace("\n", " ")
    assert not [word for word in PRIVATE if word in said + printed("-v")]


@PLANTED
def test_slack_names_no_user_and_nothing_private_is_shown_or_stored(broken, redis, what):
    broken(what)
    gatherer = CachedGatherer(
        Accounts(read_aws_settings()),
        SharedValues(redis),
        timedelta(minutes=5),
        partial(now, redis),
    )
    place = Conversation("T", "C", "U")
    request = Diagnosis("1", "checkout", place, datetime.now(UTC))
    report = gatherer.report(request, lambda _: None, lambda _: None)
    named = replace(report, changed=gatherer.changed(request, report))
    shown = [card(named, "1:1"), private(named, "1:1"), summary(named), bundle(named)]
    kept = [redis.hgetall(key) for key in redis.keys("*") if redis.type(key) == "hash"]

    follows_the_rules(named)
    assert named.changed.by in str(summary(named))
    assert " jo " not in str(shown)
    assert not [word for word in PRIVATE if word in f"{shown}{kept}{named}"]


def test_user_is_named_on_the_command_line_but_not_in_what_is_passed_on(broken, printed):
    broken("blank behind the wrapper's path")

    assert json.loads(printed("--json"))["changed"]["by"] == "jo"
    assert "by IAM user jo (AWS API)." in printed()
    assert "by an IAM user (AWS API)." in printed("--for-support")


def test_healthy_function_costs_no_call_more(broken, printed, aws):
    broken("healthy")
    said = json.loads(printed("--json"))

    assert (said["verdict"], said["changed"]) == ("healthy", None)
    assert not ASKED_FOR_A_CHANGE & {call.operation for call in aws.calls}


@pytest.mark.parametrize(
    "what", ["toggle off", "java", "payloads stopped", "update failed for the owner's reason"]
)
def test_cause_that_is_about_no_change_costs_none_either(broken, printed, aws, what):
    broken(what)

    assert json.loads(printed("--json"))["changed"] is None
    assert not ASKED_FOR_A_CHANGE & {call.operation for call in aws.calls}


def test_refusal_is_one_line_and_nothing_else_changes(broken, printed, aws):
    broken("layer gone")
    before = json.loads(printed("--json"))
    aws.fail("cloudtrail", "LookupEvents")
    said = json.loads(printed("--json"))

    assert said["changed"] == {"at": before["changed"]["at"], "by": None, "why": "denied"}
    assert {**said, "changed": 0, "checked_at": 0} == {**before, "changed": 0, "checked_at": 0}
    assert "cloudtrail:LookupEvents" in printed().replace("\n", " ")


def test_json_waits_no_longer_than_five_seconds(broken, printed, aws, monkeypatch):
    monkeypatch.setattr("bot.cli.check.NAMED_WITHIN", 0.3)  # what is 5 s there
    broken("layer gone")
    aws.latencies["LookupEvents"] = 2.0

    assert json.loads(printed("--json"))["changed"]["why"] == "unreachable"


def test_found_name_is_read_once_for_all_who_ask(broken, redis, aws):
    broken("layer gone")
    gatherer = CachedGatherer(
        Accounts(read_aws_settings()), SharedValues(redis), timedelta(0), partial(now, redis)
    )
    request = Diagnosis("1", "checkout", Conversation("T", "C", "U"), datetime.now(UTC))
    report = gatherer.report(request, lambda _: None, lambda _: None)
    first, second = gatherer.changed(request, report), gatherer.changed(request, report)

    assert first == second
    assert [call.operation for call in aws.calls].count("LookupEvents") == 1
