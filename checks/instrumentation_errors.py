"""Error texts of the instrumentation: what Lambda holds, and what a person pastes from Dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checks.evidence import Evidence, LambdaFunction, Missing

ACCOUNT_ERRORS = "no_account_integration_errors"
"""The step that asks for the text beside an account."""
FUNCTION_ERRORS = "no_function_instrumentation_errors"
"""The step that asks for the text beside a function."""
PASTED = frozenset({ACCOUNT_ERRORS, FUNCTION_ERRORS})
"""What is answered with the text of an error."""
NONE, SOME = ANSWERS = ("No error", "There is one…")
"""The answers to whether Dashboard shows an error; any other text is the error's own."""


def pasted(answer: str | None) -> str | None:
    """The error's text; empty where only its being there is known; None where there is none."""
    if not answer or answer == NONE:
        return None
    return "" if answer.rstrip("…") == SOME.rstrip("…") else answer


def still_valid(
    answers: Mapping[str, str], given: Mapping[str, datetime], evidence: Evidence
) -> dict[str, str]:
    """
    The answers without the errors that were pasted before the newest payload.

    `given` says when each step was answered. A function that has reported since then is
    instrumented, whatever Dashboard showed before.
    """
    at = None if isinstance(evidence.log, Missing) else evidence.log.last_payload_at

    def stands(step: str, answer: str) -> bool:
        pasted_at = given.get(step) if step in PASTED and answer != NONE else None
        return not (at and pasted_at and pasted_at < at)

    return {step: answer for step, answer in answers.items() if stands(step, answer)}


def texts_of(function: LambdaFunction, answers: Mapping[str, str]) -> tuple[str, ...]:
    """What is known of the function: of Lambda's last update first, then of Dashboard."""
    texts = (function.error, pasted(answers.get(FUNCTION_ERRORS)))
    return tuple(text for text in texts if text)
