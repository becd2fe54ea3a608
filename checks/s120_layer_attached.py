"""
Is the SDK's layer attached?

Instrumenting a function adds a layer named like sls-sdk-node-v0-15-15 or
sls-sdk-python-v0-3-3. It holds the SDK; without it nothing is reported, and with the wrapper
variable still set the function cannot even start.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.actions import turn_off_and_on
from checks.deployment_events import after_deployment
from checks.evidence import DeploymentEvents, Environment, LambdaFunction, Missing, readable
from checks.facts.sdk import (
    WRAPPER_VARIABLE,
    language_of,
    layer_name,
    sdk_layer,
)
from checks.facts.wrappers import wrapper_of
from checks.model import Action, Finding, Hop, Impact, Page, notice, ok, problem
from checks.proof import Proof
from checks.variable_actions import remove_wrapper

EXPLAINED_BY = ("function_instrumented", "layer_slot_to_spare", *instrumented.EXPLAINED_BY)
HOP = Hop.LAYER
PAGE = Page.CODE
CODES = ("absent", "other_language", "down", "unusual")
OWN_WAYS = ("absent",)


def check(
    function: LambdaFunction,
    environment: Environment | Missing,
    deployment_events: DeploymentEvents | Missing | None,
    proof: Proof,
) -> Finding:
    """Layer names are those of the release scripts: a new name for each release."""
    ours = [arn for arn in function.layers if sdk_layer(arn)]
    language = language_of(function.runtime)
    fitting = [arn for arn in ours if (layer := sdk_layer(arn)) and layer.language is language]
    if fitting:
        return ok(f"{layer_name(fitting[0])} is attached.")
    if ours:
        name = layer_name(ours[0])
        saw = f"{name} is attached, but the function runs {function.runtime or 'as an image'}."
        if proof.reports:
            return notice(
                "unusual", "The SDK layer is another runtime's", f"{saw} Yet telemetry is logged."
            )
        return _absent(function, environment, "other_language", saw)
    if proof.reports:
        return ok("No layer of the SDK is attached, and none is needed: telemetry is logged.")
    unheard, helps = after_deployment(function, deployment_events, proof)
    saw = f"No layer of the SDK is attached.{unheard}"
    return _absent(function, environment, "absent", saw, *helps)


def _absent(
    function: LambdaFunction,
    environment: Environment | Missing,
    code: str,
    saw: str,
    *helps: Action,
) -> Finding:
    wrapper = readable(environment, WRAPPER_VARIABLE)
    if wrapper and _into_it(wrapper, function):
        return problem(
            "down",
            "SDK layer missing",
            f"{saw} {WRAPPER_VARIABLE} still leads into it.",
            remove_wrapper(function),
            *helps,
            *turn_off_and_on(function),
            impact=Impact.DOWN,
        )
    headline = "SDK layer missing" if code == "absent" else "The SDK layer is another runtime's"
    return problem(code, headline, saw, *helps, *turn_off_and_on(function))


def _into_it(value: str, function: LambdaFunction) -> bool:
    """Whether the wrapper leads into a layer of the SDK's that is not there."""
    wrapper = wrapper_of(value)
    nowhere = wrapper.leads_nowhere(function.runtime, function.layers, ran=False)
    return bool(wrapper.language) and not wrapper.flaw and nowhere
