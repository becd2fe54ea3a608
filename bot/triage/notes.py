"""What a triage has found out, line by line, for its summary. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.triage.model import Event, Note, Triage, What
from bot.triage.prompts import PAYLOAD, ruled_out
from checks.evidence import Evidence
from checks.instrumentation_errors import ACCOUNT_ERRORS, FUNCTION_ERRORS, still_valid
from checks.model import Symptom, Verdict
from checks.report import Report
from checks.runbook import RUNBOOK

NOT_OF: Mapping[Symptom, str] = {
    Symptom.TRACES: "The metric stream: traces do not go through it.",
    Symptom.METRICS: "What the function writes to its log: metrics do not come from there.",
}
_ADDED = frozenset({"layer_attached", "wrapper_set", "org_id_set"})
"""What instrumenting a function adds to it."""


def fixed(triage: Triage, report: Report, event: Event) -> Triage:
    """With what was in the way and is well now, and by whom."""
    well = {line.step for line in report.steps if line.outcome in {Verdict.OK, Verdict.NOTICE}}
    open_ = {note.step for note in triage.notes if note.what is What.FOUND}
    open_ -= {note.step for note in triage.notes if note.what is What.FIXED}
    by = event.by or triage.retried_by
    seen = {line.step: line.saw for line in report.steps}
    notes = tuple(
        Note(What.FIXED, event.at, step.slug, _how_long(triage, step.slug, seen, event.at), by)
        for step in RUNBOOK
        if step.slug in open_ & well
    )
    return replace(triage, notes=(*triage.notes, *notes))


def _how_long(triage: Triage, step: str, seen: Mapping[str, str], now: datetime) -> str:
    if step == PAYLOAD and triage.watched_since:
        took = (now - triage.watched_since).total_seconds()
        return f"{seen[step]} It took {took:.0f} s."
    return seen[step]


def without_needless(triage: Triage, report: Report, event: Event) -> Triage:
    """With what the person's first answers and the evidence together make needless to ask."""
    questions = {line.step for line in report.steps if line.presumed} - ruled_out(triage.notes)
    well = {line.step for line in report.steps if line.outcome is Verdict.OK}
    reasons = {}
    if triage.extent.alone:
        reasons[ACCOUNT_ERRORS] = (
            "An error of the account's integration: other functions do show in Dashboard."
        )
    if triage.extent.worked and well >= _ADDED:
        reasons[FUNCTION_ERRORS] = (
            "An error of instrumenting it: it has all that instrumenting adds, and it worked before."
        )
    notes = (
        Note(What.RULED_OUT, event.at, step, why)
        for step, why in reasons.items()
        if step in questions
    )
    return replace(triage, notes=(*triage.notes, *notes))


def without_overruled(triage: Triage, evidence: Evidence) -> Triage:
    """Without pasted errors that are older than a payload."""
    given = {note.step: note.at for note in triage.notes if note.what is What.ANSWERED}
    return replace(triage, answers=still_valid(triage.answers, given, evidence))
