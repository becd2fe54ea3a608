"""Which runtimes the SDK has something for, and what AWS still lets be changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from situations import (
    NODE_LAYER,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    a_log,
    outcome_of,
)
from worlds import a_log_of

from checks.evidence import Missing
from checks.model import Impact, Verdict

REPORTS, BARE = a_log_of(["payload"]), a_log_of(["bare"])
HIDDEN = Missing("Denied.", "iam:GetRole")
TODAY = date(2026, 11, 23)


def tried(log=BARE, environment=None, edge_unread=None, now=None, **changes):
    more = {"now": now} if now else {}
    environment = OURS_NODE if environment is None else environment
    return outcome_of(
        "runtime_supported",
        function=a_function(**changes),
        log=log,
        environment=environment,
        edge_unread=edge_unread,
        **more,
    )


@pytest.mark.parametrize(
    ("runtime", "verdict", "code"),
    [
        (None, Verdict.PROBLEM, "container_image"),
        ("java21", Verdict.PROBLEM, "no_sdk"),
        ("provided.al2023", Verdict.PROBLEM, "no_sdk"),
        ("nodejs10.x", Verdict.PROBLEM, "no_sdk"),
        ("nodejs", Verdict.PROBLEM, "no_sdk"),
        ("python3.7", Verdict.PROBLEM, "no_sdk"),
        ("python3.8", Verdict.OK, ""),
        ("python3.12", Verdict.OK, ""),
        ("python3.13", Verdict.PROBLEM, "breaks_on_import"),
        ("python3.14", Verdict.PROBLEM, "breaks_on_import"),
        ("nodejs14.x", Verdict.OK, ""),
        ("nodejs22.x", Verdict.OK, ""),
        ("nodejs24.x", Verdict.OK, ""),
        ("nodejs26.x", Verdict.NOTICE, "not_tried"),
    ],
)
def test_verdict_of_each_runtime(runtime, verdict, code):
    outcome = tried(runtime=runtime, layers=())

    assert (outcome.verdict, outcome.code) == (verdict, code)
    assert (runtime or "image") in outcome.saw
    assert (outcome.impact is Impact.BLIND) == (verdict is Verdict.PROBLEM)


@pytest.mark.parametrize(
    ("runtime", "verdict", "code"),
    [
        (None, Verdict.OK, ""),
        ("java21", Verdict.NOTICE, "not_known_to_work"),
        ("python3.13", Verdict.NOTICE, "not_known_to_work"),
        ("python3.12", Verdict.OK, ""),
        ("nodejs26.x", Verdict.NOTICE, "not_tried"),
    ],
)
def test_payload_since_the_change_proves_the_runtime(runtime, verdict, code):
    outcome = tried(REPORTS, runtime=runtime, layers=())

    assert (outcome.verdict, outcome.code, outcome.impact) == (verdict, code, None)
    assert outcome.actions == ()


def test_remedy_of_an_image_and_of_another_language():
    assert "as a zip" in tried(runtime=None).actions[0].do
    assert "nodejs22.x" in tried(runtime="java21").actions[0].do


@pytest.mark.parametrize(
    ("wrapper", "layers", "down"),
    [
        (OURS_PYTHON, (PYTHON_LAYER,), True),
        (OURS_PYTHON, (NODE_LAYER,), False),
        (OURS_NODE, (PYTHON_LAYER,), False),
        ({}, (PYTHON_LAYER,), False),
        (Missing("Denied."), (PYTHON_LAYER,), False),
    ],
)
def test_python_3_13_is_down_where_the_sdk_wraps_it(wrapper, layers, down):
    outcome = tried(environment=wrapper, runtime="python3.13", layers=layers)

    assert outcome.impact is (Impact.DOWN if down else Impact.BLIND)
    assert [action.relief for action in outcome.actions] == (
        [True, False, False] if down else [False]
    )
    assert ("so the function fails" in outcome.saw) is down
    assert "python3.12" in outcome.actions[-1].do


@pytest.mark.parametrize(
    ("kind", "word"), [("managed_instances", "Managed instances"), ("durable", "Durable functions")]
)
def test_where_python_3_12_cannot_be_had_nobody_is_told_to_move_to_it(kind, word):
    outcome = tried(runtime="python3.13", layers=(), **{kind: True})

    assert word in outcome.actions[0].do
    assert "nodejs22.x" in outcome.actions[0].do


@pytest.mark.parametrize(
    ("log", "code"), [(BARE, "not_tried"), (a_log(), "not_tried"), (REPORTS, "")]
)
def test_managed_instances_are_a_notice_until_they_report(log, code):
    outcome = tried(log, runtime="nodejs22.x", managed_instances=True)

    assert outcome.code == code
    assert (outcome.verdict is Verdict.NOTICE) == bool(code)
    assert tried(log, runtime="nodejs22.x", durable=True).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("layers", "environment", "log", "verdict"),
    [
        ((), {}, BARE, Verdict.PROBLEM),
        ((NODE_LAYER,), {}, BARE, Verdict.PROBLEM),
        ((), OURS_NODE, BARE, Verdict.PROBLEM),
        ((NODE_LAYER,), OURS_NODE, BARE, Verdict.NOTICE),
        ((NODE_LAYER,), Missing("Denied."), BARE, Verdict.NOTICE),
        ((), {}, REPORTS, Verdict.NOTICE),
    ],
)
def test_runtime_that_aws_no_longer_updates_is_a_problem_where_an_update_is_needed(
    layers, environment, log, verdict
):
    outcome = tried(log, environment, runtime="nodejs12.x", layers=layers)

    assert (outcome.verdict, outcome.code) == (verdict, "updates_blocked")
    assert "AWS deprecated it" in outcome.saw
    assert ("cannot be put on the function" in outcome.saw) is (verdict is Verdict.PROBLEM)
    assert "AWS still updates" in outcome.actions[0].do


@pytest.mark.parametrize(
    ("day", "verdict"), [(date(2027, 3, 2), Verdict.OK), (date(2027, 3, 3), Verdict.NOTICE)]
)
def test_date_of_the_refusal_is_awss_own(day, verdict):
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    outcome = tried(now=now, runtime="nodejs18.x")

    assert outcome.verdict is verdict
    assert "1 Sep 2025" in outcome.saw
    assert "3 Mar 2027" in outcome.saw


def test_function_at_the_edge_is_never_told_to_use_the_toggle():
    outcome = tried(layers=(), environment={}, at_the_edge=True)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "at_the_edge")
    assert "Lambda@Edge" in outcome.saw
    assert "Leave Instrument alone" in outcome.actions[0].do
    assert tried(REPORTS, at_the_edge=True).verdict is not Verdict.PROBLEM


def test_role_that_could_not_be_read_leaves_the_edge_unknown():
    outcome = tried(edge_unread=HIDDEN)

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "not_read")
    assert "Denied." in outcome.saw
    assert "iam:GetRole" in outcome.actions[0].do
    assert tried(runtime="java21", edge_unread=HIDDEN).code == "no_sdk"
