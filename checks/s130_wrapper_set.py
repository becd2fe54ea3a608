"""
Is the wrapper environment variable set?

AWS_LAMBDA_EXEC_WRAPPER lets the SDK wrap the function and collect metrics and traces. There
is room for one wrapper only, so another tool that sets it switches the SDK off.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.evidence import Environment, LambdaFunction, readable
from checks.model import Finding, ok, problem
from checks.other_tools import owner_of_wrapper
from checks.sdk import (
    WRAPPER_VARIABLE,
    Language,
    is_our_wrapper,
    language_of,
    wrapper_without_layer,
)

EXPLAINED_BY = ("function_instrumented", "environment_has_room", *instrumented.EXPLAINED_BY)
TOGGLE = "in Dashboard switch Instrument off, press Save, switch it on and press Save again"


def check(function: LambdaFunction, environment: Environment) -> Finding:
    """Compared to the letter: Node.js has a hyphen and .sh, Python an underscore and .py."""
    language = language_of(function.runtime)
    found = readable(environment, WRAPPER_VARIABLE)
    if language and found == language.wrapper:
        return ok(f"{WRAPPER_VARIABLE} is {found}.")
    if found and is_our_wrapper(found):
        return _wrong_path(function, found, language)
    if found:
        return _taken(found, language)
    state = "is empty" if found == "" else "is not set"
    if language is None:
        return problem(
            f"{WRAPPER_VARIABLE} {state}.",
            "There is no SDK for this runtime; see the step on runtimes.",
        )
    return problem(
        f"{WRAPPER_VARIABLE} {state}.", f"{_sentence(TOGGLE)}; it becomes {language.wrapper}."
    )


def _wrong_path(function: LambdaFunction, found: str, language: Language | None) -> Finding:
    saw = f"{WRAPPER_VARIABLE} is {found}, which is not {function.runtime or 'an image'}'s."
    if language is None:
        return problem(saw, f"Remove {WRAPPER_VARIABLE}: there is no SDK for this runtime.")
    if wrapper_without_layer(found, function.layers):
        return problem(
            f"{saw} That file does not exist, so the function cannot start.",
            f"Set {WRAPPER_VARIABLE} to {language.wrapper}, or remove it for the fastest "
            f"relief; then {TOGGLE}.",
            down=True,
        )
    return problem(saw, f"Set {WRAPPER_VARIABLE} to {language.wrapper}, or {TOGGLE}.")


def _taken(found: str, language: Language | None) -> Finding:
    owner = owner_of_wrapper(found)
    whose = f"belongs to {owner} ({found})" if owner else f"is {found}, which is another tool's"
    wanted = f" so that it becomes {language.wrapper}" if language else ""
    return problem(
        f"{WRAPPER_VARIABLE} {whose}.",
        f"Only one tool can hold it. Remove {owner or 'the tool that sets it'} from the "
        f"function, then {TOGGLE}{wanted}. The toggle overwrites the other tool's value and "
        "does not restore it.",
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
