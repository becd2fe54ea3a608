"""
Does the SDK's layer still fit into the size limit?

Code and layers together may have 250 MB unzipped. The SDK adds 0.7 MB (Node.js) or 1.5 MB
(Python), so it matters only to a function that was at the edge already.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import change_in_code
from checks.error_remedies import REMEDIES, fix, for_function
from checks.evidence import LambdaFunction
from checks.facts.error_texts import ErrorKind, classify, quoted
from checks.facts.limits import CODE
from checks.facts.sdk import language_of, sdk_layer
from checks.instrumentation_errors import texts_of
from checks.model import Finding, Hop, Page, notice, ok, problem, skipped, unknown
from checks.proof import Proof

HOP = Hop.LAYER
PAGE = Page.CODE
SHORT_NAME = "code size within the limit"
CODES = ("too_large", "may_not_fit", "size_unknown")

# AWS gives the zipped size only. Code shrinks to a third or a quarter: a rule of thumb.
UNZIPS_TO = 3.5
MEGABYTE = 1_048_576


def check(function: LambdaFunction, answers: Mapping[str, str], proof: Proof) -> Finding:
    """Only an error text proves it; a size from the API is an estimate and is called one."""
    for text in texts_of(function, answers):
        if classify(text) is ErrorKind.CODE_SIZE:
            return _too_large(function, text, proof)
    if any(map(sdk_layer, function.layers)):
        return ok("The SDK's layer is attached, so it fits.")
    if proof.reports:
        return ok("Telemetry is logged without the SDK's layer, so nothing has to fit.")
    return _estimate(function)


def _too_large(function: LambdaFunction, text: str, proof: Proof) -> Finding:
    headline = REMEDIES[ErrorKind.CODE_SIZE].headline
    saw = f"The function is over the size limit: {quoted(text).rstrip('.')}."
    if proof.reports:
        smaller = fix(ErrorKind.CODE_SIZE, function)
        saw = f"{saw} It still runs as before, and reports."
        return notice("too_large", headline, saw, *smaller)
    return problem("too_large", headline, saw, *for_function(ErrorKind.CODE_SIZE, function))


def _estimate(function: LambdaFunction) -> Finding:
    language = language_of(function.runtime)
    if language is None:
        return skipped("There is no SDK layer for this runtime.")
    if function.code_size is None:
        return unknown(
            "size_unknown", "The code's size is unknown", "AWS did not tell the size of the code."
        )
    likely = function.code_size * UNZIPS_TO + language.unzipped
    estimate = (
        f"Zipped {function.code_size / MEGABYTE:.1f} MB, unzipped perhaps "
        f"{likely / MEGABYTE:.0f} of 250 MB (an estimate)"
    )
    if likely > CODE.value:
        return notice(
            "may_not_fit",
            "The SDK's layer may not fit (estimate)",
            f"{estimate}: the SDK's layer may not fit.",
            change_in_code("If instrumenting fails over the code size, remove unused dependencies"),
        )
    return ok(f"{estimate}; the SDK adds {language.unzipped / MEGABYTE:.1f} MB.")
