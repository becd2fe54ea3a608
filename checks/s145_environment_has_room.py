"""
Is there room for the variables that are missing?

All environment variables of a function share 4 KB. When they are full, the platform cannot
add its own, and instrumenting the function fails.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.evidence import Environment, Expected, LambdaFunction, readable
from checks.model import Finding, ok, problem
from checks.sdk import (
    ENVIRONMENT_LIMIT,
    ORG_VARIABLE,
    TYPICAL_ORG_ID_LENGTH,
    WRAPPER_VARIABLE,
    language_of,
)

PUNCTUATION = len('"":"",')


def check(
    function: LambdaFunction,
    environment: Environment,
    environment_size: int,
    expected: Expected,
) -> Finding:
    """4 KB is AWS Lambda's quota, measured as JSON with the names; the count has no limit."""
    language = language_of(function.runtime)
    wanted = {ORG_VARIABLE: len(expected.org_id or "") or TYPICAL_ORG_ID_LENGTH}
    if language:
        wanted[WRAPPER_VARIABLE] = len(language.wrapper)
    missing = {name: size for name, size in wanted.items() if not readable(environment, name)}
    needed = sum(len(name) + size + PUNCTUATION for name, size in missing.items())
    taken = f"{environment_size:,} of {ENVIRONMENT_LIMIT:,} bytes are taken"
    if missing and environment_size + needed > ENVIRONMENT_LIMIT:
        return problem(
            f"{taken}; {', '.join(missing)} would need about {needed} more.",
            "Delete or shorten environment variables; then in Dashboard switch Instrument off, "
            "press Save, switch it on and press Save again.",
        )
    return ok(f"{taken}.")
