"""
Is the function instrumented?

In Dashboard, under Settings > Integrations > Edit, each function has an Instrument toggle.
Switched on and saved, it adds a layer and two variables to the function. None of the three
here means that the toggle is off, or that it never took effect.

Runbook: Check AWS Lambda Functions Are Instrumented
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.evidence import Environment, LambdaFunction, readable
from checks.model import Ask, Finding, ok, problem
from checks.sdk import ORG_VARIABLE, WRAPPER_VARIABLE, is_our_wrapper, sdk_layer

EXPLAINED_BY = (
    "runtime_supported",
    "region_supported",
    "integration_stack_exists",
    "integration_stack_in_us_east_1",
    "no_account_integration_errors",
    "no_function_instrumentation_errors",
    "subscription_filter_to_spare",
    "code_size_within_limit",
    "layer_slot_to_spare",
    "environment_has_room",
)
QUESTION = "Is the function's Instrument toggle on in Dashboard?"
OFF, ON, UNLISTED = ANSWERS = ("It is off", "It is on", "It is not listed")
SAW = "The function has none of the SDK's layer, its wrapper variable and SLS_ORG_ID"


def check(
    function: LambdaFunction, environment: Environment, answers: Mapping[str, str]
) -> Finding | Ask:
    """Any one of the three shows that the toggle took effect once."""
    signs = signs_of(function, environment)
    if signs:
        return ok(f"Instrumentation was switched on: the function has {', '.join(signs)}.")

    findings = {OFF: _off(), ON: _on(), UNLISTED: _unlisted()}
    answer = answers.get("function_instrumented")
    return findings[answer] if answer in findings else Ask(QUESTION, ANSWERS, findings[OFF])


def signs_of(function: LambdaFunction, environment: Environment) -> list[str]:
    """What of the SDK is on the function, in words."""
    wrapper = readable(environment, WRAPPER_VARIABLE) or ""
    return [
        *(["the SDK's layer"] if any(map(sdk_layer, function.layers)) else []),
        *([WRAPPER_VARIABLE] if is_our_wrapper(wrapper) else []),
        *([ORG_VARIABLE] if ORG_VARIABLE in environment else []),
    ]


def _off() -> Finding:
    return problem(
        f"{SAW}: the Instrument toggle is off.",
        "In Dashboard open Settings > Integrations > Edit, switch Instrument on for this "
        "function, press Save, then invoke it.",
    )


def _on() -> Finding:
    return problem(
        f"{SAW}, although the Instrument toggle is on.",
        "In Dashboard switch Instrument off, press Save, switch it on, press Save again; "
        "if it fails, read the error that Dashboard shows beside the function.",
    )


def _unlisted() -> Finding:
    return problem(
        f"{SAW}, and Dashboard does not list it.",
        "Check that Dashboard's integration is of this AWS account; if it is, "
        "ask Serverless's support through the widget in Dashboard.",
    )
