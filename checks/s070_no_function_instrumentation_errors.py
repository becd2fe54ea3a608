"""
Did instrumenting the function succeed?

Dashboard shows an error beside a function that it could not instrument, under Settings >
Integrations > Edit. Lambda holds some of these texts as the reason of the last update.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import ask_support, deploy_again
from checks.error_remedies import CODES as KINDS
from checks.error_remedies import REMEDIES, code_of, fix, for_function
from checks.evidence import (
    DeliveryStream,
    Expected,
    Filter,
    LambdaFunction,
    Missing,
)
from checks.facts.error_texts import OF_THE_SETUP, OWN_REASONS, ErrorKind, classify, quoted
from checks.filter_slots import Slots, room_for_ours, slots
from checks.instrumentation_errors import ANSWERS, FUNCTION_ERRORS, NONE, pasted
from checks.model import Action, Ask, Finding, Hop, Page, notice, ok, problem
from checks.proof import Proof

EXPLAINED_BY = (
    "subscription_filter_to_spare",
    "code_size_within_limit",
    "layer_slot_to_spare",
    "environment_has_room",
)
QUESTION = "Does Dashboard show an error beside this function?"
HOP = Hop.INSTRUMENTED
PAGE = Page.CODE
SHORT_NAME = "no instrumentation error"
CODES = (*KINDS, "update_failed", "updating")
SHOWN = "Dashboard shows an error beside the function"
UPDATED = "Lambda's last update"


def check(
    function: LambdaFunction,
    filters: tuple[Filter, ...] | Missing,
    log_firehose: DeliveryStream | Missing | None,
    expected: Expected,
    answers: Mapping[str, str],
    proof: Proof,
) -> Finding | Ask:
    """Lambda's own reason first, then what a person pasted; a payload outweighs both."""
    answer = answers.get(FUNCTION_ERRORS)
    reason = " ".join(part for part in (function.error_code, function.error) if part)
    text = reason or pasted(answer)
    if text:
        kind = _kind(text, filters, log_firehose, expected)
        actions = _actions(kind, function, filters)
        if reason:
            return _update_failed(function, kind, actions, proof)
        overruled = proof.reports and kind in OF_THE_SETUP
        return _overruled(function, text, kind) if overruled else _pasted(text, kind, actions)
    if text is not None:
        return problem(code_of(ErrorKind.OTHER), SHOWN, f"{SHOWN}.", ask_support("that text"))
    if function.update_status == "InProgress" and not answer:
        return _updating()
    fine = ok("Lambda reports no error of the last update, and no error in Dashboard is known.")
    return fine if answer == NONE else Ask(QUESTION, ANSWERS, fine)


def _pasted(text: str, kind: ErrorKind, actions: tuple[Action, ...]) -> Finding:
    saw = f"Dashboard says ({kind}): {quoted(text)}"
    return problem(code_of(kind), REMEDIES[kind].headline, saw, *actions)


def _overruled(function: LambdaFunction, text: str, kind: ErrorKind) -> Finding:
    """Dashboard failed to change what works as it is; only its reason is left to remove."""
    saw = f"Dashboard says ({kind}): {quoted(text).rstrip('.')}. Yet the function reports."
    return notice(code_of(kind), REMEDIES[kind].headline, saw, *fix(kind, function))


def _updating() -> Finding:
    headline = "An update of the function is under way"
    return notice("updating", headline, f"{headline}.", Action("Check again when it has finished"))


def _update_failed(
    function: LambdaFunction, kind: ErrorKind, actions: tuple[Action, ...], proof: Proof
) -> Finding:
    """The function runs on as it was before; it may well report."""
    reason = quoted(function.error or "")
    why = ": ".join(part for part in (function.error_code or "", reason) if part)
    code = "update_failed" if kind is ErrorKind.OTHER else code_of(kind)
    headline = (
        "The function's last update failed" if kind is ErrorKind.OTHER else REMEDIES[kind].headline
    )
    if proof.reports:
        saw = f"{UPDATED} failed ({why}); the function runs on as it was before, and reports."
        first = actions[:1] if kind in OWN_REASONS else ()
        return notice(code, headline, saw, *first, deploy_again(function))
    if kind is ErrorKind.OTHER:
        saw = f"{UPDATED} failed ({why}){'' if reason else ', without a reason'}."
        return problem(code, headline, saw, deploy_again(function))
    return problem(code, headline, f"{UPDATED} says ({kind}): {why}", *actions)


def _actions(
    kind: ErrorKind, function: LambdaFunction, filters: tuple[Filter, ...] | Missing
) -> tuple[Action, ...]:
    """What to do about a full limit follows from the filters."""
    if kind is ErrorKind.FILTER_LIMIT:
        return room_for_ours(function, filters)
    return for_function(kind, function)


def _kind(
    text: str,
    filters: tuple[Filter, ...] | Missing,
    log_firehose: DeliveryStream | Missing | None,
    expected: Expected,
) -> ErrorKind:
    """Some words mean either; what is there decides."""
    kind = classify(text)
    counted = not isinstance(filters, Missing) and slots(filters, expected) is Slots.FULL
    if kind is ErrorKind.THROTTLED and counted:
        return ErrorKind.FILTER_LIMIT
    if kind is ErrorKind.FIREHOSE_NOT_READY and log_firehose is None:
        return ErrorKind.FIREHOSE_MISSING
    return kind
