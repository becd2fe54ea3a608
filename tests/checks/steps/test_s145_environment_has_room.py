"""What is missing must fit into the rest of the 4 KB, to the byte."""

from __future__ import annotations

import pytest
from situations import OURS_NODE, OURS_PYTHON, a_function, outcome_of
from worlds import a_log_of

from checks.evidence import Expected
from checks.model import Impact, Verdict

WRAPPER = len('"AWS_LAMBDA_EXEC_WRAPPER":"/opt/sls-sdk-node/exec-wrapper.sh",')
PYTHON_WRAPPER = len('"AWS_LAMBDA_EXEC_WRAPPER":"/opt/sls-sdk-python/exec_wrapper.py",')
ORG = len(f'"SLS_ORG_ID":"{"x" * 36}",')
OWN_ORG = len('"SLS_ORG_ID":"org-a",')


def tried(size, environment, end="bare", expected=None, runtime="nodejs22.x"):
    return outcome_of(
        "environment_has_room",
        environment=environment,
        environment_size=size,
        expected=Expected(org_id=expected),
        function=a_function(runtime=runtime),
        log=a_log_of([end]),
    )


@pytest.mark.parametrize(
    ("environment", "expected", "runtime", "needed"),
    [
        ({}, None, "nodejs22.x", WRAPPER + ORG),
        ({}, None, "python3.12", PYTHON_WRAPPER + ORG),
        ({}, "org-a", "nodejs22.x", WRAPPER + OWN_ORG),
        ({}, None, "java21", ORG),
        ({"SLS_ORG_ID": "o"}, None, "nodejs22.x", WRAPPER),
        ({"SLS_ORG_ID": ""}, None, "nodejs22.x", WRAPPER + ORG),
        ({"AWS_LAMBDA_EXEC_WRAPPER": "x"}, None, "nodejs22.x", ORG),
    ],
)
def test_room_is_measured_to_the_byte(environment, expected, runtime, needed):
    fits, full = (
        tried(4_096 - needed + more, environment, expected=expected, runtime=runtime)
        for more in (0, 1)
    )

    assert fits.verdict is Verdict.OK
    assert (full.verdict, full.code) == (Verdict.PROBLEM, "full")
    assert full.impact is Impact.BLIND
    assert f"about {needed} more" in full.saw
    assert f"{4_096 - needed + 1:,} of 4,096 bytes" in full.saw
    first = "Use a supported runtime" if runtime == "java21" else "Shorten variables"
    assert full.actions[0].do.startswith(first)


@pytest.mark.parametrize("environment", [OURS_NODE, OURS_PYTHON])
def test_nothing_missing_needs_no_room(environment):
    assert tried(4_096, environment).verdict is Verdict.OK


def test_missing_variables_are_named():
    outcome = tried(4_096, {"SLS_ORG_ID": "o"})

    assert "AWS_LAMBDA_EXEC_WRAPPER" in outcome.saw
    assert "SLS_ORG_ID" not in outcome.saw


def test_function_that_reports_needs_no_more():
    assert tried(4_096, {}, "payload").verdict is Verdict.OK
