"""
Is a subscription filter free for the platform?

Traces leave the log group through one of its few subscription filters. When others hold all
of them, instrumenting the function fails.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from checks.evidence import Expected, Filter
from checks.evidence.function import FILTER_NAME
from checks.model import Finding, ok, problem


def check(filters: tuple[Filter, ...], expected: Expected) -> Finding:
    """The limit is a quota of CloudWatch Logs, 2 a log group unless set otherwise."""
    names = [each.name for each in filters]
    limit = expected.filter_limit
    if FILTER_NAME in names:
        others = len(names) - 1
        return ok(
            f"{FILTER_NAME} is on the log group, with {others or 'no'} other{'s' * (others != 1)}."
        )
    if len(names) >= limit:
        return problem(
            f"All {limit} subscription filters of the log group are taken: {', '.join(names)}.",
            f"Remove one of them ({', '.join(names)}); then in Dashboard switch Instrument off, "
            "press Save, switch it on and press Save again.",
        )
    return ok(f"{len(names)} of {limit} subscription filters are taken.")
