"""Each sign that another tool leaves on a function is known by an example of its own."""

from __future__ import annotations

import pytest

from checks.facts.other_tools import (
    TOOLS,
    owner_of_wrapper,
    tool_coexisting_by_handler,
    tool_defeating_by_handler,
    tool_defeating_by_preload,
    tools_with_layer,
)

LAYERS = {
    "SentryNodeServerlessSDK": "Sentry",
    "SentryPythonServerlessSDK": "Sentry",
    "Datadog-Node22-x": "Datadog",
    "Datadog-Extension": "Datadog",
    "NewRelicNodeJS22X": "New Relic",
    "lumigo-node-tracer": "Lumigo",
    "lumigo-python-tracer": "Lumigo",
    "Dynatrace_OneAgent_1_299": "Dynatrace",
    "opentelemetry-nodejs-0_11_0": "OpenTelemetry",
    "aws-otel-python-amd64": "OpenTelemetry",
    "AWSOpenTelemetryDistroJs": "OpenTelemetry",
    "LambdaAdapterLayerX86": "Lambda Web Adapter",
    "AWSCodeGuruProfilerPythonAgentLambdaLayer": "CodeGuru Profiler",
    "elastic-apm-node-ver-4-0-0": "Elastic APM",
    "traceableai-runtime-extension": "Traceable",
    "axiom-extension-arm64": "Axiom",
    "sls-otel-extension-node-v0-7-1": "the retired Serverless OpenTelemetry layer",
}
DEFEATING = {
    "sentry_sdk.integrations.init_serverless_sdk.sentry_lambda_handler": "Sentry",
    "datadog_lambda.handler.handler": "Datadog",
    "/opt/python/lib/datadog_lambda.handler": "Datadog",
    "newrelic-lambda-wrapper.handler": "New Relic",
    "newrelic_lambda_wrapper.handler": "New Relic",
    "lumigo-auto-instrument.handler": "Lumigo",
    "lumigo_tracer._handler": "Lumigo",
    "/opt/python/lumigo_tracer._handler": "Lumigo",
}
COEXISTING = {
    "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler": "Datadog",
    "/opt/nodejs/node_modules/newrelic-esm-lambda-wrapper/index.handler": "New Relic",
}
PRELOADS = {
    "-r @sentry/aws-serverless/awslambda-auto": "Sentry",
    "-r @sentry/serverless/dist/awslambda-auto": "Sentry",
    "--import @sentry/aws-serverless": "Sentry",
}


def name_of(tool):
    return tool.name if tool else None


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_tells_its_tool(layer):
    assert [tool.name for tool in tools_with_layer(layer)] == [LAYERS[layer]]


def test_every_tool_with_layers_has_an_example():
    assert set(LAYERS.values()) == {tool.name for tool in TOOLS.value if tool.layers}


@pytest.mark.parametrize("path", [path for tool in TOOLS.value for path in tool.wrappers])
def test_wrapper_tells_its_owner_by_its_whole_path(path):
    owner = owner_of_wrapper(path)

    assert owner
    assert path in next(tool.wrappers for tool in TOOLS.value if tool.name == owner)
    assert owner_of_wrapper(f"{path}.sh") is None


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/opt/datadog_wrapper", "Datadog"),
        ("/opt/java11handler", "New Relic"),
        ("/opt/lumigo_wrapper", "Lumigo"),
        ("/opt/dynatrace", "Dynatrace"),
        ("/opt/otel-handler", "OpenTelemetry"),
        ("/opt/otel-instrument", "OpenTelemetry"),
        ("/opt/otel-proxy-handler", "OpenTelemetry"),
        ("/opt/bootstrap", "Lambda Web Adapter"),
        ("/opt/codeguru_profiler_lambda_exec", "CodeGuru Profiler"),
        ("/opt/python/bin/elasticapm-lambda", "Elastic APM"),
        ("/opt/traceableai.sh", "Traceable"),
        (
            "/opt/otel-extension-internal-node/exec-wrapper.sh",
            "the retired Serverless OpenTelemetry layer",
        ),
    ],
)
def test_wrappers_that_are_known(path, owner):
    assert owner_of_wrapper(path) == owner


@pytest.mark.parametrize("handler", [*DEFEATING, *COEXISTING, "index.handler", "", "x.datadog"])
def test_handler_tells_whether_its_tool_defeats_the_sdk_or_works_beside_it(handler):
    assert name_of(tool_defeating_by_handler(handler)) == DEFEATING.get(handler)
    assert name_of(tool_coexisting_by_handler(handler)) == COEXISTING.get(handler)


@pytest.mark.parametrize("options", [*PRELOADS, "-r ./own", ""])
def test_preload_tells_its_tool(options):
    assert name_of(tool_defeating_by_preload(options)) == PRELOADS.get(options)


@pytest.mark.parametrize("layer", ["own-layer", "my-Datadog-copy", ""])
def test_layer_of_nobody_known(layer):
    assert tools_with_layer(layer) == []
