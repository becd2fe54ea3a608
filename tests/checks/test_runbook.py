"""What is true of every step, and of the walk over them."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta
from inspect import signature
from pathlib import Path

import pytest
from planted import FULL, NO_PAYLOAD, PLANTED
from situations import (
    HEALTHY_LOG,
    LATELY,
    NOON,
    OURS_NODE,
    a_function,
    a_log,
    a_payload,
    a_stack,
    evidence,
    seen,
)

import checks
from checks.evidence import Evidence, MetricPipe, Missing
from checks.facts.sdk import WRAPPER_VARIABLE
from checks.log.sample import Kind
from checks.model import Hop, Overall, Symptom, Verdict
from checks.report import as_json, exit_status
from checks.runbook import DERIVED, RUNBOOK, short_name, try_step, walk
from checks.timeline import clock
from checks.verdict import set_aside

FOLDER = Path(checks.__file__).parent
PARTS = {*(field.name for field in fields(Evidence)), *DERIVED}
STEPS = pytest.mark.parametrize("step", RUNBOOK, ids=lambda step: step.slug)

# The other parts that these read only refine the words or the impact.
DECIDED_BY_THE_FUNCTION = {
    "runtime_supported",
    "no_function_instrumentation_errors",
    "layer_attached",
}
ALL_030 = (
    "runtime_supported region_supported integration_stack_exists integration_stack_in_us_east_1 "
    "no_account_integration_errors no_function_instrumentation_errors "
    "subscription_filter_to_spare code_size_within_limit layer_slot_to_spare environment_has_room"
)
# What is promised of the steps, retyped: number, slug, symptom, explained by.
TABLE = [
    ("010", "invoked", True, ""),
    ("012", "runtime_supported", False, ""),
    ("014", "region_supported", False, ""),
    ("020", "ten_minutes_passed", False, ""),
    ("030", "function_instrumented", False, ALL_030),
    ("040", "integration_stack_exists", False, "integration_stack_in_us_east_1"),
    ("050", "integration_stack_in_us_east_1", False, ""),
    (
        "060",
        "no_account_integration_errors",
        False,
        "integration_stack_exists integration_stack_in_us_east_1",
    ),
    (
        "070",
        "no_function_instrumentation_errors",
        False,
        "subscription_filter_to_spare code_size_within_limit layer_slot_to_spare "
        "environment_has_room",
    ),
    ("080", "subscription_filter_to_spare", False, ""),
    ("090", "code_size_within_limit", False, ""),
    ("100", "traces_not_sampled", False, ""),
    ("110", "telemetry_payload_logged", True, "invoked wrapper_initialized"),
    ("112", "payload_names_our_org", False, ""),
    ("118", "layer_slot_to_spare", False, ""),
    ("120", "layer_attached", False, f"function_instrumented {ALL_030}"),
    ("130", "wrapper_set", False, f"function_instrumented {ALL_030}"),
    ("140", "org_id_set", False, f"function_instrumented {ALL_030}"),
    ("145", "environment_has_room", False, ""),
    ("150", "no_conflicting_tool", False, ""),
    ("155", "traffic_on_instrumented_version", False, ""),
    ("160", "wrapper_initialized", True, "invoked"),
    ("170", "traces_reach_the_log_pipe", False, f"function_instrumented {ALL_030}"),
    (
        "180",
        "metrics_reach_the_metric_stream",
        False,
        "integration_stack_exists integration_stack_in_us_east_1 no_account_integration_errors",
    ),
]


def test_promised_steps_are_there_in_their_order():
    """A step that is added changes nothing of what those before it promise."""
    promised = {slug for _, slug, *_ in TABLE}
    found = [
        (s.number, s.slug, s.symptom, promised.intersection(s.explained_by))
        for s in RUNBOOK
        if s.slug in promised
    ]

    assert found == [(number, slug, sym, set(by.split())) for number, slug, sym, by in TABLE]


ASIDE = {
    Symptom.BOTH: "",
    Symptom.METRICS: "traces_not_sampled telemetry_payload_logged payload_names_our_org "
    "wrapper_initialized traces_reach_the_log_pipe",
    Symptom.TRACES: "metrics_reach_the_metric_stream",
}
"""What is promised not to count for a symptom, retyped."""


@pytest.mark.parametrize("symptom", Symptom)
def test_promised_steps_do_not_count_for_a_symptom(symptom):
    promised = {slug for _, slug, *_ in TABLE}

    assert set_aside(RUNBOOK, symptom) & promised == set(ASIDE[symptom].split())


@pytest.mark.parametrize("symptom", Symptom)
@pytest.mark.parametrize("explains", Symptom)
def test_new_step_counts_for_what_it_says_that_it_explains(explains, symptom):
    """Whatever its name: no list holds it."""
    added = replace(RUNBOOK[0], slug="new", explains=explains)
    counts = symptom is Symptom.BOTH or explains in {Symptom.BOTH, symptom}

    assert set_aside([added], symptom) == (set() if counts else {"new"})


@STEPS
def test_step_of_the_log_or_of_one_pipe_explains_that_alone(step):
    """What only the log or the metrics' pipe shows cannot be why the other data is missing."""
    way = {
        Hop.LOG_LINE: Symptom.TRACES,
        Hop.ORG: Symptom.TRACES,
        Hop.METRIC_STREAM: Symptom.METRICS,
    }

    assert step.explains is way.get(step.hop, step.explains)


