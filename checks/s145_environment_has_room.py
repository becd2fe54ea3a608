"""
Is there room for the variables that are missing?

All environment variables of a function share 4 KB. When they are full, the platform cannot
add its own, and instrumenting the function fails.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.error_remedies import for_function
from checks.evidence import Environment, Expected, LambdaFunction, readable
from checks.facts.error_texts import ErrorKind
from checks.facts.limits import ENVIRONMENT
from checks.facts.sdk import (
    ORG_VARIABLE,
    TYPICAL_ORG_ID_LENGTH,
    WRAPPER_VARIABLE,
    language_of,
)
from checks.model import Finding, Hop, Page, ok, problem
from checks.proof import Proof

HOP = Hop.VARIABLES
PAGE = Page.VARIABLES
SHORT_NAME = "room for variables"
CODES = ("full",)

PUNCTUATION = len('"":"",')


def check(
    function: LambdaFunction,
    environment: Environment,
    environment_size: int,
    expected: Expected,
    proof: Proof,
) -> Finding:
    """4 KB is AWS Lambda's quota, measured as JSON with the names; the count has no limit."""
    language = language_of(function.runtime)
    wanted = {ORG_VARIABLE: len(expected.org_id or "") or TYPICAL_ORG_ID_LENGTH.value}
    if language:
        wanted[WRAPPER_VARIABLE] = len(language.wrapper)
    missing = {name: size for name, size in wanted.items() if not readable(environment, name)}
    needed = sum(len(name) + size + PUNCTUATION for name, size in missing.items())
    taken = f"{environment_size:,} of {ENVIRONMENT.value:,} bytes are taken"
    over = environment_size + needed > ENVIRONMENT.value
    if missing and over and not proof.reports:
        return problem(
            "full",
            "No room for the SDK's variables (4 KB limit)",
            f"{taken}; {', '.join(missing)} would need about {needed} more.",
            *for_function(ErrorKind.ENVIRONMENT, function),
        )
    return ok(f"{taken}.")
