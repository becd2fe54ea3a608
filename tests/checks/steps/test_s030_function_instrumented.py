"""Never switched on, without effect, removed by an update, or started by the function itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import (
    FIREHOSE,
    NODE_LAYER,
    NOON,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    evidence,
    layer,
    outcome_of,
)
from worlds import MINUTE, a_log_of

from checks.evidence import Expected, Filter, Missing, Withheld
from checks.model import Ask, Impact, Overall, Verdict, Wait
from checks.runbook import walk
from checks.s030_function_instrumented import signs_of
from checks.timeline import clock

BARE = a_log_of(["bare"])
CHANGED = NOON - timedelta(hours=2)
LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function"
OURS = Filter("serverless_logs-filter", FIREHOSE, created_at=CHANGED - MINUTE)


def tried(log=BARE, environment=None, filters=(), changed=CHANGED, answer=None, **changes):
    answers = {"function_instrumented": answer} if answer else {}
    expected = changes.pop("expected", Expected())
    return outcome_of(
        "function_instrumented",
        function=a_function(layers=changes.pop("layers", ()), modified_at=changed, **changes),
        environment={} if environment is None else environment,
        filters=filters,
        log=log,
        answers=answers,
        expected=expected,
    )


@pytest.mark.parametrize(
    ("layers", "environment", "sign"),
    [
        ((NODE_LAYER,), {}, "the SDK's layer"),
        ((PYTHON_LAYER,), {}, "the SDK's layer"),
        ((), {"AWS_LAMBDA_EXEC_WRAPPER": OURS_NODE["AWS_LAMBDA_EXEC_WRAPPER"]}, "AWS_LAMBDA"),
        ((), {"AWS_LAMBDA_EXEC_WRAPPER": OURS_PYTHON["AWS_LAMBDA_EXEC_WRAPPER"]}, "AWS_LAMBDA"),
        ((), {"SLS_ORG_ID": ""}, "SLS_ORG_ID"),
        ((), {"SLS_ORG_ID": Withheld(empty=True)}, "SLS_ORG_ID"),
    ],
)
def test_any_one_sign_shows_that_it_was_switched_on(layers, environment, sign):
    outcome = tried(layers=layers, environment=environment)

    assert outcome.verdict is Verdict.OK
    assert sign in outcome.saw
    assert len(signs_of(a_function(layers=layers), environment)) == 1


def test_another_tools_layer_and_wrapper_are_no_signs():
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"}

    assert signs_of(a_function(layers=(layer("Datadog-Node22-x"),)), environment) == []


def test_function_that_reports_without_a_sign_starts_the_sdk_itself():
    outcome = tried(a_log_of(["payload"]))

    assert outcome.verdict is Verdict.OK
    assert "function's own code or image" in outcome.saw


def test_only_dashboard_knows_the_toggle():
    outcome = tried()

    assert isinstance(outcome, Ask)
    assert outcome.answers == ("It is off", "It is on", "It is not listed")
    assert (outcome.presumes.verdict, outcome.presumes.code) == (Verdict.PROBLEM, "off")
    assert "Turn Instrument on" in outcome.presumes.actions[0].do


@pytest.mark.parametrize(
    ("answer", "code", "first"),
    [
        ("It is off", "off", "Turn Instrument on"),
        ("It is on", "on_without_effect", "Turn Instrument off"),
        ("It is not listed", "not_listed", "integration in Dashboard is of this AWS account"),
    ],
)
def test_answer_decides(answer, code, first):
    outcome = tried(answer=answer, filters=(OURS,))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, code)
    assert first in outcome.actions[0].do
    assert outcome.impact is Impact.BLIND


def test_answer_that_nobody_knows_is_no_answer():
    assert isinstance(tried(answer="perhaps"), Ask)


@pytest.mark.parametrize(
    ("filters", "log", "shows"),
    [
        ((OURS,), BARE, "subscription filter"),
        ((replace(OURS, created_at=None),), BARE, "subscription filter"),
        ((), a_log_of(["payload", "bare"], CHANGED + MINUTE // 2), "telemetry was logged until"),
        (Missing("Denied."), a_log_of(["payload"], CHANGED - MINUTE), clock(CHANGED - MINUTE)),
    ],
)
def test_what_an_update_took_is_told_from_what_was_never_on(filters, log, shows):
    outcome = tried(log, filters=filters)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "removed")
    assert shows in outcome.saw
    assert clock(CHANGED) in outcome.saw
    assert outcome.headline == "A deployment removed the SDK"
    assert "stages.STAGE.observability" in outcome.actions[0].do
    assert "Turn Instrument off" in outcome.actions[1].do


@pytest.mark.parametrize(
    "filters",
    [
        (Filter("other", "arn:aws:lambda:eu-west-1:1:function:f", created_at=CHANGED - MINUTE),),
        (replace(OURS, created_at=CHANGED),),
        (replace(OURS, created_at=CHANGED + MINUTE),),
        Missing("Denied."),
    ],
)
def test_nothing_shows_that_it_was_on(filters):
    assert isinstance(tried(filters=filters), Ask)


@pytest.mark.parametrize(("seconds", "waits"), [(0, True), (119, True), (120, False), (121, False)])
def test_dashboard_has_two_minutes_to_repair_it(seconds, waits):
    changed = NOON - timedelta(seconds=seconds)
    outcome = tried(filters=(OURS,), changed=changed)

    assert isinstance(outcome, Wait) is waits
    if waits:
        assert outcome.code == "may_be_repaired"
        assert outcome.until == changed + timedelta(minutes=2)


def test_how_long_it_has_is_a_setting():
    changed = NOON - 2 * MINUTE
    long = Expected(repaired_within=3 * MINUTE)

    assert tried(filters=(OURS,), changed=changed, expected=long).until == changed + 3 * MINUTE
    assert tried(filters=(OURS,), changed=changed).code == "removed"


def test_a_report_waits_with_it():
    changed = NOON - timedelta(seconds=30)
    bare = a_function(layers=(), modified_at=changed)
    report = walk(evidence(function=bare, environment={}, filters=(OURS,), log=a_log_of([])))

    assert (report.verdict, report.cause) == (Overall.WAITING, "function_instrumented")
    assert report.line("wrapper_set").outcome is Verdict.SKIPPED


def test_frozen_version_is_deployed_again():
    outcome = tried(filters=(OURS,), qualifier="live", version="7")

    assert "Turn Instrument" not in " ".join(action.do for action in outcome.actions)


@pytest.mark.parametrize("answer", ["It is off", "It is on"])
def test_toggle_that_a_deployment_would_undo_says_so(answer):
    toggle = tried(answer=answer).actions[0]

    assert "stages.STAGE.observability: false" in toggle.caution
    assert "osls or Serverless Framework 3" in toggle.caution


def test_what_keeps_the_sdk_is_said_for_whatever_deploys():
    keep = tried(filters=(OURS,)).actions[0]

    assert "stages.STAGE.observability: true in serverless.yml" in keep.do
    assert "SAM, CDK or Terraform" in keep.do
    assert "(Framework 4)" in keep.do


@pytest.mark.parametrize("answer", [None, "It is not listed"])
def test_without_an_sdk_for_the_runtime_nothing_is_kept_or_listed(answer):
    (action,) = tried(answer=answer, filters=(OURS,), runtime="java21").actions

    assert action.do.startswith("Use a supported runtime")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, False),
        ({"environment": {"AXIOM_TOKEN": Withheld(empty=False)}}, True),
        ({"environment": {"OUR_AXIOM_": Withheld(empty=False)}}, False),
        ({"layers": (layer("axiom-extension-arm64"),)}, True),
        ({"layers": (layer("sharp"),)}, False),
        ({"filters": (Filter("logs", f"{LAMBDA}:axiom-cloudwatch-forwarder"),)}, True),
        ({"filters": (Filter("axiom", f"{LAMBDA}:shipper"),)}, False),
        ({"filters": (Filter("odd", "no arn"),)}, False),
        ({"filters": Missing("Denied.")}, False),
    ],
)
def test_axiom_is_named_where_it_takes_dashboards_place(changes, named):
    outcome = tried(answer="It is off", **changes)

    assert (outcome.code, "takes either Axiom or Dashboard" in outcome.saw) == ("off", named)
