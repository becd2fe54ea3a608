"""
Does the SDK's layer still fit into the size limit?

Code and layers together may have 250 MB unzipped. The SDK adds 0.7 MB (Node.js) or 1.5 MB
(Python), so it matters only to a function that was at the edge already.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.evidence import LambdaFunction
from checks.instrumentation_error import ErrorKind, classify, quoted
from checks.model import Finding, notice, ok, problem, skipped, unknown
from checks.sdk import CODE_LIMIT, language_of, sdk_layer

# AWS tells the zipped size only. Code shrinks to a third or a quarter: a rule of thumb.
UNZIPS_TO = 3.5
MEGABYTE = 1_048_576


def check(function: LambdaFunction, answers: Mapping[str, str]) -> Finding:
    """Only an error text proves it; a size from the API is an estimate and is called one."""
    pasted = answers.get("no_function_instrumentation_errors") or ""
    for text in (function.error or "", pasted):
        if classify(text) is ErrorKind.CODE_SIZE:
            return problem(
                f"The function is over the size limit: {quoted(text)}",
                "Remove unused dependencies from the code or its layers; then in Dashboard "
                "switch Instrument off, press Save, switch it on and press Save again.",
            )
    if any(map(sdk_layer, function.layers)):
        return ok("The SDK's layer is attached, so it fits.")
    return _estimate(function)


def _estimate(function: LambdaFunction) -> Finding:
    language = language_of(function.runtime)
    if language is None:
        return skipped("There is no SDK layer for this runtime.")
    if function.code_size is None:
        return unknown("AWS did not tell the size of the code.")
    likely = function.code_size * UNZIPS_TO + language.unzipped
    said = (
        f"Zipped {function.code_size / MEGABYTE:.1f} MB, unzipped perhaps "
        f"{likely / MEGABYTE:.0f} of 250 MB (an estimate)"
    )
    if likely > CODE_LIMIT:
        return notice(
            f"{said}: the SDK's layer may not fit.",
            "If instrumenting fails over the code size, remove unused dependencies.",
        )
    return ok(f"{said}; the SDK adds {language.unzipped / MEGABYTE:.1f} MB.")
