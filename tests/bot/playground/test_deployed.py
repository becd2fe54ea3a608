"""Deployments in the fake account, and the Dashboard that repairs them after a while."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from bot.playground.account import bus
from bot.playground.account.demo_functions import NODE, REGION, healthy, healthy_account
from bot.playground.account.demo_functions.deployed import WRAPPER, deploy, undo
from bot.playground.account.demo_functions.fake_function import DEPLOY_RULE, TRAIL
from bot.playground.account.model import AwsAccount
from bot.watch.events import change_in
from bot.watch.model import Change, Source

SOON, PATIENCE = timedelta(milliseconds=50), 10.0


@pytest.fixture
def function():
    account = AwsAccount("123456789012")
    function = healthy(account, "checkout", NODE)
    healthy_account(account, function.now)
    bus.watched(account.region(REGION))
    function.config["Layers"].append({"Arn": function.layer("own", "111122223333")})
    return function


def layers(function):
    return [layer["Arn"].split(":")[6] for layer in function.config["Layers"]]


def heard(function):
    """What the queue brings of calls."""
    queue = function.region.queues[bus.NAME]
    read = [change_in(message.body) for message in queue.messages]
    return [each for each in read if isinstance(each, Change) and each.source is Source.CALL]


def repaired(function):
    ends_at = time.monotonic() + PATIENCE
    while WRAPPER not in function.variables and time.monotonic() < ends_at:
        time.sleep(0.01)
    return layers(function) == ["own", NODE.layer]


def test_a_deploy_takes_what_dashboard_added_and_nothing_else(function):
    deploy(function)

    assert layers(function) == ["own"]
    assert set(function.variables) == {"DB_PASSWORD", "STRIPE_KEY", "STAGE"}
    (change,) = heard(function)
    assert (change.functions, change.by) == (("checkout",), "role deploy-prod")
    stack = json.loads(function.region.queues[bus.NAME].messages[-1].body)
    assert "shop-prod" in stack["detail"]["stack-id"]


def test_undone_it_reports_again(function):
    deploy(function)
    undo(function)

    assert layers(function) == ["own", NODE.layer]
    assert [change.by for change in heard(function)] == ["role deploy-prod"] * 2
    assert "SERVERLESS_TELEMETRY" in function.group.events[-3][1]


def test_dashboard_repairs_after_a_while(function):
    function.account.repairs_after = SOON
    deploy(function)
    assert WRAPPER not in function.variables

    assert repaired(function)
    assert [change.how for change in heard(function)] == ["cloudformation", "dashboard"]


@pytest.mark.parametrize("deaf", ["trail", "rule"])
def test_dashboard_that_hears_of_nothing_repairs_nothing(function, deaf):
    function.account.repairs_after = SOON
    if deaf == "trail":
        function.account.trail.trails[TRAIL] = False
    else:
        function.region.rules[DEPLOY_RULE].enabled = False
    deploy(function)
    time.sleep(5 * SOON.total_seconds())

    assert layers(function) == ["own"]


def test_eventbridge_passes_on_no_call_without_a_trail(function):
    """What Lambda and CloudFormation say themselves needs none; the event history has every call."""
    function.account.trail.trails[TRAIL] = False
    deploy(function)

    assert heard(function) == []
    assert len(function.region.queues[bus.NAME].messages) == 2
    assert len(function.account.trail.recorded[REGION]) == 2
    function.account.trail.trails["audit"] = True
    undo(function)

    assert len(heard(function)) == 1
