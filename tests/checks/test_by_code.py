"""Each finding code of a step has a situation, and what is said there can be shown and done."""

from __future__ import annotations

import pytest
from by_code import BY_CODE
from situations import evidence

from checks.model import NOT_READ, Ask, Impact, Verdict
from checks.runbook import RUNBOOK, step_named, try_step, walk

CASES = [
    pytest.param(slug, code, changes, id=f"{slug} {code}")
    for slug, codes in BY_CODE.items()
    for code, changes in codes.items()
]
ELSEWHERE = {
    "ten_minutes_passed",
    "integration_stack_exists",
    "integration_stack_in_us_east_1",
    "no_account_integration_errors",
    "no_function_instrumentation_errors",
    "subscription_filter_to_spare",
    "traces_reach_the_log_pipe",
    "metrics_reach_the_metric_stream",
}
"""Steps of what is outside the function: their own files hold a situation for each code."""


def test_every_code_of_every_step_has_a_situation():
    assert {step.slug for step in RUNBOOK} == set(BY_CODE) | ELSEWHERE
    for slug, codes in BY_CODE.items():
        assert set(codes) == set(step_named(slug).codes), slug


@pytest.mark.parametrize(("slug", "code", "changes"), CASES)
def test_situation_has_its_code(slug, code, changes):
    outcome = try_step(step_named(slug), evidence(**changes))
    said = outcome.presumes if isinstance(outcome, Ask) else outcome

    assert said.code == code
    assert said.saw
    assert 0 < len(said.headline) <= 60


@pytest.mark.parametrize(("slug", "code", "changes"), CASES)
def test_whole_report_of_it_can_be_shown_and_acted_upon(slug, code, changes):
    report = walk(evidence(**changes))
    for line in report.steps:
        if line.outcome in {Verdict.OK, Verdict.SKIPPED}:
            assert (line.code, line.headline) == ("", None)
            continue
        assert line.code in {*step_named(line.step).codes, NOT_READ}
        assert 0 < len(line.headline) <= 60, line.headline
        assert line.actions or line.outcome is not Verdict.PROBLEM
        for number, action in enumerate(line.actions):
            assert action.do[0].isupper()
            assert not action.do.endswith(".")
            assert not action.relief or number == 0
    relieved = any(action.relief for line in report.steps for action in line.actions)
    assert relieved == (report.impact is Impact.DOWN)
