"""Payloads come, have stopped, come for some only, or never came: each is a finding of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from situations import LONG_AGO, NOON, YESTERDAY, a_function, a_log, a_stack, outcome_of, seen
from worlds import MINUTE, a_log_of

from checks.evidence import Invocations, LogGroup, Missing
from checks.log.sample import Kind, LogLine, LogSample
from checks.model import Impact, Verdict
from checks.timeline import clock

GROUP = LogGroup("/aws/lambda/checkout")
DENIED = Missing("Denied.", "cloudwatch:GetMetricData")
NOBODY = Invocations((), LONG_AGO)
P, B = "payload", "bare"


def invoked(count=60, failed=0):
    at = NOON - 20 * MINUTE
    return Invocations(((at, 60, count),), LONG_AGO, ((at, 60, failed),) if failed else ())


def tried(log, invocations=NOBODY, group=GROUP, **changes):
    return outcome_of(
        "telemetry_payload_logged",
        log=log,
        invocations=invocations,
        log_group=group,
        function=a_function(**changes),
    )


def words(outcome):
    return " ".join(action.do for action in outcome.actions)


@pytest.mark.parametrize(
    ("ends", "verdict", "code", "impact"),
    [
        ([P], Verdict.OK, "", None),
        ([P, B, B], Verdict.OK, "", None),
        ([P, B, B, B], Verdict.PROBLEM, "stopped", Impact.BLIND),
        ([P, B, B, B, P], Verdict.PROBLEM, "mixed", Impact.PARTIAL),
        ([P, B, B, P], Verdict.OK, "", None),
        ([P, "timed_out"], Verdict.NOTICE, "cut_short_beside_payloads", Impact.PARTIAL),
        (["crashed", P], Verdict.NOTICE, "cut_short_beside_payloads", Impact.PARTIAL),
        (["timed_out"], Verdict.PROBLEM, "cut_short", Impact.BLIND),
        (["out_of_memory", "crashed"], Verdict.PROBLEM, "cut_short", Impact.BLIND),
        ([B, "timed_out"], Verdict.PROBLEM, "absent", Impact.BLIND),
        ([B], Verdict.PROBLEM, "absent", Impact.BLIND),
        ([], Verdict.UNKNOWN, "not_invoked", None),
    ],
)
def test_finding_of_each_mixture(ends, verdict, code, impact):
    outcome = tried(a_log_of(ends))

    assert (outcome.verdict, outcome.code, outcome.impact) == (verdict, code, impact)


def test_when_payloads_stopped_and_how_many_came_since():
    outcome = tried(a_log_of([P, "timed_out", B, B, B, B]))

    assert "4 invocations since" in outcome.headline
    assert f"stopped on {clock(NOON - 6 * MINUTE)}" in outcome.saw
    assert f"the last on {clock(NOON - MINUTE)}" in outcome.saw
    assert "1 timed out" in outcome.saw
    assert "SLS_SDK_DEBUG" in outcome.actions[0].command


def test_share_of_those_that_log_none():
    outcome = tried(a_log_of([P, B, B, B, P, P]))

    assert "3 of 6 invocations" in outcome.headline
    assert f"the last on {clock(NOON - MINUTE)}" in outcome.saw
    assert "Compare" in words(outcome)


def test_bare_ends_that_prove_nothing_are_said():
    outcome = tried(a_log_of([P, B, P, B, B]))

    assert "2 telemetry payloads" in outcome.saw
    assert "3 ended without one, 2 of them after the last payload" in outcome.saw
    assert "ended without" not in tried(a_log_of([P])).saw


def test_counts_of_what_was_cut_short():
    outcome = tried(a_log_of(["timed_out", "timed_out", "out_of_memory", "crashed", P]))

    assert "4 of 5 invocations" in outcome.headline
    assert "2 timed out and 1 ran out of memory and 1 crashed" in outcome.saw
    assert "timeout or memory" in words(outcome)


def test_counts_where_none_reported():
    outcome = tried(a_log_of([B, B, "timed_out", "out_of_memory"]))

    assert "2 ended, 1 timed out, 1 ran out of memory" in outcome.saw
    assert f"since {clock(YESTERDAY)}" in outcome.saw
    assert "SLS_SDK_DEBUG" in words(outcome)
    assert "never logs a payload" not in outcome.saw


def test_payloads_from_before_the_change_are_history():
    changed = NOON - 2 * MINUTE - MINUTE / 2
    outcome = tried(a_log_of([P, B, B]), modified_at=changed)

    assert outcome.code == "absent"
    assert f"until {clock(NOON - 3 * MINUTE)} are history" in outcome.saw


def test_payloads_that_cannot_be_read_are_logged_all_the_same():
    garbled = [seen(Kind.STARTED), seen(Kind.UNDECODABLE), seen(Kind.FINISHED)]
    both = a_log(*garbled, *a_log_of([P]).sightings)

    assert (tried(a_log(*garbled)).verdict, "not readable" in tried(a_log(*garbled)).saw) == (
        Verdict.OK,
        True,
    )
    assert "1 telemetry payload and 1 that cannot be read" in tried(both).saw


def test_own_lines_alone_are_no_silence():
    old = LogLine(Kind.HANDLER_RAN, NOON - 16 * MINUTE, "r-1")
    outcome = tried(a_log(old))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "no_platform_lines")
    assert "shows 1 invocation by" in outcome.saw
    assert "SLS_SDK_DEBUG" in words(outcome)


@pytest.mark.parametrize("kind", [Kind.HANDLER_RAN, Kind.STARTED, Kind.INVOCATION_STARTED])
def test_invocation_that_may_still_run_is_waited_for(kind):
    outcome = tried(a_log(LogLine(kind, NOON - 14 * MINUTE, "r-1")))

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "still_running")


@pytest.mark.parametrize(
    ("invocations", "group", "verdict", "code"),
    [
        (DENIED, GROUP, Verdict.UNKNOWN, "not_invoked"),
        (NOBODY, GROUP, Verdict.UNKNOWN, "not_invoked"),
        (invoked(), None, Verdict.UNKNOWN, "no_log_group"),
        (invoked(60, 60), GROUP, Verdict.PROBLEM, "fails_before_logging"),
        (invoked(60, 59), GROUP, Verdict.UNKNOWN, "log_shows_none"),
        (invoked(60, 0), GROUP, Verdict.UNKNOWN, "log_shows_none"),
        (invoked(60, 60), DENIED, Verdict.PROBLEM, "fails_before_logging"),
    ],
)
def test_empty_log_by_what_cloudwatch_counted(invocations, group, verdict, code):
    outcome = tried(a_log(), invocations, group)

    assert (outcome.verdict, outcome.code) == (verdict, code)
    assert outcome.actions
    if isinstance(invocations, Invocations) and invocations.sums:
        assert "Invoked 60 times" in outcome.saw


def test_what_was_not_read_to_its_end_proves_no_silence():
    outcome = tried(LogSample((), LONG_AGO, "the newest 3 pages"), invoked(60, 60))

    assert outcome.code == "log_shows_none"
    assert "the newest 3 pages" in outcome.saw


def test_bound_of_the_search_is_said():
    for ends in ([B] * 4, [P] * 4):
        log = LogSample(a_log_of(ends).sightings, LONG_AGO, "the newest 3 pages")

        assert "(read: the newest 3 pages)" in tried(log).saw
        assert "(read:" not in tried(a_log_of(ends)).saw


@pytest.mark.parametrize("ends", [[P], [B], [P, B], [B, P, B], [P, B, P], [P, P, P]])
def test_few_ends_of_a_log_that_was_read_in_part_are_no_proof(ends):
    log = a_log_of(ends)
    part = tried(replace(log, bound="the newest page"))

    assert (part.verdict, part.code) == (Verdict.UNKNOWN, "read_in_part")
    assert tried(log).verdict is not Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("ends", "code"), [([P, B, B, B], "stopped"), ([B] * 4, "absent"), ([P, P, P, P], "")]
)
def test_four_ends_of_a_log_that_was_read_in_part_are_judged(ends, code):
    assert tried(replace(a_log_of(ends), bound="the newest page")).code == code


@pytest.mark.parametrize("code", ["no_log_group", "log_shows_none"])
def test_role_that_may_not_log_is_named(code):
    outcome = tried(a_log(), invoked(), None if code == "no_log_group" else GROUP)

    assert outcome.code == code
    assert "logs:CreateLogStream" in outcome.actions[0].do


def test_frozen_version_is_debugged_by_a_deployment():
    outcome = tried(a_log_of([B]), qualifier="live", version="7")

    assert outcome.actions[0].command is None
    assert "new version is published" in outcome.actions[0].do


def test_counts_from_when_the_integration_settled():
    young = a_stack(created_at=NOON - 13 * MINUTE)
    before, after = (a_log_of([P], NOON - minutes * MINUTE) for minutes in (4, 3))

    outcome = outcome_of("telemetry_payload_logged", log=before, stack=young)
    assert outcome.verdict is Verdict.UNKNOWN
    assert clock(NOON - 3 * MINUTE) in outcome.saw
    assert outcome_of("telemetry_payload_logged", log=after, stack=young).verdict is Verdict.OK