def test_every_step_is_the_cause_in_a_planted_situation():
    assert {case.values[2] for case in PLANTED} == {step.slug for step in RUNBOOK}


def test_every_module_of_a_step_is_in_the_runbook():
    files = sorted(path.stem for path in FOLDER.glob("s[0-9][0-9][0-9]_*.py"))

    assert files == [f"s{step.number}_{step.slug}" for step in RUNBOOK]


@STEPS
def test_step_has_words_for_people(step):
    assert step.title.endswith("?")
    assert 40 < len(step.why) < 400


@STEPS
def test_short_name_is_no_spelled_out_identifier(step):
    """AWS's own names keep their spelling: us-east-1, SLS_ORG_ID."""
    mangled = ("us east 1", "org id", "pipe", "to spare")

    assert short_name(step.slug) == step.short_name
    assert len(step.short_name) <= 32
    assert not [each for each in mangled if each in step.short_name]


@STEPS
def test_step_names_parts_of_the_evidence(step):
    assert set(signature(step.check).parameters) <= PARTS


def test_steps_follow_the_sections_of_the_runbook():
    text = (FOLDER / "RUNBOOK.md").read_text()
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert list(dict.fromkeys(step.section for step in RUNBOOK)) == sections


@STEPS
def test_runbook_names_step_in_its_section(step):
    text = (FOLDER / "RUNBOOK.md").read_text()
    section = text.split(f"## {step.section}\n")[1].split("\n## ")[0]

    assert f"`{step.slug}`" in section


@STEPS
def test_step_is_never_ok_when_it_could_not_look(step):
    """Every part that it reads is gone: unknown, or skipped, never ok."""
    gone = {
        part: Missing("access denied", "some:Action") for part in step.reads if part != "function"
    }
    outcome = try_step(step, evidence(**gone))

    if gone and step.slug not in DECIDED_BY_THE_FUNCTION:
        assert getattr(outcome, "verdict", None) is Verdict.UNKNOWN
        assert "access denied" in outcome.saw


def test_missing_permission_is_named():
    missing = Missing("The role may not.", "cloudwatch:ListMetricStreams")
    report = walk(evidence(metric_pipe=missing))

    assert report.verdict is Overall.UNDETERMINED
    assert "cloudwatch:ListMetricStreams" in (report.steps[-1].remedy or "")


def test_healthy_says_up_to_which_hop():
    report = walk(evidence())

    assert [line.step for line in report.steps if line.outcome is Verdict.PROBLEM] == []
    assert (report.verdict, report.cause, report.impact) == (Overall.HEALTHY, None, None)
    assert "11:55:00" in report.summary
    assert "Serverless's side" in report.summary
    assert exit_status(report) == 0


def test_healthy_claims_only_the_way_that_was_asked_about():
    unlogged = evidence(log=a_log(seen(Kind.FINISHED)))
    report = walk(unlogged, Symptom.METRICS)

    assert report.verdict is Overall.HEALTHY
    assert "the metric stream is running" in report.summary
    assert "payload logged" not in report.summary
    assert (
        "can't explain that symptom: Invocations end without a telemetry payload" in report.summary
    )


@pytest.mark.parametrize(("changes", "verdict", "cause", "impact"), PLANTED)
def test_planted_cause_is_named(changes, verdict, cause, impact):
    report = walk(evidence(**changes))

    assert (report.verdict, report.cause, report.impact) == (verdict, cause, impact)


def test_wait_skips_the_rest():
    report = walk(evidence(stack=a_stack(created_at=NOON - timedelta(minutes=6)), log=a_log()))

    at = [line.step for line in report.steps].index("ten_minutes_passed")
    assert report.steps[at].until == NOON + timedelta(minutes=4)
    assert {line.outcome for line in report.steps[at + 1 :]} == {Verdict.SKIPPED}
    assert report.steps[0].because == "ten_minutes_passed"
    assert exit_status(report) == 3


def test_twenty_minutes_when_one_was_deleted_before():
    created = NOON - timedelta(minutes=12)
    stack = a_stack(created_at=created, deleted_before=created - timedelta(minutes=3))

    assert walk(evidence(stack=stack)).verdict is Overall.WAITING
    assert walk(evidence(stack=a_stack(created_at=created))).verdict is not Overall.WAITING
    unseen = a_stack(created_at=created, deletions_seen=False)
    assert walk(evidence(stack=unseen)).verdict is Overall.WAITING


