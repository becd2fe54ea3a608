"""
Does the payload name your org?

The SDK never checks SLS_ORG_ID: with another org's id everything looks well, and the data
goes to that org, or to none. Only the payload shows it.

Runbook: Manually Check For The Trace Payload
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.evidence import Expected, LambdaFunction, LogSample
from checks.facts.sdk import ORG_VARIABLE, no_org_id
from checks.model import Action, Finding, Hop, Page, Symptom, ok, problem, skipped, unknown
from checks.variable_actions import correct_org_id, set_value

EXPLAINS = Symptom.TRACES
HOP = Hop.ORG
PAGE = Page.MONITOR
SHORT_NAME = "payload names your org"
CODES = ("other_org", "impossible", "not_readable")


def check(function: LambdaFunction, log: LogSample, expected: Expected) -> Finding:
    """Read from sls_tags.org_id (SDK schema 0.15.6 and 0.2.3)."""
    recent = log.since(function.modified_at)
    if not recent.payloads:
        return _no_payload(recent)
    seen = sorted({payload.org_id for payload in recent.payloads if payload.org_id})
    named = f"The payload names the org {', '.join(seen) or 'none'}"
    if expected.org_id is None and any(map(no_org_id, seen)):
        return _impossible(function, seen)
    if expected.org_id is None:
        return ok(f"{named}; no expected org is configured.")
    if seen != [expected.org_id]:
        return _other_org(function, named, expected.org_id)
    return ok(f"{named}.")


def _no_payload(recent: LogSample) -> Finding:
    if not recent.undecodable:
        return skipped("There is no payload since the last change to judge by.")
    return unknown(
        "not_readable",
        "The payloads cannot be decoded",
        "Telemetry is logged but not readable, so its org can't be determined.",
    )


def _impossible(function: LambdaFunction, seen: Sequence[str]) -> Finding:
    return problem(
        "impossible",
        "The payload names no org",
        f"The payload names the org {', '.join(map(repr, seen))}, which is no org id.",
        *correct_org_id(function, None),
    )


def _other_org(function: LambdaFunction, named: str, expected: str) -> Finding:
    return problem(
        "other_org",
        "The data goes to another org",
        f"{named}, not {expected}.",
        Action(
            "Instrument the function from the right org in Dashboard; where SLS_ORG_ID is "
            "set in your code, change it there",
            Page.DASHBOARD,
        ),
        set_value(function, ORG_VARIABLE, expected),
    )
