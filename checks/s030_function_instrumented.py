"""
Is the function instrumented?

In Dashboard, under Settings > Integrations > Edit, each function has an Instrument toggle.
Switched on and saved, it adds a layer and two variables to the function. None of the three
here means that the toggle is off, or that it never took effect.

Runbook: Check AWS Lambda Functions Are Instrumented
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checks.actions import (
    EDIT,
    INTEGRATIONS,
    UNDONE_BY,
    ask_support,
    turn_off_and_on,
    turn_on,
    where_supported,
)
from checks.deployment_events import hear_again, obstacles, to_read, told
from checks.evidence import (
    DeploymentEvents,
    Environment,
    Expected,
    Filter,
    LambdaFunction,
    Missing,
    readable,
)
from checks.facts.other_tools import tools_with_layer
from checks.facts.sdk import (
    ORG_VARIABLE,
    WRAPPER_VARIABLE,
    is_our_wrapper,
    layer_name,
    sdk_layer,
)
from checks.filter_slots import owner_of
from checks.model import Action, Ask, Finding, Hop, Page, Wait, ok, problem
from checks.proof import Proof
from checks.timeline import clock

HOP = Hop.INSTRUMENTED
PAGE = Page.CODE
REMOVED = "removed"
CODES = ("off", "on_without_effect", "not_listed", REMOVED, "may_be_repaired")

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
AXIOM = "Axiom"
AXIOM_PREFIX = "AXIOM_"
"""Of its variables' names: the only ones whose values are withheld and whose names tell anything."""
OWN_WAY = (
    "Nothing of Dashboard's is on the function, yet telemetry is logged: the SDK is "
    "started by the function's own code or image."
)
KEEP = Action(
    "Keep in code what Dashboard adds: stages.STAGE.observability: true in serverless.yml "
    "(Framework 4), or foreign layers and variables in SAM, CDK or Terraform, then deploy",
)
SAW = "The function has none of the SDK's layer, its wrapper variable and SLS_ORG_ID"


def check(
    function: LambdaFunction,
    environment: Environment,
    filters: tuple[Filter, ...] | Missing,
    deployment_events: DeploymentEvents | Missing | None,
    answers: Mapping[str, str],
    expected: Expected,
    proof: Proof,
    now: datetime,
) -> Finding | Ask | Wait:
    """Any one of the three shows that the toggle took effect once."""
    signs = signs_of(function, environment)
    if signs:
        return ok(f"Instrumentation was switched on: the function has {', '.join(signs)}.")
    if proof.reports:
        return ok(OWN_WAY)
    other = _other_provider(function, environment, filters)
    findings = {OFF: _off(function, other), ON: _on(function), UNLISTED: _unlisted(function)}
    answer = answers.get("function_instrumented")
    if answer in findings:
        return findings[answer]
    if before := _seen_before(function, filters, proof):
        return _removed(function, before, deployment_events, expected, now)
    return Ask(QUESTION, ANSWERS, findings[OFF])


def signs_of(function: LambdaFunction, environment: Environment) -> list[str]:
    """What of the SDK is on the function, in words."""
    wrapper = readable(environment, WRAPPER_VARIABLE) or ""
    return [
        *(["the SDK's layer"] if any(map(sdk_layer, function.layers)) else []),
        *([WRAPPER_VARIABLE] if is_our_wrapper(wrapper) else []),
        *([ORG_VARIABLE] if ORG_VARIABLE in environment else []),
    ]


def _seen_before(
    function: LambdaFunction, filters: tuple[Filter, ...] | Missing, proof: Proof
) -> str | None:
    """What shows that the function was instrumented until its last change."""
    if proof.reported_before:
        return f"telemetry was logged until {clock(proof.reported_before)}"
    ours = () if isinstance(filters, Missing) else (filter_ for filter_ in filters if filter_.ours)
    if any(
        filter_.created_at is None or filter_.created_at < function.modified_at for filter_ in ours
    ):
        return "its log group still has the platform's subscription filter"
    return None


def _removed(
    function: LambdaFunction,
    before: str,
    events: DeploymentEvents | Missing | None,
    expected: Expected,
    now: datetime,
) -> Finding | Wait:
    """Dashboard hears of a deployment by CloudTrail and instruments again; nothing waits where it can't."""
    at = clock(function.modified_at)
    saw = (
        "The function no longer has the SDK's layer, its wrapper variable or SLS_ORG_ID. It was "
        f"instrumented ({before}); the update of {at} removed them."
    )
    settled = function.modified_at + expected.repaired_within
    if now < settled and not obstacles(events):
        return _may_be_repaired(saw, settled)
    headline = "A deployment removed the SDK"
    return problem(
        REMOVED,
        f"{headline}; Dashboard can't repair it" if obstacles(events) else headline,
        f"{saw}{told(events)}",
        *where_supported(function, *_put_back(function, events)),
    )


def _put_back(
    function: LambdaFunction, events: DeploymentEvents | Missing | None
) -> tuple[Action, ...]:
    """For the next deployment first: what keeps it from happening again."""
    toggle = turn_off_and_on(function)
    if helps := hear_again(function, events):
        return (*helps, *toggle, KEEP)
    return (KEEP, *toggle, *to_read(events))


def _may_be_repaired(saw: str, settled: datetime) -> Wait:
    return Wait(
        settled,
        f"{saw} Dashboard may still put it back.",
        "may_be_repaired",
        "A deployment removed the SDK a moment ago",
    )


def _other_provider(
    function: LambdaFunction, environment: Environment, filters: tuple[Filter, ...] | Missing
) -> str:
    """Serverless Framework 4 lets a project have Axiom or Dashboard (see `facts/framework.py`)."""
    layers = (tool.name for arn in function.layers for tool in tools_with_layer(layer_name(arn)))
    led = () if isinstance(filters, Missing) else (owner_of(filter_) for filter_ in filters)
    variables = any(name.startswith(AXIOM_PREFIX) for name in environment)
    if not (variables or AXIOM in layers or AXIOM in led):
        return ""
    return f" {AXIOM} is set up here, and Serverless Framework takes either {AXIOM} or Dashboard."


def _off(function: LambdaFunction, other_provider: str) -> Finding:
    return problem(
        "off",
        "Instrument is off for this function",
        f"{SAW}: the Instrument toggle is off.{other_provider}",
        *turn_on(function),
    )


def _on(function: LambdaFunction) -> Finding:
    return problem(
        "on_without_effect",
        "Instrument is on, but nothing is on the function",
        f"{SAW}, although the Instrument toggle is on.",
        *turn_off_and_on(function, UNDONE_BY),
        Action(f"If that fails, read the error beside the function: {EDIT}", Page.DASHBOARD),
    )


def _unlisted(function: LambdaFunction) -> Finding:
    return problem(
        "not_listed",
        "Dashboard does not list the function",
        f"{SAW}, and Dashboard does not list it.",
        *where_supported(
            function,
            Action(
                "Check that the integration in Dashboard is of this AWS account",
                Page.DASHBOARD,
                way=INTEGRATIONS,
            ),
            ask_support("the function's name, region and account"),
        ),
    )
