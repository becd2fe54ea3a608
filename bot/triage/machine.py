"""
How a triage moves. Pure: a triage, an event and the evidence of a new look → the next triage.

It stops at a wait, at a question that only Dashboard can answer, and at a problem that is a
cause; a symptom stops it only if nothing else did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.triage.model import (
    EXTENT,
    FIRST,
    SYMPTOM,
    Event,
    Extent,
    Kind,
    Note,
    Phase,
    Prompt,
    Triage,
    What,
)
from checks.evidence import Evidence, Missing
from checks.model import Symptom, Verdict
from checks.report import Line, Report
from checks.runbook import RUNBOOK, walk
from checks.verdict import CANNOT_EXPLAIN

PROLONGED_BY = timedelta(minutes=10)
WATCHED_FOR = timedelta(minutes=3)
"""Invocations show in CloudWatch, and lines in the log, some minutes late (facts/aws.md)."""
WATCHED_EVERY = timedelta(seconds=15)
UNSEEN = "unseen"
"""No step of the runbook: nothing could be read."""
TRIED_AFTER, TRIED_WITHIN = timedelta(seconds=60), timedelta(minutes=15)
"""How long after a look of a wait that read nothing the next one is: doubled each time, up to."""
TRIED_FOR = timedelta(hours=1)
"""Then a person is asked."""
PAYLOAD = "telemetry_payload_logged"
SETTLING = "ten_minutes_passed"
INVOKE = "The integration has settled: invoke the function now, what ran before does not show."
SYMPTOMS: Mapping[str, Symptom] = {
    "Traces": Symptom.TRACES,
    "Metrics": Symptom.METRICS,
    "Both": Symptom.BOTH,
}
EXTENTS: Mapping[str, Extent] = {
    "Only this one, always": Extent(alone=True, worked=False),
    "Only this one, it worked before": Extent(alone=True, worked=True),
    "All of them, always": Extent(alone=False, worked=False),
    "All of them, they worked before": Extent(alone=False, worked=True),
}
_NOT_OF: Mapping[Symptom, str] = {
    Symptom.TRACES: "The metric stream: traces do not go through it.",
    Symptom.METRICS: "What the function writes to its log: metrics do not come from there.",
}
ACCOUNT_ERRORS, FUNCTION_ERRORS = (
    "no_account_integration_errors",
    "no_function_instrumentation_errors",
)
_ADDED = frozenset({"layer_attached", "wrapper_set", "org_id_set"})
"""What instrumenting a function adds to it."""
_SYMPTOM_STEPS = frozenset(step.slug for step in RUNBOOK if step.symptom)


def begin(triage: Triage) -> Triage:
    """The first question, which needs no look."""
    prompt = Prompt(
        SYMPTOM,
        "What is missing in Dashboard?",
        "Then I try only what can explain it.",
        options=tuple(SYMPTOMS),
    )
    return replace(triage, phase=Phase.ASKING, prompt=prompt, turn=1, message=1)


def looks_after(triage: Triage, event: Event) -> bool:
    """Whether a look follows what `heard` makes of the event; the first answer brings a question."""
    first = triage.prompt is not None and triage.prompt.step == SYMPTOM
    return not (first and event.kind is Kind.ANSWERED)


def accepts(triage: Triage, event: Event, turn: int) -> bool:
    """Whether `event` is about the prompt that is shown now, and makes sense there."""
    if triage.finished or triage.turn != turn:
        return False
    if event.kind is Kind.STOPPED:
        return True  # whatever else is under way
    if triage.pending or triage.prompt is None:
        return False
    match event.kind:
        case Kind.ANSWERED:
            return triage.phase is Phase.ASKING and bool(event.text)
        case Kind.SKIPPED:
            return triage.phase in {Phase.ASKING, Phase.STUCK} and triage.prompt.step != SYMPTOM
        case Kind.PROLONGED:
            return triage.phase in {Phase.STUCK, Phase.WAITING}
        case Kind.RETRIED:
            return triage.prompt.step not in FIRST
        case _:
            return True


def stopped(triage: Triage, event: Event, why: str) -> Triage:
    """Nothing more happens; `why` is its last sentence."""
    if triage.finished:
        return triage
    step = triage.prompt.step if triage.prompt else ""
    return replace(
        triage,
        phase=Phase.STOPPED,
        outcome=why,
        notes=(*triage.notes, Note(What.STOPPED, event.at, step, "", event.by)),
        turn=triage.turn + 1,
        pending=(),
        prompt=None,
    )


def heard(triage: Triage, event: Event) -> Triage:
    """With what the person said; what it leads to takes a look."""
    prompt = triage.prompt
    if triage.finished or prompt is None:
        return triage
    match event.kind:
        case Kind.ANSWERED:
            note = Note(What.ANSWERED, event.at, prompt.step, event.text or "", event.by)
            return _answered(replace(triage, notes=(*triage.notes, note)), prompt.step, event)
        case Kind.SKIPPED:
            note = Note(What.SKIPPED, event.at, prompt.step, prompt.title, event.by)
            skipped = (*triage.skipped, prompt.step)
            return replace(triage, skipped=skipped, notes=(*triage.notes, note))
        case Kind.RETRIED:
            watched = triage.phase is Phase.STUCK and prompt.step in _SYMPTOM_STEPS
            since = event.at if watched else triage.watched_since
            return replace(triage, watched_since=since, retried_by=event.by)
        case _:
            return triage


def _answered(triage: Triage, step: str, event: Event) -> Triage:
    text = event.text or ""
    if step == SYMPTOM:
        symptom = SYMPTOMS.get(text, Symptom.BOTH)
        why = _NOT_OF.get(symptom)
        out = (Note(What.RULED_OUT, event.at, SYMPTOM, why),) if why else ()
        prompt = Prompt(
            EXTENT,
            "Is it this function only, and did it ever work?",
            "Then I ask you less.",
            options=tuple(EXTENTS),
        )
        told = replace(triage, symptom=symptom, notes=(*triage.notes, *out))
        return _shown(told, Phase.ASKING, prompt, event)
    if step == EXTENT:
        return replace(triage, extent=EXTENTS.get(text, Extent()))
    return replace(triage, answers={**triage.answers, step: text})


def prolonged(triage: Triage, event: Event) -> Triage:
    """Waits ten minutes more, whatever it waits for."""
    if triage.prompt is None:
        return triage
    until = max(event.at, triage.prompt.until or event.at) + PROLONGED_BY
    prompt = replace(
        triage.prompt, until=until, looks_at=until, options=(), trouble=None, troubled_since=None
    )
    return replace(triage, phase=Phase.WAITING, prompt=prompt, turn=triage.turn + 1)


def unseen(triage: Triage, why: str, event: Event) -> Triage:
    """Nothing could be read: a wait goes on, for an hour; else the person may try again."""
    prompt = triage.prompt or Prompt(UNSEEN, "Nothing could be read yet", "")
    since = prompt.troubled_since or event.at
    if triage.phase is not Phase.WAITING or event.at - since >= TRIED_FOR:
        return _shown(triage, Phase.STUCK, Prompt(UNSEEN, "Nothing could be read", why), event)
    later = event.at + min(max(event.at - since, TRIED_AFTER), TRIED_WITHIN)
    planned = prompt.looks_at
    looks_at = planned if planned and planned > event.at else later
    troubled = replace(prompt, trouble=why, troubled_since=since, looks_at=looks_at)
    moved = replace(triage, prompt=troubled, again=None)
    if triage.prompt is None:
        return replace(moved, turn=triage.turn + 1, message=triage.message + 1)
    return moved if event.by is None else replace(moved, turn=triage.turn + 1)


def advance(triage: Triage, event: Event, evidence: Evidence) -> Triage:
    """After `heard`: where a new look leads."""
    if triage.finished:
        return triage
    symptom = triage.symptom or Symptom.BOTH
    report = walk(replace(evidence, answers=triage.answers), symptom)
    triage = _ruled_out(_mended(replace(triage, report=report), report, event), report, event)
    phase, prompt = _stop(triage, report, symptom, evidence)
    if prompt is None:
        return _done(triage, report)
    if _watching(triage, phase, prompt, event.at):
        assert triage.watched_since  # noqa: S101 - narrows: what _watching asks first
        return _watch(triage, prompt, event, triage.watched_since + WATCHED_FOR)
    return _shown(triage, phase, prompt, event)


def _stop(
    triage: Triage, report: Report, symptom: Symptom, evidence: Evidence
) -> tuple[Phase, Prompt | None]:
    aside = CANNOT_EXPLAIN[symptom] | set(triage.skipped)
    lines = [line for line in report.steps if line.step not in aside]
    out = _out(triage)
    for line in lines:
        if line.outcome is Verdict.WAIT:
            return Phase.WAITING, _prompt(line)
        if line.presumed and line.step not in out:
            return Phase.ASKING, _prompt(line)
        if _cause(line) and line.step not in _SYMPTOM_STEPS:
            return Phase.STUCK, _prompt(line)
    symptoms = [line for line in lines if _cause(line) or _uninvoked(line, evidence)]
    return Phase.STUCK, _prompt(symptoms[0]) if symptoms else None


def _cause(line: Line) -> bool:
    return line.outcome is Verdict.PROBLEM and line.because is None


def _uninvoked(line: Line, evidence: Evidence) -> bool:
    """All could be read, and it was not invoked since it was last changed."""
    read = not isinstance(evidence.log, Missing) and not isinstance(evidence.invocations, Missing)
    return line.step == PAYLOAD and line.outcome is Verdict.UNKNOWN and read


def _prompt(line: Line) -> Prompt:
    if line.presumed:
        return Prompt(line.step, line.title, line.question or "", options=line.answers)
    return Prompt(
        line.step, line.title, line.saw, line.remedy, until=line.until, looks_at=line.until
    )


def _mended(triage: Triage, report: Report, event: Event) -> Triage:
    """What was in the way and is well now."""
    well = {line.step for line in report.steps if line.outcome in {Verdict.OK, Verdict.NOTICE}}
    open_ = {note.step for note in triage.notes if note.what is What.FOUND}
    open_ -= {note.step for note in triage.notes if note.what is What.MENDED}
    by = event.by or triage.retried_by
    seen = {line.step: line.saw for line in report.steps}
    notes = tuple(
        Note(What.MENDED, event.at, step.slug, _how_long(triage, step.slug, seen, event.at), by)
        for step in RUNBOOK
        if step.slug in open_ & well
    )
    return replace(triage, notes=(*triage.notes, *notes))


def _ruled_out(triage: Triage, report: Report, event: Event) -> Triage:
    """What the person's first answers and the evidence together make needless to ask."""
    asked = {line.step for line in report.steps if line.presumed} - _out(triage)
    well = {line.step for line in report.steps if line.outcome is Verdict.OK}
    found = {}
    if triage.extent.alone:
        found[ACCOUNT_ERRORS] = (
            "An error of the account's integration: other functions do show in Dashboard."
        )
    if triage.extent.worked and well >= _ADDED:
        found[FUNCTION_ERRORS] = (
            "An error of instrumenting it: it has all that instrumenting adds, and it worked before."
        )
    notes = (
        Note(What.RULED_OUT, event.at, step, why) for step, why in found.items() if step in asked
    )
    return replace(triage, notes=(*triage.notes, *notes))


