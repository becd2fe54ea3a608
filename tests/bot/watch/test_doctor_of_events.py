"""What doctor shows of the queues and of the trail that fills them."""

from __future__ import annotations

import pytest

from bot.doctor import events
from bot.playground.account import bus
from bot.playground.account.demo_functions import REGION
from tests.bot.watch.watched import PLACE

QUEUE, TRAIL = f"events:{PLACE}", f"trail:{PLACE}"


@pytest.fixture
def checked(watched):
    watched.account.trail.trails["audit"] = True
    return lambda channel=None: {
        check.check: check for check in events.queues(watched.accounts, channel)
    }


def test_all_is_well(checked, watched):
    watched.queue.send("{}")

    assert {name: check.outcome.value for name, check in checked().items()} == {
        QUEUE: "ok",
        TRAIL: "ok",
    }
    assert checked()[QUEUE].saw == "1 waiting, 0 being taken; no dead letters."


def test_dead_letters_are_a_problem(checked, watched):
    watched.queue.dead.send("{}")

    assert checked()[QUEUE].outcome == "problem"
    assert "1 dead letters" in checked()[QUEUE].saw


@pytest.mark.parametrize("logging", [None, False], ids=["no trail", "stopped"])
def test_rules_that_no_trail_feeds_are_a_problem(checked, watched, logging):
    watched.account.trail.trails.clear()
    if logging is not None:
        watched.account.trail.trails["audit"] = logging

    assert checked()[TRAIL].outcome == "problem"


@pytest.mark.parametrize("operation", ["DescribeTrails", "GetTrailStatus", "GetEventSelectors"])
def test_a_trail_that_may_not_be_read_is_unknown(checked, watched, operation):
    watched.aws.fail("cloudtrail", operation)

    assert checked()[TRAIL].outcome == "unknown"
    assert f"cloudtrail:{operation}" in checked()[TRAIL].saw


def test_a_queue_that_may_not_be_read_names_the_permission(checked, watched):
    watched.aws.fail("sqs", "GetQueueAttributes")

    assert checked()[QUEUE].outcome == "problem"
    assert "sqs:GetQueueAttributes" in checked()[QUEUE].saw


def test_a_queue_that_is_not_there_is_unknown(checked, watched):
    watched.account.region(REGION).queues.pop(bus.NAME)

    assert checked()[QUEUE].outcome == "unknown"