def test_undetermined_counts_what_counts_and_names_what_was_set_aside():
    unseen = evidence(log=NO_PAYLOAD, metric_pipe=Missing("Denied.", "cloudwatch:Get"))
    report = walk(unseen, Symptom.METRICS)

    assert report.verdict is Overall.UNDETERMINED
    counted = len(RUNBOOK) - len(set_aside(RUNBOOK, Symptom.METRICS))
    assert f"1 of {counted} checks could not be decided" in report.summary
    assert (
        "can't explain that symptom: Invocations end without a telemetry payload" in report.summary
    )


def test_symptom_leaves_out_what_cannot_explain_it():
    stopped = evidence(metric_pipe=MetricPipe("stopped"))

    assert walk(stopped, Symptom.METRICS).cause == "metrics_reach_the_metric_stream"
    assert walk(stopped, Symptom.TRACES).verdict is Overall.HEALTHY
    assert walk(evidence(log=NO_PAYLOAD), Symptom.METRICS).verdict is Overall.HEALTHY


def test_presumed_answers_are_said():
    bare = evidence(function=a_function(layers=()), environment={}, filters=(), log=NO_PAYLOAD)
    report = walk(bare)
    toggle = next(line for line in report.steps if line.step == "function_instrumented")

    assert toggle.presumed
    assert toggle.question
    assert toggle.answers == ("It is off", "It is on", "It is not listed")


def test_answer_replaces_what_is_presumed():
    answers = {"no_account_integration_errors": "The account could not be reached"}
    report = walk(evidence(answers=answers))

    assert report.cause == "no_account_integration_errors"
    assert "could not be reached" in report.summary


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        pytest.param((), "(throttling)", id="throttled"),
        pytest.param(FULL, "(filter limit)", id="filters full"),
    ],
)
def test_rate_exceeded_is_told_apart_by_counting_filters(filters, words):
    answers = {"no_function_instrumentation_errors": "Rate exceeded"}
    report = walk(evidence(filters=filters, answers=answers))
    line = next(x for x in report.steps if x.step == "no_function_instrumentation_errors")

    assert words in line.saw


def test_json_has_every_key_of_the_interface():
    document = as_json(walk(evidence()))

    assert list(document) == [
        "schema",
        "function",
        "checked_at",
        "verdict",
        "cause",
        "impact",
        "headline",
        "summary",
        "changed",
        "steps",
    ]
    assert list(document["function"]) == ["name", "qualifier", "region", "account", "runtime"]
    keys = (
        "step title section outcome because headline saw remedy actions presumed until question "
        "answers"
    )
    assert all(list(line) == keys.split() for line in document["steps"])


def test_payload_from_before_the_change_is_history():
    report = walk(evidence(function=a_function(modified_at=LATELY + timedelta(minutes=1))))
    line = next(x for x in report.steps if x.step == "telemetry_payload_logged")

    assert line.outcome is Verdict.UNKNOWN
    assert f"until {clock(LATELY)} are history" in line.saw
    assert report.verdict is Overall.UNDETERMINED


@pytest.mark.parametrize(
    ("runtime", "version", "words"),
    [
        pytest.param("nodejs20.x", "0.15.15", "does nothing on", id="node ignores it"),
        pytest.param("python3.11", "0.3.3", "set SLS_DISABLE_TRACE_SAMPLING to true", id="python"),
        pytest.param("python3.11", "0.2.3", "does not know", id="old python"),
    ],
)
def test_sampling_switch_is_right_for_the_version(runtime, version, words):
    log = a_log(seen(Kind.TELEMETRY, payload=a_payload(sampled_out=True, sdk_version=version)))
    report = walk(evidence(function=a_function(runtime=runtime), log=log))
    line = next(x for x in report.steps if x.step == "traces_not_sampled")

    assert words in f"{line.saw} {line.remedy}"


def test_python_is_never_told_nodes_path():
    python = replace(a_function(runtime="python3.11"), layers=())
    report = walk(evidence(function=python, environment={}, filters=()))

    assert "sls-sdk-node" not in str(as_json(report))


@pytest.mark.parametrize(
    ("wrapper", "log", "warned"),
    [
        (OURS_NODE[WRAPPER_VARIABLE], HEALTHY_LOG, False),
        ("/var/task/start.sh", HEALTHY_LOG, True),
        ("/var/task/start.sh", a_log(), False),
    ],
)
def test_toggle_warns_who_starts_the_sdk_in_a_way_that_works(wrapper, log, warned):
    environment = OURS_NODE | {WRAPPER_VARIABLE: wrapper}
    report = walk(evidence(environment=environment, filters=(), log=log))
    line = report.line("traces_reach_the_log_pipe")
    toggles = [action for action in line.actions if action.instruments]

    assert len(toggles) == 1
    assert ("in the place of your own" in (toggles[0].caution or "")) is warned
