"""
Whether an answer is about what Dashboard repairs after a deployment.

Only then it is asked whether Dashboard can hear of deployments.
"""

from __future__ import annotations

from checks.actions import make_supported
from checks.evidence import Evidence, Missing, readable
from checks.facts.sdk import ORG_VARIABLE, WRAPPER_VARIABLE, language_of, layer_of
from checks.proof import proof_of
from checks.runbook import walk

_LOST = frozenset(
    {("function_instrumented", "removed"), ("function_instrumented", "may_be_repaired")}
)
"""By step and code; the step itself saw that the function was instrumented before."""
_MISSING = frozenset(
    {
        ("layer_attached", "absent"),
        ("layer_attached", "down"),
        ("wrapper_set", "not_set"),
        ("org_id_set", "not_set"),
    }
)
"""Likewise; a payload from before the change shows it."""


def is_about_repair(evidence: Evidence) -> bool:
    """Whether layer or variables are missing after a deployment, and Dashboard puts them back."""
    function = evidence.function
    if function.frozen or make_supported(function) or _complete(evidence):
        return False
    report = walk(evidence)
    cause = report.line(report.cause)
    if cause is None:
        return False
    found = (cause.step, cause.code)
    return found in _LOST or (found in _MISSING and bool(proof_of(evidence).reported_before))


def _complete(evidence: Evidence) -> bool:
    """Nothing that Dashboard adds is missing, so that the steps need not be tried."""
    function, environment = evidence.function, evidence.environment
    language = language_of(function.runtime)
    if isinstance(environment, Missing) or language is None:
        return True
    variables = (readable(environment, name) for name in (WRAPPER_VARIABLE, ORG_VARIABLE))
    return layer_of(language, function.layers) and all(variables)
