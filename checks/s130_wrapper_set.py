"""
Is the wrapper environment variable set?

AWS_LAMBDA_EXEC_WRAPPER lets the SDK wrap the function and collect metrics and traces. There
is room for one wrapper only, so another tool that sets it switches the SDK off.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.actions import change_in_code, make_supported, turn_off_and_on, where_supported
from checks.deployment_events import after_deployment
from checks.evidence import DeploymentEvents, Environment, LambdaFunction, Missing, readable
from checks.facts.sdk import WRAPPER_VARIABLE, Language, language_of, layer_of
from checks.facts.wrappers import Wrapper, wrapper_of
from checks.model import Action, Finding, Hop, Impact, Page, notice, ok, problem
from checks.proof import Proof
from checks.variable_actions import correct_wrapper, remove_wrapper, set_value

EXPLAINED_BY = ("function_instrumented", "environment_has_room", *instrumented.EXPLAINED_BY)
HOP = Hop.WRAPPER
PAGE = Page.VARIABLES
CODES = ("not_set", "wrong_path", "down", "taken", "own_script", "unusual")
OWN_WAYS = ("taken", "own_script")
OVERWRITES = "overwrites the other tool's value and does not restore it"
OVERWRITES_YOURS = "overwrites your script's path and does not restore it"
WHERE_SET = f"{WRAPPER_VARIABLE}, if it is set"
NOBODY_STARTS = "That file does not exist, so no invocation can start."


def check(
    function: LambdaFunction,
    environment: Environment,
    deployment_events: DeploymentEvents | Missing | None,
    proof: Proof,
) -> Finding:
    """Compared to the letter: Node.js has a hyphen and .sh, Python an underscore and .py."""
    language = language_of(function.runtime)
    value = readable(environment, WRAPPER_VARIABLE)
    ours = language is not None and value == language.wrapper
    if ours:
        return ok(f"{WRAPPER_VARIABLE} is {value}.")
    if proof.reports:
        return _works(value)
    if not value:
        unheard, helps = after_deployment(function, deployment_events, proof)
        return _not_set(function, value, unheard, *helps)
    wrapper = wrapper_of(value)
    nowhere = wrapper.leads_nowhere(function.runtime, function.layers, ran=proof.ran)
    if proof.cannot_start or nowhere:
        return _down(function, wrapper, language)
    if wrapper.of_sdk:
        return _other_runtimes(function, wrapper, language)
    return _taken(function, wrapper, language)


def _works(value: str | None) -> Finding:
    """Whatever it is, nothing may be changed about it."""
    if not value:
        return ok(f"{WRAPPER_VARIABLE} is not set, and need not be: telemetry is logged.")
    return notice(
        "unusual",
        "The exec wrapper is not the SDK's own, yet traces come",
        f"{WRAPPER_VARIABLE} is {value}. Telemetry is logged, so it starts the SDK, too.",
    )


def _not_set(function: LambdaFunction, value: str | None, unheard: str, *helps: Action) -> Finding:
    state = "is empty" if value == "" else "is not set"
    headline = f"{WRAPPER_VARIABLE} {state}"
    saw = f"{headline}.{unheard}"
    return problem("not_set", headline, saw, *helps, *turn_off_and_on(function))


def _down(function: LambdaFunction, wrapper: Wrapper, language: Language | None) -> Finding:
    """The relief also cures where the SDK's layer is there to be led to."""
    cures = language and _can_be_led_to(language, function)
    path = language.wrapper if language else ""
    wanted = f" The SDK's is {path}." if path else ""
    relief = correct_wrapper(function, path) if cures else remove_wrapper(function)
    return problem(
        "down",
        wrapper.headline_if_absent,
        f"{WRAPPER_VARIABLE} is {wrapper.described}. {NOBODY_STARTS}{wanted}",
        relief,
        change_in_code(f"{'Remove' if make_supported(function) else 'Correct'} {WHERE_SET}"),
        *turn_off_and_on(function),
        impact=Impact.DOWN,
    )


def _can_be_led_to(language: Language, function: LambdaFunction) -> bool:
    """Without the layer, or on a runtime that the SDK breaks, its wrapper stops the function."""
    return layer_of(language, function.layers) and not make_supported(function)


def _other_runtimes(
    function: LambdaFunction, wrapper: Wrapper, language: Language | None
) -> Finding:
    return problem(
        "wrong_path",
        "The exec wrapper's path is wrong",
        f"{WRAPPER_VARIABLE} is {wrapper.path}, which is not {function.runtime or 'an image'}'s.",
        *where_supported(
            function, change_in_code(f"Correct {WHERE_SET}"), *_set_right(function, language)
        ),
    )


def _set_right(function: LambdaFunction, language: Language | None) -> tuple[Action, ...]:
    if language is None or not _can_be_led_to(language, function):
        return turn_off_and_on(function)
    return (set_value(function, WRAPPER_VARIABLE, language.wrapper),)


def _taken(function: LambdaFunction, wrapper: Wrapper, language: Language | None) -> Finding:
    if wrapper.in_the_code:
        return _own_script(function, wrapper, language)
    owner = wrapper.owner or "the tool that sets it"
    named = wrapper.owner or "another tool"
    remove = change_in_code(f"Remove {owner} from the function")
    return problem(
        "taken",
        f"{named[0].upper()}{named[1:]} owns the exec wrapper",
        f"{WRAPPER_VARIABLE} {wrapper.belongs}. Only one tool can hold it.",
        *where_supported(function, remove, *turn_off_and_on(function, OVERWRITES)),
    )


def _own_script(function: LambdaFunction, wrapper: Wrapper, language: Language | None) -> Finding:
    ending: tuple[Action, ...] = ()
    if language and _can_be_led_to(language, function):
        start = f'exec {language.wrapper} "$@"'
        ending = (change_in_code(f"Let {wrapper.path} end in the SDK's own ({start})"),)
    return problem(
        "own_script",
        "The exec wrapper is a script of your own",
        f"{WRAPPER_VARIABLE} is {wrapper.described}. The SDK starts only if that starts it.",
        *ending,
        *turn_off_and_on(function, OVERWRITES_YOURS),
    )
