"""
What is recommended can be done and helps: walked over every situation, in either language.

Each situation is tried with functions that differ in what limits a remedy: the runtime, whether
AWS still updates it, whether the version is frozen, who runs it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from by_code import BY_CODE
from planted import PLANTED
from situations import (
    NODE_LAYER,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    a_log,
    evidence,
    seen,
)

from checks.actions import make_supported
from checks.evidence import Missing
from checks.facts.sdk import LANGUAGES, NODE, PYTHON, WRAPPER_VARIABLE, language_of, layer_of
from checks.log.sample import Kind
from checks.model import Verdict
from checks.runbook import walk

SITUATIONS = [
    *((case.id, case.values[0]) for case in PLANTED),
    *((f"{slug} {code}", each) for slug, codes in BY_CODE.items() for code, each in codes.items()),
]
BLOCKED = {"read_on": date(2027, 3, 3)}
KINDS = {
    "node": {"runtime": "nodejs22.x"},
    "python": {"runtime": "python3.12"},
    "python of a version": {"runtime": "python3.12", "qualifier": "live", "version": "7"},
    "python that AWS no longer updates": {"runtime": "python3.9", **BLOCKED},
    "python that is too old": {"runtime": "python3.6"},
    "python that the SDK breaks": {"runtime": "python3.13"},
    "java": {"runtime": "java21"},
    "durable": {"runtime": "nodejs22.x", "durable": True},
    "at the edge": {"runtime": "nodejs22.x", "at_the_edge": True},
}
OURS = {NODE: OURS_NODE[WRAPPER_VARIABLE], PYTHON: OURS_PYTHON[WRAPPER_VARIABLE]}
LAYER = {NODE: NODE_LAYER, PYTHON: PYTHON_LAYER}
SILENT = a_log(seen(Kind.FINISHED))


def swapped(text, given):
    """A layer or wrapper of the SDK's, of the other language."""
    for mine, other in ((NODE, PYTHON), (PYTHON, NODE)):
        if given[mine] in text:
            return text.replace(given[mine], given[other])
    return text


def in_python(changes):
    """The same situation of a Python function: its layers and paths are Python's."""
    function, environment = changes.get("function", a_function()), changes.get("environment")
    layers = tuple(swapped(arn, LAYER) for arn in function.layers)
    environment = OURS_NODE if environment is None else environment
    if not isinstance(environment, Missing):
        environment = dict(environment)
        value = environment.get(WRAPPER_VARIABLE)
        if isinstance(value, str):
            environment[WRAPPER_VARIABLE] = swapped(value, OURS)
    python = replace(function, layers=layers, handler=function.handler and "app.handler")
    return {**changes, "function": python, "environment": environment}


def findings(kind):
    """Each line of each report, with the function that it is about."""
    limits = KINDS[kind]
    for _, changes in SITUATIONS:
        changed = in_python(changes) if limits["runtime"].startswith("python") else changes
        function = replace(changed.get("function", a_function()), **limits)
        for log in ({}, {"log": SILENT}):
            report = walk(evidence(**{**changed, "function": function, **log}))
            yield from ((function, line) for line in report.steps if line.actions)


def actions(kind):
    return [
        (function, line, action) for function, line in findings(kind) for action in line.actions
    ]


def text_of(action):
    return f"{action.sentence} {action.command or ''}"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_led_to_a_wrapper_that_would_stop_the_function(kind):
    """Its layer has to be there, and the runtime one that the SDK works on."""
    for function, line, action in actions(kind):
        for language in LANGUAGES.value:
            if language.wrapper in text_of(action):
                assert language is language_of(function.runtime), (line.step, action)
                assert layer_of(language, function.layers), (line.step, action)
                assert make_supported(function) is None, (line.step, action)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if make_supported(a_function(**KINDS[kind]))]
)
def test_nothing_else_is_advised_where_there_is_no_sdk(kind):
    """No toggle, no switch of the SDK's, and nobody gives up a filter, a layer or another tool."""
    asked = r"Turn Instrument o(?!ff and save)|SLS_SDK_DEBUG|SLS_DISABLE|Remove (a sub|one|Datadog|the tool)|Shorten|Set the handler"
    for function, line, action in actions(kind):
        if line.outcome is not Verdict.PROBLEM:
            continue
        assert not re.search(asked, text_of(action)), (line.step, line.code, action)
        assert not (action.instruments and make_supported(function)), (line.step, action)


def test_function_that_aws_no_longer_updates_is_not_updated():
    for _, line, action in actions("python that AWS no longer updates"):
        assert "update-function-configuration" not in text_of(action), (line.step, action)


def test_durable_function_is_not_invoked_without_a_version():
    commands = [action.command or "" for _, _, action in actions("durable")]

    assert not [each for each in commands if "lambda invoke" in each and "--qualifier" not in each]
    assert any("test event" in action.do for _, _, action in actions("durable"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "python" in kind])
def test_python_function_is_told_of_python(kind):
    """Neither Node's paths, layers and switches, nor a runtime of another language to move to."""
    for function, line, action in actions(kind):
        if function.newest_runtimes_only:
            continue
        nodes = r"sls-sdk-node|exec-wrapper\.sh|NODE_OPTIONS|process\.exit|preload|nodejs"
        assert not re.search(nodes, text_of(action)), (line.step, line.code, action)


def test_recommended_runtimes_are_those_of_all_languages_where_the_sdk_has_none():
    said = " ".join(text_of(action) for _, _, action in actions("java"))

    assert "nodejs24.x" in said
    assert "python3.12" in said
