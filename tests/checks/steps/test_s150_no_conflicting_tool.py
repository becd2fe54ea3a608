"""Tools that take the handler, tools that only stand beside, and layers that nobody knows."""

from __future__ import annotations

import pytest
from situations import NODE_LAYER, OURS_NODE, PYTHON_LAYER, a_function, a_log, layer, outcome_of
from worlds import a_log_of

from checks.evidence import Missing
from checks.model import Impact, Verdict

DENIED = Missing("Denied.", "kms:Decrypt")
SENTRY = {"NODE_OPTIONS": "-r @sentry/aws-serverless/awslambda-auto"}


def tried(end="bare", environment=None, layers=(NODE_LAYER,), **changes):
    return outcome_of(
        "no_conflicting_tool",
        environment=OURS_NODE if environment is None else environment,
        log=a_log_of([end]) if end else a_log(),
        function=a_function(layers=layers, **changes),
    )


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"environment": SENTRY}, "preload", "Sentry"),
        ({"handler": "newrelic-lambda-wrapper.handler"}, "handler_in_layer", "New Relic"),
        ({"handler": "lumigo-auto-instrument.handler"}, "handler_in_layer", "Lumigo"),
        (
            {"handler": "datadog_lambda.handler.handler", "runtime": "python3.12"},
            "handler_in_layer",
            "Datadog",
        ),
        (
            {"handler": "/opt/python/own.handler", "runtime": "python3.12"},
            "handler_in_layer",
            "/opt/python/own.handler",
        ),
    ],
)
@pytest.mark.parametrize("end", ["bare", None])
def test_tool_that_takes_the_handler_is_named(changes, code, name, end):
    outcome = tried(end, **changes)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, code)
    assert outcome.impact is Impact.BLIND
    assert name in outcome.saw
    assert len(outcome.actions) == 2
    assert outcome.actions[1].command.startswith("aws lambda invoke")


@pytest.mark.parametrize(
    ("handler", "runtime", "variable"),
    [
        ("newrelic-lambda-wrapper.handler", "nodejs22.x", "NEW_RELIC_LAMBDA_HANDLER"),
        ("lumigo-auto-instrument.handler", "nodejs22.x", "LUMIGO_ORIGINAL_HANDLER"),
        ("datadog_lambda.handler.handler", "python3.12", "DD_LAMBDA_HANDLER"),
    ],
)
def test_own_handler_is_found_where_the_tool_keeps_it(handler, runtime, variable):
    assert f"the value of {variable}" in tried(handler=handler, runtime=runtime).actions[0].do


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": SENTRY, "runtime": "python3.12"},
        {"environment": {"NODE_OPTIONS": "-r source-map-support"}},
        {"handler": "/opt/nodejs/own.handler"},
        {"handler": None},
        {},
    ],
)
def test_what_defeats_nothing_is_well(changes):
    outcome = tried(**changes)

    assert outcome.verdict is Verdict.OK
    assert "o other tool" not in outcome.saw


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({"environment": SENTRY}, Verdict.NOTICE, "unusual"),
        ({"handler": "newrelic-lambda-wrapper.handler"}, Verdict.NOTICE, "unusual"),
        ({"layers": (NODE_LAYER, layer("own"))}, Verdict.OK, ""),
        ({}, Verdict.OK, ""),
    ],
)
def test_payload_proves_that_nothing_defeats_it(changes, verdict, code):
    outcome = tried("payload", **changes)

    assert (outcome.verdict, outcome.code, outcome.actions) == (verdict, code, ())
    assert ("Yet telemetry is logged" in outcome.saw) == (code == "unusual")


@pytest.mark.parametrize(
    ("layers", "handler", "names"),
    [
        ((NODE_LAYER, layer("Datadog-Node22-x")), "index.handler", "Datadog is also on"),
        (
            (layer("lumigo-node-tracer"), layer("Dynatrace_OneAgent_1")),
            "index.handler",
            "Dynatrace and Lumigo are also on",
        ),
        (
            (NODE_LAYER,),
            "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler",
            "Datadog is also on",
        ),
    ],
)
@pytest.mark.parametrize("end", ["payload", None])
def test_tool_that_only_stands_beside_is_a_notice(layers, handler, names, end):
    outcome = tried(end, layers=layers, handler=handler)

    assert (outcome.verdict, outcome.code) == (Verdict.NOTICE, "beside")
    assert names in outcome.headline
    assert names in outcome.saw
    assert f"and {'do' if ' are ' in names else 'does'} not disturb" in outcome.saw


@pytest.mark.parametrize("name", ["platform-tracekit", "IOpipeNodeJS", "Datadog-Node22-x"])
def test_layer_that_may_hold_the_handler_is_named_where_nothing_reports(name):
    outcome = tried("bare", layers=(NODE_LAYER, layer(name)), handler="tracekit.entry.handle")

    assert (outcome.verdict, outcome.code) == (Verdict.NOTICE, "handler_unknown")
    assert name in outcome.saw
    assert "sls-sdk" not in outcome.saw
    assert "tracekit.entry.handle" in outcome.saw
    assert name in outcome.actions[0].do
    assert outcome.impact is None


@pytest.mark.parametrize("end", [None, "timed_out", "crashed"])
def test_nobody_is_suspected_while_no_invocation_ended(end):
    assert tried(end, layers=(NODE_LAYER, layer("own"))).verdict is Verdict.OK


def test_both_of_the_sdks_layers_are_its_own():
    assert tried("bare", layers=(NODE_LAYER, PYTHON_LAYER)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("runtime", "verdict"), [("nodejs22.x", Verdict.UNKNOWN), ("python3.12", Verdict.OK)]
)
def test_preloads_that_could_not_be_read_matter_to_node_only(runtime, verdict):
    outcome = tried(environment=DENIED, runtime=runtime)

    assert outcome.verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert outcome.code == "not_read"
        assert "kms:Decrypt" in outcome.actions[0].do
        assert "Denied." in outcome.saw
