"""
Does the SDK work beside the other tools on the function?

Some tools start the handler themselves: their handler lives in a layer, where the SDK does not
find it, or they preload code that puts the original handler back. Then the SDK does
nothing and logs nothing about it.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.actions import change_in_code, invoke_once, make_supported, where_supported
from checks.evidence import Environment, LambdaFunction, Missing, readable
from checks.facts.other_tools import (
    Tool,
    tool_coexisting_by_handler,
    tool_defeating_by_handler,
    tool_defeating_by_preload,
    tools_with_layer,
)
from checks.facts.sdk import NODE, PYTHON, language_of, layer_name, sdk_layer
from checks.grammar import listed, verb
from checks.model import (
    NOT_READ,
    Action,
    Finding,
    Hop,
    Page,
    granting,
    notice,
    ok,
    problem,
    unknown,
)
from checks.proof import Proof

HOP = Hop.WRAPPER
PAGE = Page.CODE
CODES = ("preload", "handler_in_layer", "handler_unknown", "beside", "unusual")
OWN_WAYS = ("preload", "handler_in_layer")


def check(function: LambdaFunction, environment: Environment | Missing, proof: Proof) -> Finding:
    """A payload since the last change proves that nothing defeats the SDK."""
    defeated = _defeated(function, environment)
    if defeated and not proof.reports:
        return _defeats(function, defeated)
    foreign = [layer_name(arn) for arn in function.layers if not sdk_layer(arn)]
    silent = proof.ran and not proof.reports
    if foreign and silent and not make_supported(function):
        return _unknown_handler(function, foreign)
    if names := sorted({tool.name for tool in _present(function)}):
        return _beside(names)
    if defeated:
        return _unusual(defeated)
    if isinstance(environment, Missing) and language_of(function.runtime) is NODE:
        return _preloads_unread(environment)
    return ok("No tool that is known to take the handler from the SDK was found.")


def _defeats(function: LambdaFunction, by: Defeated) -> Finding:
    actions = where_supported(function, by.fix, invoke_once(function))
    return problem(by.code, by.headline, by.saw, *actions)


def _beside(names: Sequence[str]) -> Finding:
    be, disturb = verb(len(names)), "does" if len(names) == 1 else "do"
    return notice(
        "beside",
        f"{listed(names[:2])} {be} also on the function",
        f"{listed(names)} {be} also on the function and {disturb} not disturb the SDK.",
    )


def _unusual(defeated: Defeated) -> Finding:
    return notice(
        "unusual",
        "Another tool's setup is unusual, yet traces come",
        f"{defeated.saw} Yet telemetry is logged.",
    )


def _preloads_unread(environment: Missing) -> Finding:
    return unknown(
        NOT_READ,
        "Can't read what NODE_OPTIONS preloads",
        "Layers and handler are of no tool that is known to take the handler from the SDK; "
        f"what NODE_OPTIONS preloads could not be read: {environment.why}",
        *granting(environment),
    )


def _unknown_handler(function: LambdaFunction, foreign: Sequence[str]) -> Finding:
    """The code is not read, so nobody can say whose the handler is, or what a layer does."""
    handler = function.handler or "the handler"
    layers = ", ".join(foreign)
    return notice(
        "handler_unknown",
        "A layer of another tool may hold the handler",
        f"No invocation has its payload since the last change, and layers of others are attached "
        f"({layers}). If {handler} comes from one of them, the SDK does not find it.",
        Action(
            f"If {handler} is not in the function's own code, set the handler back to the "
            f"function's own and remove the layer that brings it ({layers})",
            Page.CODE,
        ),
    )


@dataclass(frozen=True, slots=True)
class Defeated:
    """What takes the handler from the SDK, and how to change that."""

    code: str
    headline: str
    saw: str
    fix: Action


def _defeated(function: LambdaFunction, environment: Environment | Missing) -> Defeated | None:
    language, handler = language_of(function.runtime), function.handler or ""
    options = readable(environment, "NODE_OPTIONS") or ""
    if language is NODE and (tool := tool_defeating_by_preload(options)):
        return _by_preload(tool)
    if tool := tool_defeating_by_handler(handler):
        return _by_handler(tool, handler)
    if language is PYTHON and handler.startswith("/opt/"):
        return _in_a_layer(handler)
    return None


def _by_preload(tool: Tool) -> Defeated:
    return Defeated(
        "preload",
        f"{tool.name} takes the handler from the SDK",
        f"{tool.name} preloads itself by NODE_OPTIONS and takes the handler from the SDK.",
        change_in_code(
            f"Take {tool.name}'s preload out of NODE_OPTIONS (start {tool.name} from the "
            "function's code instead)"
        ),
    )


def _by_handler(tool: Tool, handler: str) -> Defeated:
    hint = f" (the value of {tool.handler_variable})" if tool.handler_variable else ""
    return Defeated(
        "handler_in_layer",
        f"The handler is {tool.name}'s",
        f"The handler is {tool.name}'s ({handler}), in a layer where the SDK cannot find it.",
        change_in_code(
            f"Set the handler back to the function's own{hint} and remove {tool.name}'s layer"
        ),
    )


def _in_a_layer(handler: str) -> Defeated:
    return Defeated(
        "handler_in_layer",
        "The handler is in a layer",
        f"The handler is in a layer ({handler}), where the SDK cannot find it.",
        change_in_code("Set the handler back to the function's own"),
    )


def _present(function: LambdaFunction) -> list[Tool]:
    by_layer = [tool for arn in function.layers for tool in tools_with_layer(layer_name(arn))]
    coexisting = tool_coexisting_by_handler(function.handler or "")
    return [*by_layer, coexisting] if coexisting else by_layer
