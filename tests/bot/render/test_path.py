"""The way of the data: hop by hop, from a report alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.looking import look
from bot.playground.account.patients import PATIENTS, plant
from bot.render.path import text, ways
from checks.model import Symptom, Verdict

LOGGED = "telemetry_payload_logged"


@pytest.fixture
def report_of(aws):
    def report_of(name):
        patient = PATIENTS[name]
        bed = plant(aws.account(), patient, patient.languages[0])
        ask = look(bed.name, region=None, account=None, org=None, answers={})
        return ask.report(Symptom.BOTH)

    return report_of


@pytest.fixture
def healthy(report_of):
    return report_of("healthy")


def changed(report, **outcomes):
    """The report with some steps' outcomes, or (outcome, what was seen)."""
    lines = []
    for line in report.steps:
        new = outcomes.get(line.step, line.outcome)
        outcome, saw = new if isinstance(new, tuple) else (new, line.saw)
        lines.append(replace(line, outcome=outcome, saw=saw))
    return replace(report, steps=tuple(lines))


def last_good(report):
    traces, _ = ways(report)
    return next((hop.name for hop in traces.hops if hop.last_good), None)


def test_healthy_way_ends_where_theirs_begins(healthy):
    assert text(healthy) == [
        "ok        Runtime",
        "ok        SDK layer",
        "ok        Wrapper",
        "ok        Environment variables",
        "ok        Telemetry line in the log",
        "ok        Subscription filter",
        "ok        Firehose stream  <- traces come as far as this",
        "theirs    Serverless Framework Dashboard",
        "Traces come as far as the last hop that can be seen, Firehose stream. "
        "What follows is theirs.",
        "ok        Metric stream  <- metrics come as far as this",
        "theirs    Serverless Framework Dashboard",
        "Metrics come as far as the last hop that can be seen, Metric stream. "
        "What follows is theirs.",
    ]


@pytest.mark.parametrize(
    ("step", "good", "stops"),
    [
        ("runtime_supported", None, "Runtime"),
        ("layer_attached", "Runtime", "SDK layer"),
        ("wrapper_set", "SDK layer", "Wrapper"),
        ("org_id_set", "Wrapper", "Environment variables"),
        ("environment_has_room", "Wrapper", "Environment variables"),
        (LOGGED, "Environment variables", "Telemetry line in the log"),
    ],
)
def test_problem_is_yours_and_the_hop_before_is_the_last_good(healthy, step, good, stops):
    report = changed(healthy, **{step: Verdict.PROBLEM})
    drawn = text(report)

    assert last_good(report) == good
    assert f"problem   {stops}: yours" in drawn
    assert f"Traces stop at: {stops}. That is yours to mend, in your AWS account." in drawn


@pytest.mark.parametrize("outcome", [Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.WAIT])
def test_what_was_not_seen_is_nobodys(healthy, outcome):
    report = changed(healthy, wrapper_set=outcome, telemetry_payload_logged=Verdict.UNKNOWN)

    assert last_good(report) == "SDK layer"
    assert not [line for line in text(report) if "yours" in line]


def test_payload_in_the_log_proves_the_hops_before_it(healthy):
    report = changed(healthy, wrapper_set=Verdict.UNKNOWN, org_id_set=Verdict.SKIPPED)

    assert last_good(report) == "Firehose stream"


def test_payload_in_the_log_hides_no_problem(healthy):
    report = changed(healthy, wrapper_set=Verdict.PROBLEM)

    assert last_good(report) == "SDK layer"


@pytest.mark.parametrize(
    ("name", "good", "stops"),
    [
        ("no filter", "Telemetry line in the log", "Subscription filter"),
        ("filter astray", "Telemetry line in the log", "Subscription filter"),
        ("class without filters", "Telemetry line in the log", "Subscription filter"),
        ("Firehose gone", "Subscription filter", "Firehose stream"),
        ("Firehose going", "Subscription filter", "Firehose stream"),
        ("delivers nothing", "Subscription filter", "Firehose stream"),
    ],
)
def test_filter_and_stream_are_told_apart(report_of, name, good, stops):
    report = report_of(name)

    assert last_good(report) == good
    assert f"problem   {stops}: yours" in text(report)


def test_absent_metric_stream_is_no_good_hop(healthy):
    report = changed(healthy, metrics_reach_the_metric_stream=Verdict.NOTICE)

    assert "not seen  Metric stream" in text(report)


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_every_report_can_be_drawn(report_of, name):
    report = report_of(name)
    drawn = text(report)

    assert len(drawn) == 12
    assert sum("<- traces" in line for line in drawn) <= 1
    assert all(len(line) < 120 for line in drawn)
    traces, _ = ways(report)
    assert traces.whole == (traces.stops_at is None)