def _out(triage: Triage) -> frozenset[str]:
    return frozenset(note.step for note in triage.notes if note.what is What.RULED_OUT)


def _how_long(triage: Triage, step: str, seen: Mapping[str, str], now: datetime) -> str:
    if step == PAYLOAD and triage.watched_since:
        took = (now - triage.watched_since).total_seconds()
        return f"{seen[step]} It took {took:.0f} s."
    return seen[step]


def _watching(triage: Triage, phase: Phase, prompt: Prompt, now: datetime) -> bool:
    since = triage.watched_since
    return (
        since is not None
        and phase is Phase.STUCK
        and prompt.step in _SYMPTOM_STEPS
        and now < since + WATCHED_FOR
    )


def _watch(triage: Triage, prompt: Prompt, event: Event, until: datetime) -> Triage:
    next_look = min(event.at + WATCHED_EVERY, until)
    prompt = replace(prompt, until=until, looks_at=next_look)
    same = triage.phase is Phase.WAITING and triage.prompt is not None
    turn = triage.turn if same and event.by is None else triage.turn + 1
    return replace(triage, phase=Phase.WAITING, prompt=prompt, turn=turn)


def _shown(triage: Triage, phase: Phase, prompt: Prompt, event: Event) -> Triage:
    """The same prompt again is no news; another one is, in a message of its own."""
    before = triage.prompt
    told = tuple(n.text for n in triage.notes if n.what is What.RULED_OUT and n.at == event.at)
    settled = before is not None and before.step == SETTLING != prompt.step
    prompt = replace(prompt, ruled_out=told, reminder=INVOKE if settled else None)
    unwatched = replace(triage, watched_since=None)
    if before and (triage.phase, before.step, before.saw) == (phase, prompt.step, prompt.saw):
        return replace(unwatched, prompt=prompt, again=event, turn=triage.turn + 1)
    if phase is Phase.STUCK:
        note = Note(What.FOUND, event.at, prompt.step, prompt.saw)
        known = any(n.what is What.FOUND and n.step == prompt.step for n in triage.notes)
        unwatched = replace(unwatched, notes=triage.notes if known else (*triage.notes, note))
    quiet = bool(triage.reminded) and triage.phase is Phase.WAITING and event.by is None
    return replace(
        unwatched,
        remind=triage.remind if phase is Phase.WAITING else None,
        remind_too=triage.remind_too if phase is Phase.WAITING else (),
        phase=phase,
        prompt=prompt,
        again=None,
        turn=triage.turn + 1,
        message=triage.message if quiet else triage.message + 1,
    )


def _done(triage: Triage, report: Report) -> Triage:
    hidden = tuple(
        Note(What.UNSEEN, report.checked_at, line.step, line.saw)
        for line in report.steps
        if line.outcome is Verdict.UNKNOWN
    )
    return replace(
        triage,
        phase=Phase.DONE,
        prompt=None,
        outcome=f"{report.verdict.value.capitalize()}: {report.summary}",
        notes=(*triage.notes, *hidden),
        turn=triage.turn + 1,
    )
