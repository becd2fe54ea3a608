"""
What a function did outweighs how it is configured: in random worlds, whatever they look like.

As many as SLSDIAG_WORLDS says, 5,000 for the figure: SLSDIAG_WORLDS=5000 pytest this file.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from situations import contradictions
from worlds import any_world, reporting, stopped

from checks.model import Overall, Verdict
from checks.proof import proof_of
from checks.runbook import walk

WORLDS = int(os.environ.get("SLSDIAG_WORLDS", "250"))
many = settings(max_examples=WORLDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROVED = {
    "runtime_supported",
    "function_instrumented",
    "no_function_instrumentation_errors",
    "code_size_within_limit",
    "telemetry_payload_logged",
    "layer_slot_to_spare",
    "layer_attached",
    "wrapper_set",
    "environment_has_room",
    "no_conflicting_tool",
    "wrapper_initialized",
}


@many
@given(reporting())
def test_payload_since_the_change_proves_the_setup(world):
    """Nothing but what a person answered of the toggle may be against it."""
    report = walk(world)
    answered = set(world.answers) & {"function_instrumented"}
    problems = {line.step for line in report.steps if line.outcome is Verdict.PROBLEM}

    assert proof_of(world).reports
    assert problems & PROVED - answered == set()


@many
@given(stopped())
def test_nobody_is_healthy_whose_payloads_stopped(world):
    assert walk(world).verdict is not Overall.HEALTHY


@many
@given(any_world())
def test_no_remedy_takes_away_what_the_same_report_calls_well(world):
    """But for the relief of a function that is down by that very thing."""
    assert contradictions(walk(world)) == []


@many
@given(reporting())
def test_nothing_takes_away_a_setup_that_reports(world):
    report = walk(world)
    for line in report.steps:
        for action in line.actions:
            assert not action.undoes, (line.step, action)
            assert not action.relief, (line.step, action)
