"""
Does another tool keep the SDK from working?

Some tools start the handler themselves: their handler lives in a layer, where the SDK does not
find it, or they preload code that puts the original handler back. Then the SDK steps aside
without a word.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.evidence import Environment, LambdaFunction, LogSample, Missing, readable
from checks.model import Finding, allow, notice, ok, problem, unknown
from checks.other_tools import (
    Tool,
    tool_coexisting_by_handler,
    tool_defeating_by_handler,
    tool_defeating_by_preload,
    tools_with_layer,
)
from checks.sdk import NODE, PYTHON, language_of, layer_name


def check(
    function: LambdaFunction, environment: Environment | Missing, log: LogSample | Missing
) -> Finding:
    """A payload since the last change proves that nothing defeats the SDK."""
    works = not isinstance(log, Missing) and bool(log.since(function.modified_at).payloads)
    defeated = _defeated(function, environment)
    if defeated and not works:
        return problem(*defeated)
    names = sorted({tool.name for tool in _present(function)})
    if names:
        return notice(f"{', '.join(names)} is on the function too; the SDK stays in place.")
    if defeated:
        return notice(f"{defeated[0]} Yet telemetry is logged.")
    if isinstance(environment, Missing) and language_of(function.runtime) is NODE:
        return unknown(
            f"No other tool in layers or handler; preloads unread: {environment.why}",
            allow(environment),
        )
    return ok("No other tool that wraps functions was found.")


def _defeated(
    function: LambdaFunction, environment: Environment | Missing
) -> tuple[str, str] | None:
    """What defeats the SDK, and the remedy."""
    language, handler = language_of(function.runtime), function.handler or ""
    options = None if isinstance(environment, Missing) else readable(environment, "NODE_OPTIONS")
    tool = tool_defeating_by_preload(options or "") if language is NODE else None
    if tool:
        return (
            f"{tool.name} preloads itself by NODE_OPTIONS and takes the handler from the SDK.",
            f"Remove {tool.name}'s preload from NODE_OPTIONS, or start {tool.name} from the "
            "function's code instead; then invoke the function once.",
        )
    tool = tool_defeating_by_handler(handler)
    if tool:
        return (
            f"The handler is {tool.name}'s ({handler}), in a layer where the SDK cannot find it.",
            f"Set the handler back to the function's own and remove {tool.name}'s layer; "
            "then invoke the function once.",
        )
    if language is PYTHON and handler.startswith("/opt/"):
        return (
            f"The handler is in a layer ({handler}), where the SDK cannot find it.",
            "Set the handler back to the function's own; then invoke the function once.",
        )
    return None


def _present(function: LambdaFunction) -> list[Tool]:
    found = [tool for arn in function.layers for tool in tools_with_layer(layer_name(arn))]
    coexisting = tool_coexisting_by_handler(function.handler or "")
    return [*found, coexisting] if coexisting else found
