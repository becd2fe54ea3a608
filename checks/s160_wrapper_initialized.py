"""
Does the SDK's own debug log reach the end?

With SLS_SDK_DEBUG set, the SDK logs how far it gets: wrapper, SDK, invocation, payload. The
first line alone proves only that the wrapper ran. Any value switches it on, "false" too; while
it is on, nothing is sampled, so remove the variable afterwards.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from checks.actions import (
    ask_support,
    change_in_code,
    invoke_once,
    turn_off_and_on,
    where_supported,
)
from checks.evidence import Environment, LambdaFunction, LogSample, readable
from checks.facts.sdk import DEBUG_VARIABLE, PYTHON, is_on, language_of, reads_as_off
from checks.log.sample import Rung
from checks.model import Action, Finding, Hop, Page, Symptom, ok, problem, skipped, unknown
from checks.variable_actions import debug

SYMPTOM = True
EXPLAINED_BY = ("invoked",)
EXPLAINS = Symptom.TRACES
HOP = Hop.WRAPPER
PAGE = Page.MONITOR
CODES = (
    *(rung.name.lower() for rung in Rung if rung is not Rung.TELEMETRY),
    "not_invoked",
    "read_in_part",
)
MEANS = {
    Rung.NOTHING: "it printed nothing: the wrapper never ran",
    Rung.ORG_ID_MISSING: "it stopped because SLS_ORG_ID is missing",
    Rung.WRAPPER_INITIALIZED: "the wrapper ran, but did not find the handler in the code: it is "
    "missing, or lives in a layer",
    Rung.SETUP_FAILED: "its set-up failed with an error of its own",
    Rung.SDK_INITIALIZED: "the SDK loaded, but something put the original handler back",
    Rung.INVOCATION_STARTED: "the invocation began, but no payload followed",
}


def check(function: LambdaFunction, environment: Environment, log: LogSample) -> Finding:
    """The rungs were run one by one with Node 0.15.15 and Python 0.3.3."""
    recent = log.since(function.modified_at).since_payloads_stopped()
    value = readable(environment, DEBUG_VARIABLE)
    odd = f" {DEBUG_VARIABLE} is {value}, which switches it on." if reads_as_off(value) else ""
    if recent.rung is Rung.TELEMETRY:
        return ok(f"The SDK got as far as the telemetry payload.{odd}")
    if not is_on(value):
        return skipped(
            f"{DEBUG_VARIABLE} is not set, so the SDK's debug log is off.",
            debug(function),
        )
    if recent.cut_short_only:
        return ok(f"The invocations were cut short, which is not the SDK's doing.{odd}")
    if not recent.finished:
        return _not_invoked(function, odd)
    if recent.too_short:
        return _too_short(recent, odd)
    return _ends_at(function, recent.rung, odd)


def _not_invoked(function: LambdaFunction, odd: str) -> Finding:
    return unknown(
        "not_invoked",
        "Debugging is on, but no invocation has ended yet",
        f"Debugging is on, but no invocation that ended was seen since.{odd}",
        invoke_once(function),
    )


def _too_short(recent: LogSample, odd: str) -> Finding:
    return unknown(
        "read_in_part",
        "Too little of the log could be read",
        f"Debugging is on, but only a part of the log was read ({recent.bound}), with too few "
        f"invocations to tell how far the SDK got.{odd}",
        Action("Check again in a minute"),
    )


def _ends_at(function: LambdaFunction, rung: Rung, odd: str) -> Finding:
    return problem(
        rung.name.lower(),
        _HEADLINES[rung],
        f"Debugging is on and {MEANS[rung]}.{odd}",
        *where_supported(function, *_fix(function, rung), ask_support("the SDK's debug lines")),
    )


def _fix(function: LambdaFunction, rung: Rung) -> tuple[Action, ...]:
    """What usually is in the way there; after a set-up that failed nobody but support knows."""
    python = language_of(function.runtime) is PYTHON
    match rung:
        case Rung.NOTHING | Rung.ORG_ID_MISSING:
            return turn_off_and_on(function)
        case Rung.WRAPPER_INITIALIZED:
            return (change_in_code("Set the handler to a function of the deployed code"),)
        case Rung.SDK_INITIALIZED:
            what = "tool or library" if python else "tool, library or preload"
            return (_in_the_code(f"any {what} that starts the handler itself"),)
        case Rung.INVOCATION_STARTED:
            end = "os._exit" if python else "process.exit"
            return (_in_the_code(f"what ends the process by itself ({end})"),)
    return ()


def _in_the_code(what: str) -> Action:
    return Action(f"Take out {what}, then deploy", Page.CODE)


_HEADLINES = {
    Rung.NOTHING: "The wrapper never ran",
    Rung.ORG_ID_MISSING: "The SDK stopped: SLS_ORG_ID is missing",
    Rung.WRAPPER_INITIALIZED: "The SDK did not find the handler",
    Rung.SETUP_FAILED: "The SDK's set-up failed",
    Rung.SDK_INITIALIZED: "Something took the handler back",
    Rung.INVOCATION_STARTED: "Invocations begin, but no payload follows",
}
