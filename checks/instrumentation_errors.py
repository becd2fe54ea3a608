"""Error texts of the instrumentation: what Lambda holds, and what a person pastes from Dashboard."""

from __future__ import annotations

from collections.abc import Mapping

from checks.evidence import LambdaFunction

FUNCTION_ERRORS = "no_function_instrumentation_errors"
"""The step that asks for the text beside a function."""
NONE, SOME = ANSWERS = ("No error", "There is one…")
"""The answers to whether Dashboard shows an error; any other text is the error's own."""


def pasted(answer: str | None) -> str | None:
    """The error's text; empty where only its being there is known; None where there is none."""
    if not answer or answer == NONE:
        return None
    return "" if answer.rstrip("…") == SOME.rstrip("…") else answer


def texts_of(function: LambdaFunction, answers: Mapping[str, str]) -> tuple[str, ...]:
    """What is known of the function: of Lambda's last update first, then of Dashboard."""
    texts = (function.error, pasted(answers.get(FUNCTION_ERRORS)))
    return tuple(text for text in texts if text)
