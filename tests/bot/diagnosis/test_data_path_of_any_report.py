"""In random worlds the data path stops at the cause, and Serverless is named only when all is well."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from worlds import any_world

from bot.diagnosis import data_path
from bot.diagnosis.data_path import State
from checks.model import Overall, Symptom
from checks.report import as_json
from checks.runbook import walk

WORLDS = int(os.environ.get("SLSDIAG_WORLDS", "100"))
many = settings(max_examples=WORLDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
THEIRS = "fault is on Serverless's side"


@many
@given(any_world())
def test_path_of_a_problem_stops_at_its_cause(world):
    report = walk(world)
    if report.verdict is not Overall.PROBLEM:
        return
    cause = report.line(report.cause)
    paths = [data_path.traces(report), data_path.metrics(report)]
    stops = [[stop.hop for stop in path if stop.state is State.STOPPED] for path in paths]
    hops = [{stop.hop for stop in path} for path in paths]

    assert any(cause.hop in on for on in hops)
    for on, stopped in zip(hops, stops, strict=True):
        assert stopped == ([cause.hop] if cause.hop in on else [])
    assert f"❌ {cause.hop.value}" in data_path.of_cause(report)


@many
@given(any_world())
def test_serverless_is_named_only_where_all_is_well(world):
    for symptom in Symptom:
        report = walk(world, symptom)
        text = str(as_json(report)) + "".join(data_path.text(report))
        assert (THEIRS in text) == (report.verdict is Overall.HEALTHY)


@many
@given(any_world())
def test_dashboard_is_never_shown_as_reached(world):
    report = walk(world)
    for path in (data_path.traces(report), data_path.metrics(report)):
        assert path[-1].state is State.NOT_REACHED
