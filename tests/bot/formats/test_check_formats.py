"""A check's report for CI: no build is green that the exit status is not 0 for."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import HealthCheck, given, settings
from junit_rules import complaints
from planted import PLANTED
from situations import a_function, evidence
from worlds import any_world

from bot.formats.report import as_annotations, as_junit
from checks.model import Symptom, Verdict
from checks.report import exit_status
from checks.runbook import RUNBOOK, walk
from checks.verdict import set_aside

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def agree(report, symptom):
    """No format says another thing than the exit status."""
    root = fromstring(as_junit(report, symptom).encode())  # noqa: S314 - our own
    levels = [line.split(" ")[0] for line in as_annotations(report, symptom).split("\n")]

    assert complaints(root) == []
    green = (root.get("failures"), root.get("errors")) == ("0", "0")
    assert green == (exit_status(report) == 0)
    assert ("::error" in levels or "::warning" in levels) == (not green)
    assert [case.get("name") for case in root.iter("testcase")] == [s.slug for s in RUNBOOK]


@many
@given(any_world())
def test_a_report_is_green_exactly_when_the_status_is_0(world):
    for symptom in Symptom:
        agree(walk(world, symptom), symptom)


@pytest.mark.parametrize("changes", [pytest.param(c.values[0], id=c.id) for c in PLANTED])
def test_so_is_that_of_every_planted_situation(changes):
    world = evidence(**{"function": a_function(), **changes})
    for symptom in Symptom:
        agree(walk(world, symptom), symptom)


@many
@given(any_world())
def test_what_cannot_be_the_reason_is_skipped(world):
    report = walk(world, Symptom.METRICS)
    root = fromstring(as_junit(report, Symptom.METRICS).encode())  # noqa: S314 - our own
    ends = {case.get("name"): case[0] for case in root.iter("testcase")}

    for slug in set_aside(RUNBOOK, Symptom.METRICS):
        assert ends[slug].tag == "skipped"
        assert ends[slug].get("message") == (
            "Not counted: it cannot be the reason for missing metrics."
        )


@many
@given(any_world())
def test_a_problem_that_follows_from_another_is_named_with_it(world):
    report = walk(world)
    errors = [
        each for each in as_annotations(report, Symptom.BOTH).split("\n") if "::error" in each
    ]
    problems = [line for line in report.steps if line.outcome is Verdict.PROBLEM]

    assert len(errors) == sum(line.because is None for line in problems)
