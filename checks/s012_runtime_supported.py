"""
Is there an SDK for the function's runtime?

Only Node.js and Python functions deployed as a zip can be instrumented. On Python 3.13 and
later the SDK does worse than nothing: it stops the function while it starts.

Runbook: Create Invocations
"""

from __future__ import annotations

from checks.evidence import Environment, LambdaFunction, Missing, readable
from checks.model import Finding, notice, ok, problem
from checks.sdk import (
    NEWEST_NODE_TRIED,
    NODE,
    PYTHON,
    WRAPPER_VARIABLE,
    breaks_on_import,
    language_of,
    numbered,
    sdk_layer,
    too_old,
)


def check(function: LambdaFunction, environment: Environment | Missing) -> Finding:
    """Tried with SDK Node 0.15.15 and Python 0.3.3; see checks/sdk.py for the bounds."""
    runtime = function.runtime
    if runtime is None:
        return problem(
            "The function is a container image, which cannot take the SDK's layer.",
            "Deploy it as a zip with a Node.js or Python runtime, or leave it uninstrumented.",
        )
    if breaks_on_import(runtime):
        return _breaks(function, environment)
    language = language_of(runtime)
    if language is None or too_old(runtime):
        return problem(
            f"There is no SDK for {runtime}.",
            "Use a supported runtime (Node.js 14 to 24, Python 3.8 to 3.12), "
            "or leave the function uninstrumented.",
        )
    if language is NODE and numbered(runtime)[0] > NEWEST_NODE_TRIED:
        return notice(f"The SDK was not tried on {runtime}; nodejs{NEWEST_NODE_TRIED}.x works.")
    return ok(f"There is an SDK for {runtime}.")


def _breaks(function: LambdaFunction, environment: Environment | Missing) -> Finding:
    wrapper = None
    if not isinstance(environment, Missing):
        wrapper = readable(environment, WRAPPER_VARIABLE)
    has_layer = any(
        (found := sdk_layer(arn)) and found.language is PYTHON for arn in function.layers
    )
    down = wrapper == PYTHON.wrapper and has_layer
    remedy = (
        f"Switch Instrument off, or remove {WRAPPER_VARIABLE} for the fastest relief; "
        "then move to python3.12 before instrumenting again."
        if down
        else "Do not instrument it. Move to python3.12 or earlier first."
    )
    state = "and is wrapped by the SDK, so the function fails" if down else "where the SDK fails"
    return problem(
        f"The runtime is {function.runtime}, {state} while it starts.", remedy, down=down
    )
