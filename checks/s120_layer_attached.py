"""
Is the SDK's layer attached?

Instrumenting a function adds a layer named like sls-sdk-node-v0-15-15 or
sls-sdk-python-v0-3-3. It holds the SDK; without it nothing is reported, and with the wrapper
variable still set the function cannot even start.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.evidence import Environment, LambdaFunction, Missing, readable
from checks.model import Finding, ok, problem
from checks.sdk import (
    WRAPPER_VARIABLE,
    language_of,
    layer_name,
    sdk_layer,
    wrapper_without_layer,
)

EXPLAINED_BY = ("function_instrumented", "layer_slot_to_spare", *instrumented.EXPLAINED_BY)
TOGGLE = "in Dashboard switch Instrument off, press Save, switch it on and press Save again"


def check(function: LambdaFunction, environment: Environment | Missing) -> Finding:
    """Layer names are those of the release scripts: a new name for each release."""
    ours = [arn for arn in function.layers if sdk_layer(arn)]
    language = language_of(function.runtime)
    fitting = [arn for arn in ours if (found := sdk_layer(arn)) and found.language is language]
    if fitting:
        return ok(f"{layer_name(fitting[0])} is attached.")
    if ours:
        name = layer_name(ours[0])
        saw = f"{name} is attached, but the function runs {function.runtime or 'as an image'}."
    else:
        saw = "No layer of the SDK is attached."
    return _absent(function, environment, saw)


def _absent(function: LambdaFunction, environment: Environment | Missing, saw: str) -> Finding:
    language = language_of(function.runtime)
    wrapper = None
    if not isinstance(environment, Missing):
        wrapper = readable(environment, WRAPPER_VARIABLE)
    if wrapper and wrapper_without_layer(wrapper, function.layers):
        return problem(
            f"{saw} {WRAPPER_VARIABLE} still leads into it, so the function cannot start.",
            f"Remove {WRAPPER_VARIABLE} now: that brings the function back. Then {TOGGLE}.",
            down=True,
        )
    if language is None:
        return problem(saw, "There is no SDK layer for this runtime; see the step on runtimes.")
    return problem(saw, f"To attach one like {language.layer}, {TOGGLE}.")
