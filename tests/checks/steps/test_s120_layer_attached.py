"""The layer is there, another runtime's, absent, or absent with a wrapper that leads into it."""

from __future__ import annotations

import pytest
from situations import (
    NODE_LAYER,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    layer,
    outcome_of,
)
from worlds import a_log_of

from checks.evidence import Missing
from checks.model import Impact, Verdict

UNSET = {"SLS_ORG_ID": "o"}


def tried(layers, environment=None, end="bare", **changes):
    return outcome_of(
        "layer_attached",
        function=a_function(layers=layers, **changes),
        environment=UNSET if environment is None else environment,
        log=a_log_of([end]),
    )


@pytest.mark.parametrize(
    ("layers", "runtime"),
    [
        ((NODE_LAYER,), "nodejs22.x"),
        ((PYTHON_LAYER,), "python3.12"),
        ((layer("own"), PYTHON_LAYER, NODE_LAYER), "nodejs22.x"),
    ],
)
def test_layer_of_the_runtime_is_there(layers, runtime):
    outcome = tried(layers, runtime=runtime)
    name = "sls-sdk-node-v0-15-15" if runtime == "nodejs22.x" else "sls-sdk-python-v0-3-3"

    assert outcome.verdict is Verdict.OK
    assert f"{name} is attached" in outcome.saw


@pytest.mark.parametrize(
    ("layers", "environment", "runtime", "code", "impact"),
    [
        ((), UNSET, "nodejs22.x", "absent", Impact.BLIND),
        ((layer("own"),), UNSET, "nodejs22.x", "absent", Impact.BLIND),
        ((), Missing("Denied."), "nodejs22.x", "absent", Impact.BLIND),
        ((), OURS_NODE, "nodejs22.x", "down", Impact.DOWN),
        ((), OURS_PYTHON, "python3.12", "down", Impact.DOWN),
        ((), OURS_PYTHON, "nodejs22.x", "down", Impact.DOWN),
        ((PYTHON_LAYER,), UNSET, "nodejs22.x", "other_language", Impact.BLIND),
        ((PYTHON_LAYER,), OURS_NODE, "nodejs22.x", "down", Impact.DOWN),
        ((PYTHON_LAYER,), OURS_PYTHON, "nodejs22.x", "other_language", Impact.BLIND),
        ((), OURS_NODE, None, "absent", Impact.BLIND),
        ((), OURS_NODE, "provided.al2023", "absent", Impact.BLIND),
        ((), {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/x"}, "nodejs22.x", "absent", Impact.BLIND),
        (
            (),
            {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/sls-sdk-node/exec-wrapper.sh "},
            "nodejs22.x",
            "absent",
            Impact.BLIND,
        ),
    ],
)
def test_finding_of_each_absence(layers, environment, runtime, code, impact):
    outcome = tried(layers, environment, runtime=runtime)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, code)
    assert outcome.impact is impact
    assert outcome.actions[0].relief is (impact is Impact.DOWN)
    assert ("still leads into it" in outcome.saw) is (impact is Impact.DOWN)
    assert ("another runtime's" in outcome.headline) is (code == "other_language")


def test_other_languages_layer_is_named():
    assert "sls-sdk-python-v0-3-3" in tried((PYTHON_LAYER,)).saw
    assert "nodejs22.x" in tried((PYTHON_LAYER,)).saw


def test_remedy_is_the_toggle_and_of_a_frozen_version_a_deployment():
    assert "Turn Instrument off" in tried(()).actions[0].do
    frozen = tried((), OURS_NODE, qualifier="live", version="7")
    assert "move the alias" in frozen.actions[0].do
    assert frozen.actions[0].relief
    assert "Turn Instrument" not in str(frozen.actions)


@pytest.mark.parametrize(
    ("layers", "verdict", "code"),
    [((), Verdict.OK, ""), ((PYTHON_LAYER,), Verdict.NOTICE, "unusual")],
)
def test_function_that_reports_needs_no_layer(layers, verdict, code):
    outcome = tried(layers, OURS_NODE, "payload")

    assert (outcome.verdict, outcome.code, outcome.actions) == (verdict, code, ())
    assert "telemetry is logged" in outcome.saw
