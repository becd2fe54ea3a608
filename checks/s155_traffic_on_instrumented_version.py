"""
Do the invocations go to an instrumented version?

Published versions are frozen. Instrumenting a function changes $LATEST only: an alias that
leads to an older version keeps running without the SDK until a new version is published.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.evidence import LambdaFunction, Traffic
from checks.model import Finding, ok, problem, unknown


def check(function: LambdaFunction, traffic: Traffic) -> Finding:
    """Layers and variables are part of a version (AWS Lambda)."""
    if function.qualifier:
        return ok(f"Looked at version {function.version}, as asked.")
    busy = [each for each in traffic.published if each.invocations]
    bare = [each for each in busy if each.instrumented is False]
    if bare:
        first = bare[0]
        named = ", ".join(f"{each.qualifier} (version {each.version})" for each in bare)
        return problem(
            f"{sum(each.invocations for each in bare):,} recent invocations went to "
            f"uninstrumented published versions: {named}.",
            f"Publish a new version, and point {first.qualifier} at it; then invoke it once.",
        )
    unread = [each.qualifier for each in busy if each.instrumented is None] + [*traffic.unread]
    if unread:
        return unknown(f"Not looked at: {', '.join(unread)}.")
    if busy:
        return ok(f"{len(busy)} published versions with traffic are instrumented.")
    return ok("No published version gets traffic.")
