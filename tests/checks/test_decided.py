"""What a scan need not read: the answer stays the same, whatever is in it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from situations import NOON, a_log, a_stack, evidence
from worlds import DENIED, FILTERS, STACKS, TRAFFIC, any_world

from checks.decided import decided
from checks.evidence import MetricPipe, Missing, NoStack
from checks.runbook import walk

UNREAD = ("log", "log_group", "filters", "traffic")
NOT_READ = Missing("Not read.")
WORLDS = int(os.environ.get("SLSDIAG_WORLDS", "80"))


def answer(known):
    report = walk(known)
    return report.verdict, report.cause, report.impact


def is_decided(first):
    return decided(walk(first), first, UNREAD)


def unseen(known):
    """As the first tier of a scan sees it."""
    return replace(known, **dict.fromkeys(UNREAD, NOT_READ))


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_world(), st.sampled_from(STACKS), st.lists(any_world(), min_size=4, max_size=4))
def test_nothing_that_was_not_read_changes_what_is_decided(world, stack, others):
    """Against the parts of other random worlds of the same function."""
    world = replace(world, stack=stack)
    first = unseen(world)
    assume(is_decided(first))
    for other in (world, *others):
        parts = {name: getattr(other, name) for name in UNREAD}
        whole = replace(world, **parts)
        assert answer(whole) == answer(first)


@pytest.mark.parametrize("filters", [*FILTERS, DENIED])
@pytest.mark.parametrize("traffic", TRAFFIC)
def test_missing_integration_is_decided_without_the_log(filters, traffic):
    gone = evidence(stack=NoStack(searched=("eu-west-1",)), role=None)

    assert is_decided(unseen(gone))
    whole = replace(gone, filters=filters, traffic=traffic, log=a_log())
    assert answer(whole) == answer(unseen(gone))


def test_wait_for_the_integration_is_decided_without_the_log():
    young = evidence(stack=a_stack(created_at=NOON - timedelta(minutes=4)))

    assert is_decided(unseen(young))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"environment": {"SLS_ORG_ID": "org-1a2b3c4d"}},
        {"environment": {"SLS_ORG_ID": ""}},
    ],
    ids=["healthy", "no wrapper", "empty org id"],
)
def test_what_a_payload_may_disprove_is_open(changes):
    assert not is_decided(unseen(evidence(**changes)))


def test_late_step_is_open_while_earlier_ones_are():
    """The metric stream needs no log; what comes before it does."""
    stopped = evidence(metric_pipe=MetricPipe("stopped"))
    first = walk(unseen(stopped))

    assert first.cause == "metrics_reach_the_metric_stream"
    assert not is_decided(unseen(stopped))


def test_runtime_before_the_integration_is_open():
    """No SDK for it, yet the log may show a payload: then the integration is the cause."""
    gone = evidence(stack=NoStack(searched=("eu-west-1",)), role=None)
    java = replace(gone, function=replace(gone.function, runtime="java21"))

    assert not is_decided(unseen(java))
