"""
From outcomes to a verdict: what explains what, the cause, the impact, the summary.

All of it follows from the outcomes and the steps' own constants; interface.md names the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checks.evidence import Evidence
from checks.model import Impact, Overall, Symptom, Verdict
from checks.report import Line
from checks.timeline import clock

if TYPE_CHECKING:
    from checks.runbook import Step

CANNOT_EXPLAIN: Mapping[Symptom, frozenset[str]] = {
    Symptom.BOTH: frozenset(),
    Symptom.METRICS: frozenset(
        {
            "traces_not_sampled",
            "telemetry_payload_logged",
            "payload_names_our_org",
            "wrapper_initialized",
            "traces_reach_the_log_pipe",
        }
    ),
    Symptom.TRACES: frozenset({"metrics_reach_the_metric_stream"}),
}
"""Steps that cannot be the reason of what a person misses: tried, shown, not counted."""

Judged = tuple[Overall, str | None, Impact | None, str]


def because(
    step: Step, runbook: Sequence[Step], found: Mapping[str, Verdict], symptom: Symptom
) -> str | None:
    """The first problem found (for a symptom: or the wait) that explains `step`'s problem."""
    if found[step.slug] is not Verdict.PROBLEM:
        return None
    aside = CANNOT_EXPLAIN[symptom] if step.slug not in CANNOT_EXPLAIN[symptom] else frozenset()
    for other in runbook:
        if other.slug in aside or other.slug == step.slug:
            continue
        if _explains(other, step, found[other.slug]):
            return other.slug
    return None


def _explains(other: Step, step: Step, outcome: Verdict) -> bool:
    if outcome is Verdict.WAIT:
        return step.symptom
    if outcome is not Verdict.PROBLEM:
        return False
    return other.slug in step.explained_by or (step.symptom and not other.symptom)


def judge(
    runbook: Sequence[Step],
    lines: Sequence[Line],
    symptom: Symptom,
    downs: Sequence[str],
    evidence: Evidence,
) -> Judged:
    """Verdict, cause, impact, summary. `downs` are the steps whose problem stops the function."""
    counted = [line for line in lines if line.step not in CANNOT_EXPLAIN[symptom]]
    symptoms = {step.slug for step in runbook if step.symptom}
    verdict = _verdict(counted, symptoms)
    cause = _cause(verdict, counted)
    impact = None
    if downs:
        impact = Impact.DOWN
    elif verdict is Overall.PROBLEM:
        impact = Impact.BLIND
    by_slug = {line.step: line for line in lines}
    if verdict is Overall.HEALTHY:
        return verdict, cause, impact, _healthy(symptom, lines, evidence)
    if verdict is Overall.UNDETERMINED:
        return verdict, cause, impact, _undetermined(counted) + _set_aside(symptom, lines)
    return verdict, cause, impact, _summary(verdict, cause, by_slug, downs)


def _verdict(counted: Sequence[Line], symptoms: set[str]) -> Overall:
    outcomes = {line.outcome for line in counted}
    problems = {line.step for line in counted if line.outcome is Verdict.PROBLEM}
    if problems - symptoms:
        return Overall.PROBLEM
    if Verdict.WAIT in outcomes:
        return Overall.WAITING
    if problems:
        return Overall.PROBLEM
    if Verdict.UNKNOWN in outcomes:
        return Overall.UNDETERMINED
    return Overall.NOTICE if Verdict.NOTICE in outcomes else Overall.HEALTHY


def _cause(verdict: Overall, counted: Sequence[Line]) -> str | None:
    wanted = {
        Overall.PROBLEM: Verdict.PROBLEM,
        Overall.WAITING: Verdict.WAIT,
        Overall.NOTICE: Verdict.NOTICE,
    }.get(verdict)
    return next(
        (line.step for line in counted if line.outcome is wanted and line.because is None), None
    )


def _summary(
    verdict: Overall,
    cause: str | None,
    lines: Mapping[str, Line],
    downs: Sequence[str],
) -> str:
    said = lines[cause].saw if cause else ""
    if downs:
        down = lines[downs[0]]
        more = "" if downs[0] == cause or not cause else f" The cause: {said}"
        return f"The function cannot start. {down.saw} First: {down.remedy}{more}"
    if verdict is Overall.WAITING and cause and (until := lines[cause].until):
        return f"{said} Until {clock(until)}."
    return said


def _undetermined(counted: Sequence[Line]) -> str:
    hidden = [line for line in counted if line.outcome is Verdict.UNKNOWN]
    first = hidden[0].saw.rstrip(".")
    return (
        f"No problem was found, but {len(hidden)} of {len(counted)} checks could not be decided; "
        f"the first: {first}."
    )


def _set_aside(symptom: Symptom, lines: Sequence[Line]) -> str:
    """Problems that do not count, by name."""
    aside = [
        line.step
        for line in lines
        if line.step in CANNOT_EXPLAIN[symptom] and line.outcome is Verdict.PROBLEM
    ]
    return f" Not counted, for it cannot explain that: {', '.join(aside)}." if aside else ""


def _healthy(symptom: Symptom, lines: Sequence[Line], evidence: Evidence) -> str:
    """Up to which hop, of the way that was asked about; what was not counted is named."""
    return (
        f"All is well up to the platform's door: {_hop(symptom, evidence)}. If Dashboard is still "
        f"empty, the fault is on Serverless's side.{_set_aside(symptom, lines)}"
    )


def _hop(symptom: Symptom, evidence: Evidence) -> str:
    if symptom is Symptom.METRICS:
        return "the metric stream is running"
    at = getattr(evidence.log, "last_payload_at", None)
    logged = f"payload logged {at:%H:%M:%S} UTC" if at else "payload logged"
    return f"{logged}, forwarded, Firehose active"
