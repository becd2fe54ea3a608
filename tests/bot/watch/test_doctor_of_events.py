"""What doctor shows of the queues and of the trail that fills them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.aws import event_rules
from bot.doctor import events
from bot.playground.account import bus
from bot.playground.account.demo_functions import REGION
from bot.store.connection import now
from bot.store.events import arrivals
from tests.bot.watch.watched import PLACE, catches_up

QUEUE, TRAIL, RULES = f"events:{PLACE}", f"trail:{PLACE}", f"rules:{PLACE}"
LAST, HISTORY = f"last_event:{PLACE}", f"catch_up:{PLACE}"


@pytest.fixture
def checked(watched):
    """Now, and of an account whose clock is right."""
    watched.at = now(watched.redis)
    watched.account.trail.trails["audit"] = True
    return lambda arrived=None: {
        check.check: check
        for check in events.queues(
            watched.accounts, None, arrived or arrivals(watched.redis, [PLACE], watched.at)
        )
    }


def test_all_is_well(checked, watched):
    watched.deploys_of(watched.function("orders"))
    watched.polls()
    catches_up(watched)
    watched.queue.send("{}")
    found = checked()

    assert {name: check.outcome.value for name, check in found.items()} == dict.fromkeys(
        (QUEUE, RULES, TRAIL, LAST, HISTORY), "ok"
    )
    assert re.fullmatch(
        r"1 waiting, 0 being taken, the oldest for \d s; no dead letters.", found[QUEUE].saw
    )
    assert re.fullmatch(r"The last event came \d s ago.", found[LAST].saw)
    assert re.match(
        r"The event history was read \d s ago. It is complete until", found[HISTORY].saw
    )


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [pytest.param(2, "ok", id="a while"), pytest.param(20, "problem", id="long")],
)
def test_a_message_that_waits_for_long_is_a_problem(checked, watched, minutes, outcome):
    watched.queue.send("{}")
    watched.queue.messages[0].sent_at -= 60 * minutes

    assert checked()[QUEUE].outcome == outcome
    assert f"the oldest for {minutes} min" in checked()[QUEUE].saw


def test_an_age_that_may_not_be_read_is_unknown(checked, watched):
    watched.aws.fail("cloudwatch", "GetMetricData")
    watched.queue.send("{}")

    assert checked()[QUEUE].outcome == "unknown"
    assert "cloudwatch:GetMetricData" in checked()[QUEUE].saw
    assert checked()[QUEUE].remedy == events.GRANT


def test_an_age_that_nobody_measured_yet_is_unknown(checked, watched):
    watched.queue.send("{}")
    watched.queue.messages[0].received = 4  # CloudWatch leaves it out

    assert checked()[QUEUE].outcome == "unknown"
    assert "has not measured" in checked()[QUEUE].saw


@pytest.mark.parametrize("rule", event_rules.NAMES)
@pytest.mark.parametrize(
    ("how", "saw"),
    [
        pytest.param(lambda rules, name: rules.pop(name), "does not exist", id="gone"),
        pytest.param(
            lambda rules, name: setattr(rules[name], "enabled", False), "is disabled", id="off"
        ),
        pytest.param(
            lambda rules, name: rules[name].targets.clear(),
            "does not send to the queue",
            id="no target",
        ),
    ],
)
def test_a_rule_that_sends_nothing_is_a_problem(checked, watched, rule, how, saw):
    how(watched.account.region(REGION).rules, rule)

    assert checked()[RULES].outcome == "problem"
    assert checked()[RULES].saw == f"{rule} {saw}."


@pytest.mark.parametrize("operation", ["DescribeRule", "ListTargetsByRule"])
def test_a_rule_that_may_not_be_read_is_unknown(checked, watched, operation):
    watched.aws.fail("events", operation)

    assert checked()[RULES].outcome == "unknown"
    assert f"events:{operation}" in checked()[RULES].saw
    assert checked()[RULES].remedy == events.GRANT


def test_nothing_that_came_is_unknown(checked):
    assert checked()[LAST].outcome == "unknown"
    assert checked()[HISTORY].outcome == "unknown"


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [pytest.param(5, "unknown", id="lately"), pytest.param(60, "problem", id="long")],
)
def test_a_history_that_may_not_be_read_names_the_permission(checked, watched, minutes, outcome):
    watched.aws.fail("cloudtrail", "LookupEvents")
    watched.at -= timedelta(minutes=minutes)
    catches_up(watched)
    watched.at += timedelta(minutes=minutes)

    assert checked()[HISTORY].outcome == outcome
    assert "AWS does not allow cloudtrail:LookupEvents." in checked()[HISTORY].saw
    assert "policy --watch" in checked()[HISTORY].remedy


def test_a_history_that_nobody_reads_is_a_problem(checked, watched):
    watched.at -= timedelta(hours=2)
    catches_up(watched)
    watched.at += timedelta(hours=2)

    assert checked()[HISTORY].outcome == "problem"


def test_without_a_store_what_came_is_skipped(checked):
    assert checked("REDIS_URL is not set.")[LAST].outcome == "skipped"
    assert HISTORY not in checked("REDIS_URL is not set.")


def test_dead_letters_are_a_problem(checked, watched):
    watched.queue.dead.send("{}")

    assert checked()[QUEUE].outcome == "problem"
    assert "1 dead letter:" in checked()[QUEUE].saw


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

    assert checked()[QUEUE].outcome == "unknown"
    assert "sqs:GetQueueAttributes" in checked()[QUEUE].saw


def test_a_queue_that_is_not_there_is_unknown(checked, watched):
    watched.account.region(REGION).queues.pop(bus.NAME)

    assert checked()[QUEUE].outcome == "unknown"
