"""Actions on a function's variables: at once, or with the next deployment where AWS refuses that."""

from __future__ import annotations

from dataclasses import replace

from checks.actions import IN_CODE, SHIPS_LATEST, change_in_code, make_supported, turn_off_and_on
from checks.commands import CAUTION, list_versions, remove_variable, set_variable
from checks.evidence import LambdaFunction
from checks.facts.runtimes import recommended, updates_blocked
from checks.facts.sdk import DEBUG_VARIABLE, ORG_VARIABLE, WRAPPER_VARIABLE
from checks.model import Action, Page


def remove_wrapper(function: LambdaFunction) -> Action:
    """The fastest relief of a function that its wrapper keeps from starting."""
    if function.frozen:
        return _move_back(function)
    command = remove_variable(function, WRAPPER_VARIABLE)
    removed = _changed(function, f"Now: remove {WRAPPER_VARIABLE}", command)
    return replace(removed, relief=True, undoes=("wrapper_set",))


def correct_wrapper(function: LambdaFunction, path: str) -> Action:
    """Relief and cure in one, where the SDK's layer is attached."""
    if function.frozen:
        return _move_back(function)
    command = set_variable(function, WRAPPER_VARIABLE, path)
    corrected = _changed(function, f"Now: set {WRAPPER_VARIABLE} to {path}", command)
    return replace(corrected, relief=True)


def _move_back(function: LambdaFunction) -> Action:
    """A version cannot be changed, but whoever calls it can be given another."""
    return Action(
        f"Now: move the alias, or whoever calls {function.ref.spelled}, back to the "
        "last version that works",
        Page.VERSIONS,
        list_versions(function),
        relief=True,
        caution="the command lists the versions; another one may run other code",
    )


def set_value(function: LambdaFunction, name: str, value: str, what: str | None = None) -> Action:
    """Give one variable its value."""
    return _changed(function, what or f"Set {name} to {value}", set_variable(function, name, value))


def _changed(function: LambdaFunction, what: str, command: str | None) -> Action:
    """By `command`, unless a version is frozen or AWS refuses every update of the runtime."""
    if function.frozen:
        return _in_the_next_version(what)
    if updates_blocked(function.runtime, function.read_on):
        newer = f"a runtime that AWS still updates ({recommended(function.runtime)})"
        return change_in_code(f"{what} and use {newer}")
    return Action(what, Page.VARIABLES, command, caution=CAUTION)


def _in_the_next_version(what: str) -> Action:
    return Action(
        f"{what} in {IN_CODE}, then deploy, so that a new version is published and the alias "
        "moves to it",
        Page.VERSIONS,
        caution=SHIPS_LATEST,
    )


def debug(function: LambdaFunction) -> Action:
    """Have the SDK log what it does, where there can be one; an image may hold it."""
    first = make_supported(function)
    if first and (function.runtime or function.at_the_edge):
        return first
    if function.frozen:
        return _in_the_next_version(f"For one invocation, set {DEBUG_VARIABLE} to true")
    return _changed(
        function,
        f"Turn on the SDK's debug log: set {DEBUG_VARIABLE} to true, invoke the function once and "
        "check again; remove it afterwards",
        set_variable(function, DEBUG_VARIABLE, "true"),
    )


def give_org_id(function: LambdaFunction, org_id: str | None) -> tuple[Action, ...]:
    """By Dashboard, which knows it; by hand where it is known here and can be set."""
    again = turn_off_and_on(function)
    if function.frozen or make_supported(function) or not org_id:
        return again
    return (*again, set_value(function, ORG_VARIABLE, org_id))


def correct_org_id(function: LambdaFunction, org_id: str | None) -> tuple[Action, ...]:
    """Where a deployment wrote what is no org id, it would do so again."""
    return (change_in_code(f"Give {ORG_VARIABLE} its value"), *give_org_id(function, org_id))
