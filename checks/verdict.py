"""
From outcomes to a verdict: what explains what, the cause, the impact, the summary.

All of it follows from the outcomes and the steps' own constants; docs/scripts.md names the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checks.evidence import Evidence
from checks.model import Impact, Overall, Symptom, Verdict
from checks.report import Line, Report
from checks.timeline import clock, to_the_second

if TYPE_CHECKING:
    from checks.runbook import Step

Judged = tuple[Overall, str | None, Impact | None, str]


def set_aside(runbook: Sequence[Step], symptom: Symptom) -> frozenset[str]:
    """Steps that cannot be the reason of what a person misses: tried, shown, not counted."""
    if symptom is Symptom.BOTH:
        return frozenset()
    return frozenset(s.slug for s in runbook if s.explains not in {Symptom.BOTH, symptom})


def because(
    step: Step, runbook: Sequence[Step], verdicts: Mapping[str, Verdict], symptom: Symptom
) -> str | None:
    """The first problem found (for a symptom: or the wait) that explains `step`'s problem."""
    if verdicts[step.slug] is not Verdict.PROBLEM:
        return None
    aside = set_aside(runbook, symptom)
    for other in runbook:
        if other.slug == step.slug or (other.slug in aside and step.slug not in aside):
            continue
        if _explains(other, step, verdicts[other.slug]):
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
    impacts: Mapping[str, Impact],
    evidence: Evidence,
) -> Judged:
    """Verdict, cause, impact, summary. `impacts` are those of the steps' findings."""
    aside = set_aside(runbook, symptom)
    counted = [line for line in lines if line.step not in aside]
    symptoms = {step.slug for step in runbook if step.symptom}
    verdict = _verdict(counted, symptoms)
    cause = _cause(verdict, counted, impacts)
    downs = [slug for slug, impact in impacts.items() if impact is Impact.DOWN]
    impact = _impact(verdict, impacts.get(cause or ""), downs)
    by_slug = {line.step: line for line in lines}
    if verdict is Overall.HEALTHY:
        summary = _healthy(symptom, evidence) + _not_counted(aside, lines)
        return verdict, cause, impact, summary
    if verdict is Overall.UNDETERMINED:
        return verdict, cause, impact, _undetermined(counted) + _not_counted(aside, lines)
    return verdict, cause, impact, _summary(verdict, cause, by_slug, downs)


def headline(report: Report, impacts: Mapping[str, Impact]) -> str | None:
    """Of what stops the function, else of the cause, else of the first check that cannot tell."""
    down = next((slug for slug, impact in impacts.items() if impact is Impact.DOWN), None)
    if shown := report.line(down or report.cause):
        return shown.headline
    if report.verdict is Overall.UNDETERMINED:
        return next((x.headline for x in report.steps if x.outcome is Verdict.UNKNOWN), None)
    return None


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


def _cause(verdict: Overall, counted: Sequence[Line], impacts: Mapping[str, Impact]) -> str | None:
    """Of notices first the one that says why some of the data is missing."""
    wanted = {
        Overall.PROBLEM: Verdict.PROBLEM,
        Overall.WAITING: Verdict.WAIT,
        Overall.NOTICE: Verdict.NOTICE,
    }.get(verdict)
    causes = [line.step for line in counted if line.outcome is wanted and line.because is None]
    if verdict is Overall.NOTICE:
        causes.sort(key=lambda slug: slug not in impacts)
    return next(iter(causes), None)


def _impact(verdict: Overall, of_cause: Impact | None, downs: Sequence[str]) -> Impact | None:
    if downs:
        return Impact.DOWN
    if verdict is Overall.PROBLEM:
        return of_cause or Impact.BLIND
    return of_cause if verdict is Overall.NOTICE else None


def _summary(
    verdict: Overall,
    cause: str | None,
    lines: Mapping[str, Line],
    downs: Sequence[str],
) -> str:
    saw = lines[cause].saw if cause else ""
    if downs:
        down = lines[downs[0]]
        more = "" if downs[0] == cause or not cause else f" The cause: {saw}"
        return f"The function cannot start. {down.saw}{more}"
    if verdict is Overall.WAITING and cause and (until := lines[cause].until):
        return f"{saw} Wait until {clock(until)}."
    return saw


def _undetermined(counted: Sequence[Line]) -> str:
    hidden = [line for line in counted if line.outcome is Verdict.UNKNOWN]
    first = hidden[0].saw.rstrip(".")
    return (
        f"No problem was found, but {len(hidden)} of {len(counted)} checks could not be decided; "
        f"the first: {first}."
    )


def _not_counted(aside: frozenset[str], lines: Sequence[Line]) -> str:
    """Problems that do not count, by what is wrong."""
    headlines = [
        line.headline or line.title
        for line in lines
        if line.step in aside and line.outcome is Verdict.PROBLEM
    ]
    return (
        f" Not counted, because it can't explain that symptom: {', '.join(headlines)}."
        if headlines
        else ""
    )


def _healthy(symptom: Symptom, evidence: Evidence) -> str:
    """Up to which hop, of the way that was asked about."""
    return (
        f"Everything checked in AWS works: {_hop(symptom, evidence)}. If Dashboard is still "
        "empty, the fault is on Serverless's side."
    )


def _hop(symptom: Symptom, evidence: Evidence) -> str:
    if symptom is Symptom.METRICS:
        return "the metric stream is running"
    at = getattr(evidence.log, "last_payload_at", None)
    logged = f"payload logged {to_the_second(at)}" if at else "payload logged"
    came_in = getattr(evidence.log_firehose, "records_in", None)
    return f"{logged}, {'forwarded, ' if came_in else ''}Firehose active"
