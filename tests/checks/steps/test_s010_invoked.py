"""The log proves an invocation before CloudWatch counts it; without either, its sums decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import LATELY, LONG_AGO, NOON, a_log, a_stack, evidence, outcome_of, seen
from worlds import a_log_of

from checks.evidence import Invocations, Missing, NoStack
from checks.log.sample import Kind
from checks.model import Verdict
from checks.runbook import walk
from checks.timeline import clock

MINUTE = timedelta(minutes=1)
HIDDEN = Missing("Denied.", "cloudwatch:GetMetricData")
NO_STACK_READ = Missing("Denied.", "cloudformation:DescribeStacks")
SETTLED = LONG_AGO + 10 * MINUTE


def sums(*pairs, errors=()):
    """Pairs of (start, count), a minute each."""
    return Invocations(tuple((at, 60, n) for at, n in pairs), NOON - timedelta(days=455), errors)


NO_SUMS, NO_LINES = sums(), a_log()


def tried(invocations=NO_SUMS, log=NO_LINES, **changes):
    return outcome_of("invoked", invocations=invocations, log=log, **changes)


def test_payload_in_the_log_proves_it_before_metrics_do():
    outcome = tried(sums(), a_log_of(["payload"]))

    assert outcome.verdict is Verdict.OK
    assert f"payload was logged on {clock(NOON - MINUTE)}" in outcome.saw


@pytest.mark.parametrize("end", ["bare", "timed_out", "crashed"])
def test_any_end_in_the_log_proves_it(end):
    outcome = tried(HIDDEN, a_log_of([end]))

    assert outcome.verdict is Verdict.OK
    assert f"shows an invocation on {clock(NOON - MINUTE)}" in outcome.saw


def test_what_still_runs_is_not_taken_for_an_end():
    assert tried(sums(), a_log(seen(Kind.STARTED))).code == "never"


def test_lines_from_before_the_integration_settled_prove_nothing():
    young = a_stack(created_at=NOON - 11 * MINUTE)

    assert tried(log=a_log_of(["payload"], NOON - 2 * MINUTE), stack=young).code == "never"
    assert tried(log=a_log_of(["payload"], NOON - 1 * MINUTE), stack=young).verdict is Verdict.OK


def test_lines_prove_nothing_while_the_stack_is_unread():
    outcome = tried(sums((LATELY, 3)), a_log_of(["payload"]), stack=NO_STACK_READ)

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "set_up_unknown")
    assert clock(LATELY) in outcome.saw
    assert "cloudformation:DescribeStacks" in outcome.actions[0].do


def test_never_invoked_is_a_problem_with_how_far_was_looked():
    outcome = tried(sums())

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "never")
    assert "455 days" in outcome.saw
    assert outcome.actions[0].command.startswith("aws lambda invoke")


def test_sums_that_could_not_be_read_leave_it_unknown():
    outcome = tried(HIDDEN, a_log())

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "not_read")


def test_counts_only_what_came_after_it_settled():
    outcome = tried(sums((SETTLED - MINUTE, 5), (SETTLED, 7), (LATELY, 2)))

    assert outcome.verdict is Verdict.OK
    assert "Invoked 9 times" in outcome.saw
    assert clock(SETTLED) in outcome.saw
    assert clock(LATELY) in outcome.saw


def test_period_that_it_settled_in_counts_for_it():
    at = SETTLED - timedelta(seconds=30)

    assert tried(sums((at, 4))).verdict is Verdict.OK


def test_invoked_only_before_it_settled():
    at = SETTLED - MINUTE
    outcome = tried(sums((at, 4)))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "before_set_up")
    assert clock(at) in outcome.saw
    assert clock(SETTLED) in outcome.saw


def test_without_a_stack_every_invocation_counts():
    outcome = tried(sums((LONG_AGO - timedelta(days=9), 1_500)), stack=NoStack())

    assert outcome.verdict is Verdict.OK
    assert "1,500 times" in outcome.saw


def test_it_is_a_symptom():
    report = walk(evidence(invocations=sums(), log=a_log(), stack=NoStack(), role=None))

    assert report.line("invoked").because == "integration_stack_exists"
