"""
Does the payload name your org?

The SDK never checks SLS_ORG_ID: with another org's id everything looks well, and the data
goes to that org, or to none. Only the payload shows it.

Runbook: Manually Check For The Trace Payload
"""

from __future__ import annotations

from checks.evidence import Expected, LambdaFunction, LogSample
from checks.model import Finding, ok, problem, skipped, unknown


def check(function: LambdaFunction, log: LogSample, expected: Expected) -> Finding:
    """Read from sls_tags.org_id (SDK schema 0.15.6 and 0.2.3)."""
    recent = log.since(function.modified_at)
    if not recent.payloads:
        if recent.undecodable:
            return unknown("Telemetry is logged, but not readable, so its org cannot be told.")
        return skipped("There is no payload since the last change to tell it from.")
    seen = sorted({each.org_id for each in recent.payloads if each.org_id})
    named = ", ".join(seen) or "none"
    if expected.org_id is None:
        return ok(f"The payload names the org {named}; no expected org is configured.")
    if seen != [expected.org_id]:
        return problem(
            f"The payload names the org {named}, not {expected.org_id}.",
            f"Set SLS_ORG_ID to {expected.org_id}, or instrument the function from the right "
            "org in Dashboard; then invoke it once.",
        )
    return ok(f"The payload names the org {named}.")
