"""
Does the SDK's own debug log reach the end?

With SLS_SDK_DEBUG set, the SDK says how far it came: wrapper, SDK, invocation, payload. The
first line alone proves only that the wrapper ran. Any value switches it on, "false" too; while
it is on, nothing is sampled, so remove the variable afterwards.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from checks.evidence import Environment, LambdaFunction, LogSample, readable
from checks.log_sample import Rung
from checks.model import Finding, ok, problem, skipped, unknown
from checks.sdk import DEBUG_VARIABLE, is_on, reads_as_off

SYMPTOM = True
EXPLAINED_BY = ("invoked",)
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
    recent = log.since(function.modified_at)
    value = readable(environment, DEBUG_VARIABLE)
    odd = f" {DEBUG_VARIABLE} is {value}, which switches it on." if reads_as_off(value) else ""
    if recent.rung is Rung.TELEMETRY:
        return ok(f"The SDK came as far as the telemetry payload.{odd}")
    if not is_on(value):
        return skipped(
            f"{DEBUG_VARIABLE} is not set, so the SDK does not say how far it came.",
            f"Add the variable {DEBUG_VARIABLE} with the value true, invoke the function once, "
            "and check again; remove it afterwards.",
        )
    if (recent.timed_out or recent.crashed) and recent.cut_short_only:
        return ok(f"The invocations were cut short, which is not the SDK's doing.{odd}")
    if not recent.finished:
        return unknown(
            f"Debugging is on, but no invocation that ended was seen since.{odd}",
            "Invoke the function once, then check again.",
        )
    return problem(
        f"Debugging is on and {MEANS[recent.rung]}.{odd}",
        "Look for a tool, library or preload that starts the handler itself and take it out; "
        "if there is none, send these lines to Serverless's support.",
    )
