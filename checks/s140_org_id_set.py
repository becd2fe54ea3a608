"""
Is SLS_ORG_ID set?

The SDK does nothing without it. It says so once in each container's log, and the function
runs on unobserved.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.actions import publish
from checks.deployment_events import after_deployment
from checks.evidence import (
    DeploymentEvents,
    Environment,
    Expected,
    LambdaFunction,
    LogSample,
    Missing,
    readable,
)
from checks.facts.sdk import ORG_VARIABLE, no_org_id
from checks.model import Action, Finding, Hop, Page, not_read, ok, problem
from checks.proof import Proof
from checks.variable_actions import correct_org_id, give_org_id

HOP = Hop.VARIABLES
PAGE = Page.VARIABLES
VARIABLES = "environment variables"
SHORT_NAME = "SLS_ORG_ID set"
CODES = ("not_set", "empty", "impossible", "missing_in_log", "missing_where_it_runs")
EXPLAINED_BY = ("function_instrumented", "environment_has_room", *instrumented.EXPLAINED_BY)


def check(
    function: LambdaFunction,
    environment: Environment | Missing,
    log: LogSample | Missing,
    deployment_events: DeploymentEvents | Missing | None,
    expected: Expected,
    proof: Proof,
) -> Finding:
    """The warning in the log is proof without debugging (Node 0.15.15, Python 0.3.3)."""
    warned = not isinstance(log, Missing) and log.since(function.modified_at).org_id_missing
    if isinstance(environment, Missing):
        return _missing_in_log(function, expected) if warned else not_read(VARIABLES, environment)
    value = readable(environment, ORG_VARIABLE)
    if value and warned:
        return _missing_where_it_runs(function)
    if value and no_org_id(value):
        return _impossible(function, value, expected)
    if value:
        return ok(f"{ORG_VARIABLE} is {value}.")
    state = "empty" if value == "" else "not set"
    if proof.reports and not warned:
        return ok(f"{ORG_VARIABLE} is {state}; the function's own code names the org.")
    unheard, helps = after_deployment(function, deployment_events, proof)
    return _not_set(state, unheard, *helps, *give_org_id(function, expected.org_id))


def _not_set(state: str, unheard: str, *actions: Action) -> Finding:
    headline = f"{ORG_VARIABLE} is {state}"
    return problem(state.replace(" ", "_"), headline, f"{headline}.{unheard}", *actions)


def _missing_in_log(function: LambdaFunction, expected: Expected) -> Finding:
    return problem(
        "missing_in_log",
        f"{ORG_VARIABLE} is missing",
        f"The SDK's own log says that {ORG_VARIABLE} is missing.",
        *give_org_id(function, expected.org_id),
    )


def _missing_where_it_runs(function: LambdaFunction) -> Finding:
    return problem(
        "missing_where_it_runs",
        f"{ORG_VARIABLE} is missing in the version that runs",
        f"{ORG_VARIABLE} is set, yet the SDK's log says that it is missing where it runs.",
        *publish(function),
    )


def _impossible(function: LambdaFunction, value: str, expected: Expected) -> Finding:
    return problem(
        "impossible",
        f"{ORG_VARIABLE} holds no org id",
        f"{ORG_VARIABLE} is {value!r}, which is no org id.",
        *correct_org_id(function, expected.org_id),
    )
