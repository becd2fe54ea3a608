"""
Is SLS_ORG_ID set?

The SDK does nothing without it. It says so once in each container's log, and the function
runs on unobserved.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.evidence import Environment, Expected, LambdaFunction, LogSample, Missing, readable
from checks.model import Finding, allow, ok, problem, unknown
from checks.sdk import ORG_VARIABLE

EXPLAINED_BY = ("function_instrumented", "environment_has_room", *instrumented.EXPLAINED_BY)


def check(
    function: LambdaFunction,
    environment: Environment | Missing,
    log: LogSample | Missing,
    expected: Expected,
) -> Finding:
    """The warning in the log is proof without debugging (Node 0.15.15, Python 0.3.3)."""
    remedy = (
        f"Set {ORG_VARIABLE}{f' to {expected.org_id}' if expected.org_id else ''}: in Dashboard "
        "switch Instrument off, press Save, switch it on and press Save again."
    )
    warned = not isinstance(log, Missing) and log.since(function.modified_at).org_id_missing
    if isinstance(environment, Missing):
        if warned:
            return problem(f"The SDK's own log says that {ORG_VARIABLE} is missing.", remedy)
        return unknown(
            f"Could not read the environment variables: {environment.why}", allow(environment)
        )
    value = readable(environment, ORG_VARIABLE)
    if value and warned:
        return problem(
            f"{ORG_VARIABLE} is set, yet the SDK's log says that it is missing where it runs.",
            "Check that the version which gets the traffic has it too; publish it anew if not.",
        )
    if value:
        return ok(f"{ORG_VARIABLE} is {value}.")
    return problem(f"{ORG_VARIABLE} is {'empty' if value == '' else 'not set'}.", remedy)
