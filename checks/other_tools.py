"""
Who else wraps Lambda: layers, handlers, preloads, wrappers.

From the vendors' documents; what defeats the SDK was tried with the real packages where the
comment says so. Bounds: SDK Node 0.15.15 and Python 0.3.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, by the signs it leaves on a function. Patterns match from the start."""

    name: str
    layers: str | None = None
    """Pattern of a layer's name."""
    handlers: str | None = None
    """Handler strings that live in a layer, so that the SDK cannot find the handler."""
    preloads: str | None = None
    """Modules preloaded by NODE_OPTIONS that put the original handler back."""
    wrappers: tuple[str, ...] = ()
    coexisting_handlers: str | None = None
    """Handlers seen to work beside the SDK."""


TOOLS = (
    # Node 7.x (cjs path) and 8 tried: no `Invocation: start`, no payload, no error line.
    Tool(
        "Sentry",
        layers=r"Sentry(Node|Python)ServerlessSDK",
        handlers=r"sentry_sdk\.integrations\.init_serverless_sdk",
        preloads=r"@sentry/(serverless|aws-serverless)/.*awslambda-auto|@sentry/aws-serverless",
    ),
    # Python tried: the handler's module is in a layer. Node from npm tried: coexists.
    Tool(
        "Datadog",
        layers=r"Datadog-",
        handlers=r"datadog_lambda\.handler|/opt/python/.*datadog_lambda",
        wrappers=("/opt/datadog_wrapper",),
        coexisting_handlers=r"/opt/nodejs/node_modules/datadog-lambda-js/handler",
    ),
    # The class of conflict was tried with a stand-in: handler by bare name in a layer.
    Tool(
        "New Relic",
        layers=r"NewRelic",
        handlers=r"newrelic[-_]lambda[-_]wrapper\.",
        wrappers=("/opt/java11handler",),
        coexisting_handlers=r"/opt/nodejs/node_modules/newrelic-esm-lambda-wrapper/",
    ),
    Tool(
        "Lumigo",
        layers=r"lumigo-(node|python)-tracer",
        handlers=r"lumigo-auto-instrument\.|lumigo_tracer\.|/opt/python/lumigo_tracer",
        wrappers=("/opt/lumigo_wrapper",),
    ),
    Tool("Dynatrace", layers=r"Dynatrace_OneAgent_", wrappers=("/opt/dynatrace",)),
    Tool(
        "OpenTelemetry",
        layers=r"opentelemetry-|aws-otel-|AWSOpenTelemetryDistro",
        wrappers=("/opt/otel-handler", "/opt/otel-instrument", "/opt/otel-proxy-handler"),
    ),
    Tool("Lambda Web Adapter", layers=r"LambdaAdapterLayer", wrappers=("/opt/bootstrap",)),
    Tool(
        "CodeGuru Profiler",
        layers=r"AWSCodeGuruProfilerPythonAgentLambdaLayer",
        wrappers=("/opt/codeguru_profiler_lambda_exec",),
    ),
    Tool(
        "Elastic APM",
        layers=r"elastic-apm-",
        wrappers=("/opt/python/bin/elasticapm-lambda",),
    ),
    Tool("Traceable", layers=r"traceableai-runtime-extension", wrappers=("/opt/traceableai.sh",)),
    Tool("Axiom", layers=r"axiom-extension"),
    # The 2022 layer of the same vendor; its wrapper starts another, retired SDK.
    Tool(
        "the retired Serverless OpenTelemetry layer",
        layers=r"sls-otel-extension-node",
        wrappers=("/opt/otel-extension-internal-node/exec-wrapper.sh",),
    ),
)


def owner_of_wrapper(path: str) -> str | None:
    """The tool whose wrapper `path` is, None where the table does not know it."""
    return next((tool.name for tool in TOOLS if path in tool.wrappers), None)


def tools_with_layer(name: str) -> list[Tool]:
    """The tools one of whose layers is called `name`."""
    return [tool for tool in TOOLS if tool.layers and re.match(tool.layers, name)]


def tool_defeating_by_handler(handler: str) -> Tool | None:
    """The tool whose layer holds the handler, which the SDK then cannot find."""
    return next((t for t in TOOLS if t.handlers and re.match(t.handlers, handler)), None)


def tool_coexisting_by_handler(handler: str) -> Tool | None:
    """The tool whose handler was seen to work beside the SDK."""
    found = (t for t in TOOLS if t.coexisting_handlers and re.match(t.coexisting_handlers, handler))
    return next(found, None)


def tool_defeating_by_preload(node_options: str) -> Tool | None:
    """The tool whose preload loads the handler before the SDK can wrap it."""
    return next((t for t in TOOLS if t.preloads and re.search(t.preloads, node_options)), None)
