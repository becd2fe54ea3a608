"""The data path: hop by hop, from a report alone; it agrees with the verdict."""

from __future__ import annotations

from datetime import timedelta

import pytest
from planted import PLANTED
from situations import NOON, a_log, a_stack, evidence

from bot.diagnosis.data_path import METRICS, TRACES, State, drawn, metrics, of_cause, text, traces
from checks.evidence import Missing
from checks.model import Hop, Overall, Symptom, Verdict
from checks.runbook import RUNBOOK, walk

HEALTHY = walk(evidence())
CASES = pytest.mark.parametrize("changes", [case.values[0] for case in PLANTED])


def stopped(path):
    return [stop.hop for stop in path if stop.state is State.STOPPED]


def test_healthy_path_is_reached_up_to_dashboard_which_is_never_asked():
    assert text(HEALTHY) == [
        "Traces: ✅ integration to Firehose → ⚪ Dashboard",
        "Metrics: ✅ integration, invoked, metric stream → ⚪ Firehose, Dashboard",
    ]


@CASES
def test_first_stop_is_the_hop_of_the_cause_and_nothing_behind_it_is_reached(changes):
    report = walk(evidence(**changes))
    cause = report.line(report.cause) if report.verdict is Overall.PROBLEM else None
    for path, hops in ((traces(report), TRACES), (metrics(report), METRICS)):
        assert stopped(path) == ([cause.hop] if cause and cause.hop in hops else [])


@CASES
def test_nothing_is_reached_behind_a_stop_but_what_a_logged_payload_proves(changes):
    report = walk(evidence(**changes))
    path = traces(report)
    if not stopped(path):
        return
    at = [stop.hop for stop in path].index(stopped(path)[0])
    behind = [stop.hop for stop in path[at + 1 :] if stop.state is State.REACHED]
    logged = report.line("telemetry_payload_logged").outcome == "ok"
    assert not behind or (logged and TRACES.index(behind[-1]) <= TRACES.index(Hop.LOG_LINE))


def test_what_could_not_be_read_is_not_reached():
    report = walk(evidence(filters=Missing("denied")))

    assert drawn(traces(report)).endswith("⚪ filter, Firehose, Dashboard")


def test_what_is_not_tried_before_a_wait_is_over_is_not_reached():
    report = walk(evidence(stack=a_stack(created_at=NOON - timedelta(minutes=4)), log=a_log()))
    tried = {line.hop for line in report.steps if line.outcome is Verdict.OK}

    assert report.verdict is Overall.WAITING
    for path in (traces(report), metrics(report)):
        assert {stop.hop for stop in path if stop.state is State.REACHED} <= tried


@pytest.mark.parametrize(
    ("symptom", "begins"),
    [(Symptom.TRACES, "Traces:"), (Symptom.METRICS, "Metrics:"), (Symptom.BOTH, "Traces:")],
)
def test_path_is_of_what_was_asked_about(symptom, begins):
    assert of_cause(walk(evidence(), symptom), symptom).startswith(begins)


def test_payload_in_the_log_proves_the_hops_before_it():
    report = walk(evidence(environment=Missing("denied")))

    assert drawn(traces(report)) == "✅ integration to Firehose → ⚪ Dashboard"


def test_every_step_has_a_hop_of_one_of_the_paths():
    assert {step.hop for step in RUNBOOK} | {Hop.FIREHOSE, Hop.DASHBOARD} == set(TRACES + METRICS)
