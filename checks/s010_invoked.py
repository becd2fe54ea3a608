"""
Was the function invoked since the integration settled?

Metrics and traces show only for invocations that happen after the integration is complete.
Earlier ones never appear. If nothing has called the function since, invoke it once.

Runbook: Create Invocations
"""

from __future__ import annotations

from datetime import datetime

from checks.evidence import Invocations, LogSample, Missing
from checks.model import Finding, allow, ok, problem, unknown
from checks.timeline import (
    Stack,
    clock,
    invoked_since,
    last_invoked,
    may_include,
    settled_at,
)

SYMPTOM = True
REMEDY = (
    "Invoke the function once, then look again: metrics take a few minutes to arrive. "
    "Earlier invocations will not show."
)


def check(
    invocations: Invocations | Missing,
    stack: Stack | Missing,
    log: LogSample | Missing,
    now: datetime,
) -> Finding:
    """CloudWatch keeps 1-minute sums 15 days, 5-minute ones 63 and hourly ones 455 (AWS)."""
    settled = None if isinstance(stack, Missing) else settled_at(stack)
    seen_at = None if isinstance(log, Missing) else log.last_payload_at
    if seen_at and not isinstance(stack, Missing) and (settled is None or seen_at >= settled):
        return ok(f"Invoked: a telemetry payload was logged at {clock(seen_at)}.")
    if isinstance(invocations, Missing):
        return unknown(f"Could not read the invocations: {invocations.why}", allow(invocations))

    last = last_invoked(invocations)
    if last is None:
        days = (now - invocations.looked_from).days
        return problem(f"No invocation in the last {days} days, as far as was looked.", REMEDY)
    if isinstance(stack, Missing):
        return unknown(
            f"Last invoked at about {clock(last)}; whether that was after the integration "
            f"settled could not be seen: {stack.why}",
            allow(stack),
        )
    return _since(invocations, settled, last)


def _since(invocations: Invocations, settled: datetime | None, last: datetime) -> Finding:
    if settled is None:
        count = invoked_since(invocations, invocations.looked_from)
        return ok(f"Invoked {count:,} times; last at about {clock(last)}.")
    count = invoked_since(invocations, settled) + may_include(invocations, settled)
    if count:
        return ok(
            f"Invoked {count:,} times since the integration settled at {clock(settled)}; "
            f"last at about {clock(last)}."
        )
    return problem(
        f"Last invoked at about {clock(last)}, before the integration settles or settled "
        f"({clock(settled)}); those invocations do not show.",
        REMEDY,
    )
