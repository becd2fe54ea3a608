"""The words and the figures of a verdict, and the small values that it rests on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import NOON, OURS_NODE, a_function, a_log, a_stack, evidence, seen

from checks.evidence import Missing
from checks.evidence.region import MetricPipe
from checks.log.sample import Kind, LogSample
from checks.model import Impact, Overall, Symptom
from checks.runbook import walk
from checks.timeline import clock

MINUTE = timedelta(minutes=1)
SILENT = a_log(seen(Kind.FINISHED))
DOWN = {"function": a_function(layers=()), "log": SILENT}
HIDDEN = Missing("Denied.", "cloudwatch:ListMetricStreams")


def test_wait_says_until_when():
    report = walk(evidence(stack=a_stack(created_at=NOON - 6 * MINUTE), log=a_log()))
    line = report.line(report.cause)

    assert report.verdict is Overall.WAITING
    assert report.summary == f"{line.saw} Wait until {clock(NOON + 4 * MINUTE)}."
    assert report.headline == line.headline


def test_problem_says_what_was_seen_and_no_time():
    report = walk(evidence(environment=OURS_NODE | {"SLS_ORG_ID": ""}, log=SILENT))

    assert report.summary == report.line("org_id_set").saw
    assert "Wait until" not in report.summary
    assert report.headline == report.line("org_id_set").headline


def test_what_is_down_comes_before_its_cause():
    alone = walk(evidence(**DOWN))
    layers = tuple(f"arn:aws:lambda:eu-west-1:1:layer:other-{n}:1" for n in range(5))
    full = walk(evidence(function=a_function(layers=layers), log=SILENT))

    assert (alone.impact, alone.cause) == (Impact.DOWN, "layer_attached")
    down = alone.line("layer_attached")
    assert alone.summary == f"The function cannot start. {down.saw}"
    assert alone.headline == down.headline
    assert (full.impact, full.cause) == (Impact.DOWN, "layer_slot_to_spare")
    cause = full.line("layer_slot_to_spare")
    down = full.line("layer_attached")
    assert full.summary == f"The function cannot start. {down.saw} The cause: {cause.saw}"
    assert full.headline == down.headline
    assert down.because == "layer_slot_to_spare"


def test_undetermined_counts_what_is_hidden_and_names_the_first():
    report = walk(evidence(metric_pipe=HIDDEN))

    assert report.verdict is Overall.UNDETERMINED
    assert f"1 of {len(report.steps)} checks" in report.summary
    assert (report.cause, report.impact) == (None, None)
    assert report.headline


@pytest.mark.parametrize(
    ("symptom", "verdict"),
    [
        (Symptom.TRACES, Overall.HEALTHY),
        (Symptom.METRICS, Overall.UNDETERMINED),
        (Symptom.BOTH, Overall.UNDETERMINED),
    ],
)
def test_what_cannot_explain_the_symptom_does_not_count(symptom, verdict):
    assert walk(evidence(metric_pipe=HIDDEN), symptom).verdict is verdict


def test_log_since_a_moment_begins_with_it():
    untimed = seen(Kind.FINISHED, at=None)
    early, at, late = (seen(Kind.FINISHED, NOON + n * MINUTE) for n in (-1, 0, 1))
    sample = LogSample((untimed, early, at, late))

    assert sample.since(NOON).sightings == (untimed, at, late)
    assert sample.since(None) == sample


def test_firehose_that_was_not_read_says_why():
    denied = MetricPipe("running", firehose_unreadable="Denied.", firehose_action="firehose:X")

    assert denied.firehose_missing == Missing("Denied.", "firehose:X")
    assert MetricPipe("running").firehose_missing == Missing("It was not read.")
