"""
Did instrumenting the function succeed?

Dashboard shows an error beside a function that it could not instrument, under Settings >
Integrations > Edit. Lambda keeps some of these texts as the reason of the last update.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.evidence import Expected, Filter, LambdaFunction, Missing
from checks.evidence.function import FILTER_NAME
from checks.instrumentation_error import ErrorKind, classify, quoted
from checks.model import Ask, Finding, ok, problem

EXPLAINED_BY = (
    "subscription_filter_to_spare",
    "code_size_within_limit",
    "layer_slot_to_spare",
    "environment_has_room",
)
QUESTION = "Does Dashboard show an error beside this function?"
NONE, SOME = ANSWERS = ("No error", "There is one…")
TOGGLE = "switch Instrument off, press Save, switch it on and press Save again"
REMEDIES = {
    ErrorKind.CODE_SIZE: f"Remove unused dependencies from the code or its layers; then {TOGGLE}.",
    ErrorKind.LAYERS: f"Remove one of the five layers; then {TOGGLE}.",
    ErrorKind.ENVIRONMENT: f"Delete or shorten environment variables; then {TOGGLE}.",
    ErrorKind.FIREHOSE: "The stream serverless_logs-firehose is missing in this region: remove "
    "the integration in Dashboard and add it again.",
    ErrorKind.OTHER: "Send that text to Serverless's support through the widget in Dashboard.",
}


def check(
    function: LambdaFunction,
    filters: tuple[Filter, ...] | Missing,
    expected: Expected,
    answers: Mapping[str, str],
) -> Finding | Ask:
    """Lambda's own reason first, then what a person pasted."""
    pasted = answers.get("no_function_instrumentation_errors")
    if function.error:
        return _explained(function.error, "Lambda's last update", filters, expected)
    if pasted and pasted.rstrip("…") == SOME.rstrip("…"):
        return problem("Dashboard shows an error beside the function.", REMEDIES[ErrorKind.OTHER])
    if pasted and pasted != NONE:
        return _explained(pasted, "Dashboard", filters, expected)
    fine = ok("Lambda reports no error of the last update, and none in Dashboard is known of.")
    return fine if pasted == NONE else Ask(QUESTION, ANSWERS, fine)


def _explained(
    text: str, where: str, filters: tuple[Filter, ...] | Missing, expected: Expected
) -> Finding:
    kind, text = classify(text), quoted(text)
    if kind in {ErrorKind.FILTER_LIMIT, ErrorKind.THROTTLED}:
        return _limit_or_throttling(text, where, filters, expected)
    return problem(f"{where} says ({kind}): {text}", REMEDIES[kind])


def _limit_or_throttling(
    text: str, where: str, filters: tuple[Filter, ...] | Missing, expected: Expected
) -> Finding:
    """The same words mean either; the count of filters decides."""
    if isinstance(filters, Missing):
        return problem(
            f"{where} says: {text} Whether the log group's filters are full could not be seen.",
            f"Count the subscription filters of the log group: with {expected.filter_limit} of "
            f"others, remove one; with fewer, AWS was only busy. Then {TOGGLE}.",
        )
    others = [each.name for each in filters if each.name != FILTER_NAME]
    if len(others) >= expected.filter_limit:
        return problem(
            f"{where} says ({ErrorKind.FILTER_LIMIT}): {text}",
            f"Remove one of the log group's filters ({', '.join(others)}); then {TOGGLE}.",
        )
    return problem(
        f"{where} says ({ErrorKind.THROTTLED}): {text} Only {len(filters)} of "
        f"{expected.filter_limit} filters are taken, so AWS was only busy.",
        f"In Dashboard {TOGGLE}.",
    )
