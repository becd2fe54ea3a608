"""
Who else wraps Lambda: layers, handlers, preloads, wrappers.

From the vendors' documents; what defeats the SDK was tried with the real packages where the
comment says so. Bounds: SDK Node 0.15.15 and Python 0.3.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from checks.facts.fact import Certainty, Fact


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, by the signs it leaves on a function. Patterns match from the start."""

    name: str
    layers: str | None = None
    """Pattern of a layer's name."""
    handlers: str | None = None
    """Handler strings that live in a layer, so that the SDK cannot find the handler."""
    handler_variable: str | None = None
    """Where it keeps the name of the function's own handler meanwhile."""
    preloads: str | None = None
    """Modules preloaded by NODE_OPTIONS that put the original handler back."""
    wrappers: tuple[str, ...] = ()
    coexisting_handlers: str | None = None
    """Handlers seen to work beside the SDK."""


TOOLS: Fact[tuple[Tool, ...]] = Fact(
    "Other tools, by the signs that they leave on a function",
    (
        # Node 7.x (cjs path) and 8 tried: no `Invocation: start`, no payload, no error line.
        Tool(
            "Sentry",
            layers=r"Sentry(Node|Python)ServerlessSDK",
            handlers=r"sentry_sdk\.integrations\.init_serverless_sdk",
            handler_variable="SENTRY_INITIAL_HANDLER",
            preloads=r"@sentry/(serverless|aws-serverless)/.*awslambda-auto|@sentry/aws-serverless",
        ),
        # Python tried: the handler's module is in a layer. Node from npm tried: coexists.
        Tool(
            "Datadog",
            layers=r"Datadog-",
            handlers=r"datadog_lambda\.handler|/opt/python/.*datadog_lambda",
            handler_variable="DD_LAMBDA_HANDLER",
            wrappers=("/opt/datadog_wrapper",),
            coexisting_handlers=r"/opt/nodejs/node_modules/datadog-lambda-js/handler",
        ),
        # The class of conflict was tried with a stand-in: handler by bare name in a layer.
        Tool(
            "New Relic",
            layers=r"NewRelic",
            handlers=r"newrelic[-_]lambda[-_]wrapper\.",
            handler_variable="NEW_RELIC_LAMBDA_HANDLER",
            wrappers=("/opt/java11handler",),
            coexisting_handlers=r"/opt/nodejs/node_modules/newrelic-esm-lambda-wrapper/",
        ),
        Tool(
            "Lumigo",
            layers=r"lumigo-(node|python)-tracer",
            handlers=r"lumigo-auto-instrument\.|lumigo_tracer\.|/opt/python/lumigo_tracer",
            handler_variable="LUMIGO_ORIGINAL_HANDLER",
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
        Tool(
            "Traceable", layers=r"traceableai-runtime-extension", wrappers=("/opt/traceableai.sh",)
        ),
        Tool("Axiom", layers=r"axiom-extension"),
        # The 2022 layer of the same vendor; its wrapper starts another, retired SDK.
        Tool(
            "the retired Serverless OpenTelemetry layer",
            layers=r"sls-otel-extension-node",
            wrappers=("/opt/otel-extension-internal-node/exec-wrapper.sh",),
        ),
    ),
    "the vendors' documents; what defeats the SDK was tried with the real packages where a comment "
    "in the code says so",
    Certainty.DOCUMENTED,
)


_HANDLERS = 1024
"""Remembered: the functions of a fleet share a few, and each is searched for every tool's."""


def owner_of_wrapper(path: str) -> str | None:
    """The tool whose wrapper `path` is, None where the table does not know it."""
    return next((tool.name for tool in TOOLS.value if path in tool.wrappers), None)


def tools_with_layer(name: str) -> list[Tool]:
    """The tools one of whose layers is called `name`."""
    return [tool for tool in TOOLS.value if _begins(tool.layers, name)]


@lru_cache(_HANDLERS)
def tool_defeating_by_handler(handler: str) -> Tool | None:
    """The tool whose layer holds the handler, which the SDK then cannot find."""
    return next((tool for tool in TOOLS.value if _begins(tool.handlers, handler)), None)


@lru_cache(_HANDLERS)
def tool_coexisting_by_handler(handler: str) -> Tool | None:
    """The tool whose handler was seen to work beside the SDK."""
    return next((tool for tool in TOOLS.value if _begins(tool.coexisting_handlers, handler)), None)


def tool_defeating_by_preload(node_options: str) -> Tool | None:
    """The tool whose preload, anywhere in it, loads the handler before the SDK can wrap it."""
    return next((tool for tool in TOOLS.value if _is_in(tool.preloads, node_options)), None)


def _begins(pattern: str | None, text: str) -> bool:
    return bool(pattern and re.match(pattern, text))


def _is_in(pattern: str | None, text: str) -> bool:
    return bool(pattern and re.search(pattern, text))
