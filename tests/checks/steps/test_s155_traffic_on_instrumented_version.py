"""Who is invoked: $LATEST, or a version that is frozen without the SDK."""

from __future__ import annotations

import pytest
from situations import a_function, a_log, outcome_of
from worlds import a_log_of

from checks.evidence import Alias, Missing, Traffic
from checks.model import Impact, Verdict

DENIED = Missing("Denied.", "cloudwatch:ListMetrics")
LIVE = Alias("live", "7", 40, instrumented=False)
NUMBER = Alias("5", "5", 2_000, instrumented=False)
GOOD = Alias("blue", "8", 12, instrumented=True)
HIDDEN = Alias("dark", "6", 3, instrumented=None)


def tried(*published, log=None, unread=(), by_number=None, **changes):
    return outcome_of(
        "traffic_on_instrumented_version",
        traffic=Traffic(tuple(published), unread, by_number),
        log=log or a_log(),
        function=a_function(**changes),
    )


@pytest.mark.parametrize(
    ("published", "more", "verdict", "code"),
    [
        ((), {}, Verdict.OK, ""),
        ((GOOD,), {}, Verdict.OK, ""),
        ((Alias("idle", "7", 0, instrumented=False),), {}, Verdict.OK, ""),
        ((LIVE,), {}, Verdict.PROBLEM, "uninstrumented"),
        ((GOOD, LIVE), {}, Verdict.PROBLEM, "uninstrumented"),
        ((LIVE, HIDDEN), {}, Verdict.PROBLEM, "uninstrumented"),
        ((HIDDEN,), {}, Verdict.UNKNOWN, "not_read"),
        ((GOOD,), {"unread": ("other",)}, Verdict.UNKNOWN, "not_read"),
        ((Alias("dark", "6", 0, instrumented=None),), {}, Verdict.OK, ""),
        ((), {"by_number": DENIED}, Verdict.UNKNOWN, "not_read"),
        ((LIVE,), {"by_number": DENIED}, Verdict.PROBLEM, "uninstrumented"),
    ],
)
def test_finding_of_each_traffic(published, more, verdict, code):
    outcome = tried(*published, **more)

    assert (outcome.verdict, outcome.code) == (verdict, code)


def test_versions_and_counts_are_named():
    outcome = tried(LIVE, NUMBER, GOOD)

    assert "2,040 recent invocations" in outcome.saw
    assert "live (version 7)" in outcome.saw
    assert "5 (version 5)" in outcome.saw
    assert "blue" not in outcome.saw
    assert "1 published version with" in tried(GOOD).saw
    assert "No published version" in tried().saw


def test_hidden_ones_are_named():
    assert "dark, other" in tried(HIDDEN, unread=("other",)).saw
    outcome = tried(by_number=DENIED)
    assert "cloudwatch:ListMetrics" in outcome.actions[0].do
    assert "Denied." in outcome.saw


@pytest.mark.parametrize(
    ("log", "impact"),
    [
        (a_log_of(["payload"]), Impact.PARTIAL),
        (a_log_of(["payload", "bare", "bare", "bare"]), Impact.BLIND),
        (a_log_of(["bare"]), Impact.BLIND),
        (Missing("Denied."), Impact.BLIND),
    ],
)
def test_impact_is_partial_while_others_report(log, impact):
    assert tried(LIVE, log=log).impact is impact


def test_alias_moves_and_a_number_stays():
    alias, number = tried(LIVE).actions, tried(NUMBER).actions

    assert "through your pipeline" in alias[0].do
    assert alias[0].caution
    assert "only after Dashboard has instrumented" in alias[1].do
    assert "version 5 by its number" in number[1].do
    assert "Turn Instrument" not in str((alias, number))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"managed_instances": True}, "$LATEST.PUBLISHED, which stays"),
        ({"durable": True}, "the alias durable"),
        ({}, ""),
    ],
)
def test_why_calls_go_to_a_version(changes, words):
    saw = tried(
        Alias("$LATEST.PUBLISHED", "$LATEST.PUBLISHED", 9, instrumented=False), **changes
    ).saw

    assert words in saw
    assert saw.endswith(".")
    assert ("managed instances" in saw) == ("managed_instances" in changes)


def test_version_of_managed_instances_is_no_number():
    published = Alias("$LATEST.PUBLISHED", "$LATEST.PUBLISHED", 9, instrumented=False)

    assert "only after Dashboard" in tried(published, managed_instances=True).actions[1].do


def test_unsupported_runtime_comes_first():
    outcome = tried(LIVE, runtime="java21")

    assert [action.do[:23] for action in outcome.actions] == ["Use a supported runtime"]


def test_version_that_was_asked_for_is_judged_by_itself():
    outcome = tried(LIVE, qualifier="live", version="7")

    assert (outcome.verdict, "version 7" in outcome.saw) == (Verdict.OK, True)
