"""
Is there an SDK for the function's runtime?

Only Node.js and Python functions deployed as a zip can be instrumented. On Python 3.13 and
later the SDK does worse than nothing: it stops the function while it starts.

Runbook: Create Invocations
"""

from __future__ import annotations

from datetime import datetime

from checks.actions import make_supported, move_to_supported, turn_off
from checks.evidence import Environment, LambdaFunction, Missing, readable
from checks.facts.runtimes import dates_of, updates_blocked
from checks.facts.sdk import (
    NEWEST_NODE_TRIED,
    NODE,
    PYTHON,
    WRAPPER_VARIABLE,
    breaks_on_import,
    is_our_wrapper,
    language_of,
    layer_of,
    numbered,
    sdk_layer,
)
from checks.model import (
    NOT_READ,
    Action,
    Finding,
    Hop,
    Impact,
    Page,
    granting,
    notice,
    ok,
    problem,
    unknown,
)
from checks.proof import Proof
from checks.variable_actions import remove_wrapper

HOP = Hop.RUNTIME
PAGE = Page.CODE
CODES = (
    "at_the_edge",
    "container_image",
    "breaks_on_import",
    "no_sdk",
    "not_known_to_work",
    "updates_blocked",
    "not_tried",
)
OWN_WAYS = ("container_image",)


def check(
    function: LambdaFunction,
    environment: Environment | Missing,
    edge_unread: Missing | None,
    proof: Proof,
    now: datetime,
) -> Finding:
    """Tried with SDK Node 0.15.15 and Python 0.3.3; see checks/facts/sdk.py for the bounds."""
    first = make_supported(function)
    if first and proof.reports:
        return _works_all_the_same(function)
    if first:
        return _unsupported(function, environment, first)
    if edge_unread:
        return unknown(
            NOT_READ,
            "Can't tell whether it is a Lambda@Edge function",
            f"Whether CloudFront runs it (Lambda@Edge) could not be read: {edge_unread.why}",
            *granting(edge_unread),
        )
    if updates_blocked(function.runtime, now.date()):
        return _blocked(function, environment, proof, now)
    return _supported(function, proof, now)


def _works_all_the_same(function: LambdaFunction) -> Finding:
    if function.runtime is None:
        return ok("The container image holds the SDK: telemetry is logged.")
    return notice(
        "not_known_to_work",
        f"The SDK is not known to work on {function.runtime}",
        f"The SDK is not known to work on {function.runtime}; here it does: telemetry is logged.",
    )


def _unsupported(
    function: LambdaFunction, environment: Environment | Missing, first: Action
) -> Finding:
    runtime = function.runtime
    if function.at_the_edge:
        return problem(
            "at_the_edge",
            "Lambda@Edge functions cannot be instrumented",
            "The function's role trusts edgelambda.amazonaws.com: CloudFront runs it "
            "(Lambda@Edge), and such functions take neither layers nor environment variables.",
            first,
        )
    if runtime is None:
        return problem(
            "container_image",
            "A container image cannot take the SDK's layer",
            "The function is a container image, which cannot take the SDK's layer.",
            first,
        )
    if breaks_on_import(runtime):
        return _breaks(function, environment, first)
    return problem(
        "no_sdk", f"There is no SDK for {runtime}", f"There is no SDK for {runtime}.", first
    )


def _breaks(function: LambdaFunction, environment: Environment | Missing, first: Action) -> Finding:
    wrapper = readable(environment, WRAPPER_VARIABLE)
    down = wrapper == PYTHON.wrapper and layer_of(PYTHON, function.layers)
    state = "and is wrapped by the SDK, so the function fails" if down else "where the SDK fails"
    relief = (remove_wrapper(function), *turn_off(function)) if down else ()
    return problem(
        "breaks_on_import",
        f"The SDK breaks {function.runtime} functions",
        f"The runtime is {function.runtime}, {state} while it starts.",
        *relief,
        first,
        impact=Impact.DOWN if down else Impact.BLIND,
    )


def _blocked(
    function: LambdaFunction, environment: Environment | Missing, proof: Proof, now: datetime
) -> Finding:
    """A problem only where something of the SDK would have to be put on the function."""
    runtime = function.runtime or ""
    layered = any(map(sdk_layer, function.layers))
    wrapped = isinstance(environment, Missing) or is_our_wrapper(
        readable(environment, WRAPPER_VARIABLE) or ""
    )
    saw = f"Dashboard cannot add the SDK for {runtime}.{dates_of(runtime, now.date())}"
    headline = f"AWS no longer updates {runtime} functions"
    if proof.reports or (layered and wrapped):
        return notice("updates_blocked", headline, saw, move_to_supported(function))
    return problem(
        "updates_blocked",
        headline,
        f"{saw} So the SDK cannot be put on the function.",
        move_to_supported(function),
    )


def _supported(function: LambdaFunction, proof: Proof, now: datetime) -> Finding:
    runtime = function.runtime or ""
    if language_of(runtime) is NODE and numbered(runtime)[0] > NEWEST_NODE_TRIED.value:
        return notice(
            "not_tried",
            f"The SDK has not been tested on {runtime}",
            f"The SDK has not been tested on {runtime}; nodejs{NEWEST_NODE_TRIED.value}.x works.",
        )
    if function.managed_instances and not proof.reports:
        return notice(
            "not_tried",
            "The SDK has not been tested on managed instances",
            "The SDK has not been tested on Lambda Managed Instances, where one environment handles "
            "several invocations at once.",
        )
    return ok(f"There is an SDK for {runtime}.{dates_of(runtime, now.date())}")
