"""
Does the function log its telemetry payload?

An instrumented function logs one line for each invocation that ends, which starts with
SERVERLESS_TELEMETRY and carries the trace. An invocation that times out or crashes never logs
one, however well the function is set up.

Runbook: Manually Check For The Trace Payload
"""

from __future__ import annotations

from datetime import datetime

from checks.evidence import Invocations, LambdaFunction, LogGroup, LogSample, Missing
from checks.model import Finding, ok, problem, unknown
from checks.timeline import Stack, clock, invoked_since, since

SYMPTOM = True
EXPLAINED_BY = ("invoked", "wrapper_initialized")
AGAIN = "Invoke the function once, then check again."


def check(
    function: LambdaFunction,
    log: LogSample,
    log_group: LogGroup | Missing | None,
    invocations: Invocations | Missing,
    stack: Stack | Missing,
) -> Finding:
    """Only what came after the last change and after the integration settled counts."""
    moment = since(function, stack)
    recent = log.since(moment)
    if recent.payloads:
        last = f", last at {clock(at)}" if (at := recent.last_payload_at) else ""
        return ok(f"{len(recent.payloads)} telemetry payloads logged{last}.")
    if recent.undecodable:
        return ok(f"{recent.undecodable} telemetry payloads are logged, but not readable.")
    if recent.finished or recent.timed_out or recent.crashed:
        return _none(recent, moment)
    if recent.invoked:
        return unknown("An invocation has begun and not ended yet.", "Check again in a minute.")
    return _unseen(log, log_group, invocations, moment)


def _none(recent: LogSample, moment: datetime) -> Finding:
    counts = f"{recent.finished} ended, {recent.timed_out} timed out, {recent.crashed} crashed"
    said = f"No telemetry payload since {clock(moment)}; of the invocations logged {counts}"
    bound = f" (looked at {recent.bound})" if recent.bound else ""
    if recent.cut_short_only:
        return problem(
            f"{said}{bound}. One that is cut short never logs a payload.",
            "Mend the time-out or the crash first (the function's own log says where), "
            "or raise the function's timeout; then invoke it and check again.",
        )
    return problem(
        f"{said}{bound}.",
        "Follow the steps below: what keeps the SDK from starting is named there. If none is, "
        "set SLS_SDK_DEBUG to true, invoke the function once and check again.",
    )


def _unseen(
    log: LogSample,
    log_group: LogGroup | Missing | None,
    invocations: Invocations | Missing,
    moment: datetime,
) -> Finding:
    old = f" Payloads until {clock(at)} are history." if (at := log.last_payload_at) else ""
    count = 0 if isinstance(invocations, Missing) else invoked_since(invocations, moment)
    if count and log_group is None:
        return unknown(
            f"Invoked {count:,} times since {clock(moment)}, but there is no log group.",
            "Let the function's role write logs (logs:CreateLogGroup, logs:CreateLogStream, "
            "logs:PutLogEvents), invoke it once and check again.",
        )
    if count:
        bound = f" (looked at {log.bound})" if log.bound else ""
        return unknown(
            f"Invoked {count:,} times since {clock(moment)}, but its log shows none of them"
            f"{bound}: expired, or not arrived yet.{old}",
            AGAIN,
        )
    return unknown(f"Not seen invoked since {clock(moment)}, so nothing can be told.{old}", AGAIN)
