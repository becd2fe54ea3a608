"""
Was the function invoked since the integration finished setting up?

Metrics and traces show only for invocations that happen after the integration is complete.
Earlier ones never appear. If nothing has called the function since, invoke it once.

Runbook: Create Invocations
"""

from __future__ import annotations

from datetime import datetime

from checks.actions import invoke_once
from checks.evidence import Invocations, LambdaFunction, LogSample, Missing
from checks.grammar import times
from checks.log.counts import End
from checks.model import Finding, Hop, Page, granting, not_read, ok, problem, unknown
from checks.timeline import Stack, clock, invoked_since, last_invoked, may_include, settled_at

SYMPTOM = True
HOP = Hop.INVOKED
PAGE = Page.MONITOR
CODES = ("never", "before_set_up", "set_up_unknown")


def check(
    function: LambdaFunction,
    invocations: Invocations | Missing,
    stack: Stack | Missing,
    log: LogSample | Missing,
    now: datetime,
) -> Finding:
    """CloudWatch keeps 1-minute sums 15 days, 5-minute ones 63 and hourly ones 455 (AWS)."""
    if shown := _shown_by_log(log, stack):
        return ok(f"Invoked: {shown}.")
    if isinstance(invocations, Missing):
        return not_read("invocations", invocations)
    last = last_invoked(invocations)
    if last is None:
        return _never(function, (now - invocations.looked_from).days)
    if isinstance(stack, Missing):
        return _set_up_unknown(stack, last)
    return _since(function, invocations, settled_at(stack), last)


def _shown_by_log(log: LogSample | Missing, stack: Stack | Missing) -> str | None:
    """What in the log proves an invocation, which CloudWatch's sums show minutes later."""
    if isinstance(log, Missing) or isinstance(stack, Missing):
        return None
    counts = log.counts.since(settled_at(stack))
    reported = counts.last_reported
    if reported and reported.at:
        return f"a telemetry payload was logged on {clock(reported.at)}"
    newest_first = reversed(counts.invocations)
    ended = next(
        (invocation.at for invocation in newest_first if invocation.end is not End.NOT_SEEN), None
    )
    return f"the log shows an invocation on {clock(ended)}" if ended else None


def _never(function: LambdaFunction, days: int) -> Finding:
    return problem(
        "never",
        "Nobody invoked the function",
        f"No invocations in the last {days} days, which is as far back as CloudWatch keeps sums.",
        invoke_once(function),
    )


def _set_up_unknown(stack: Missing, last: datetime) -> Finding:
    return unknown(
        "set_up_unknown",
        "Can't tell when the integration was set up",
        f"Last invoked at about {clock(last)}. Whether the integration was set up by then could "
        f"not be read: {stack.why}",
        *granting(stack),
    )


def _since(
    function: LambdaFunction, invocations: Invocations, settled: datetime | None, last: datetime
) -> Finding:
    if settled is None:
        count = invoked_since(invocations, invocations.looked_from)
        return ok(f"Invoked {times(count)}; last at about {clock(last)}.")
    count = invoked_since(invocations, settled) + may_include(invocations, settled)
    if count:
        return ok(
            f"Invoked {times(count)} since the integration finished setting up on {clock(settled)}; "
            f"last at about {clock(last)}."
        )
    return problem(
        "before_set_up",
        "Not invoked since the integration was set up",
        f"Last invoked at about {clock(last)}. The integration was not set up until "
        f"{clock(settled)}, and invocations from before do not show.",
        invoke_once(function),
    )
