"""
How a triage moves. Pure: a triage, an event and the evidence of a new check → the next triage.

It starts where the evidence is: at a wait, at the first action of a proven cause, or, where the
evidence does not decide, with a question. *I fixed it* watches until the first payload.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.triage.model import (
    EXTENT,
    FIRST,
    SYMPTOM,
    Event,
    EventKind,
    Extent,
    Note,
    Phase,
    Prompt,
    Triage,
    What,
)
from bot.triage.notes import NOT_OF, fixed, without_needless, without_overruled
from bot.triage.prompts import (
    EXTENTS,
    PAYLOAD,
    SINCE_WHEN,
    SYMPTOMS,
    WHICH_DATA,
    prompt_of,
    proven,
    shown,
    stop,
)
from checks.evidence import Evidence
from checks.instrumentation_errors import FUNCTION_ERRORS, NONE, PASTED
from checks.model import Symptom, Verdict
from checks.report import Report
from checks.runbook import walk

PROLONGED_BY = timedelta(minutes=10)
WATCHED_FOR = timedelta(minutes=20)
WATCHED_EVERY = timedelta(seconds=30)
UNSEEN = "unseen"
"""No check of the runbook: nothing could be read."""
TRIED_AFTER, TRIED_WITHIN = timedelta(seconds=60), timedelta(minutes=15)
"""How long after a check of a wait that read nothing the next one is: doubled each time, up to."""
TRIED_FOR = timedelta(hours=1)
"""Then a person is asked."""


def begin(triage: Triage) -> Triage:
    """The first action of what its report proves, else the first question; neither needs a check."""
    started = replace(triage, turn=1, message=1)
    cause = proven(triage.report) if triage.report else None
    if triage.report is None or cause is None:
        return replace(started, phase=Phase.ASKING, prompt=WHICH_DATA)
    prompt = prompt_of(triage.report, cause)
    note = Note(What.FOUND, triage.started_at, cause.step, cause.saw)
    return replace(started, phase=Phase.STUCK, prompt=prompt, notes=(note,))


def needs_check(triage: Triage, event: Event) -> bool:
    """Whether a check follows what `with_reply` makes of the event; one answer brings a question."""
    first = triage.prompt is not None and triage.prompt.step == SYMPTOM
    return not (first and event.kind is EventKind.ANSWERED)


def accepts(triage: Triage, event: Event, turn: int) -> bool:
    """Whether `event` is about the prompt that is shown now, and makes sense there."""
    if triage.finished or triage.turn != turn:
        return False
    if event.kind is EventKind.STOPPED:
        return True  # whatever else is under way
    if triage.pending or triage.prompt is None:
        return False
    match event.kind:
        case EventKind.ANSWERED:
            return triage.phase in {Phase.ASKING, Phase.STUCK} and bool(event.text)
        case EventKind.SKIPPED:
            return triage.phase in {Phase.ASKING, Phase.STUCK} and triage.prompt.step != SYMPTOM
        case EventKind.PROLONGED:
            return triage.phase in {Phase.STUCK, Phase.WAITING}
        case EventKind.RETRIED:
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


def with_reply(triage: Triage, event: Event) -> Triage:
    """With the person's reply recorded; what follows from it takes a check."""
    prompt = triage.prompt
    if triage.finished or prompt is None:
        return triage
    match event.kind:
        case EventKind.ANSWERED:
            return _answered(triage, prompt, event)
        case EventKind.SKIPPED:
            note = Note(What.SKIPPED, event.at, prompt.step, prompt.title, event.by)
            skipped = (*triage.skipped, prompt.step)
            return replace(triage, skipped=skipped, notes=(*triage.notes, note))
        case EventKind.RETRIED:
            return _retried(triage, prompt, event)
        case _:
            return triage


def _retried(triage: Triage, prompt: Prompt, event: Event) -> Triage:
    """Watched from now on; an error that was pasted is asked about again."""
    watched = triage.phase is Phase.STUCK and not prompt.tried
    since = event.at if watched else triage.watched_since
    answers = {
        step: answer
        for step, answer in triage.answers.items()
        if step != prompt.step or step not in PASTED or answer == NONE
    }
    return replace(triage, watched_since=since, retried_by=event.by, answers=answers)


def _answered(triage: Triage, prompt: Prompt, event: Event) -> Triage:
    text, step = event.text or "", prompt.step
    if triage.phase is Phase.STUCK and step not in PASTED:
        step = FUNCTION_ERRORS  # what Dashboard shows besides
    note = Note(What.ANSWERED, event.at, step, text, event.by)
    triage = replace(triage, notes=(*triage.notes, note))
    if step == SYMPTOM:
        symptom = SYMPTOMS.get(text, Symptom.BOTH)
        why = NOT_OF.get(symptom)
        out = (Note(What.RULED_OUT, event.at, SYMPTOM, why),) if why else ()
        noted = replace(triage, symptom=symptom, notes=(*triage.notes, *out))
        return shown(noted, Phase.ASKING, SINCE_WHEN, event)
    if step == EXTENT:
        return replace(triage, extent=EXTENTS.get(text, Extent()))
    return replace(triage, answers={**triage.answers, step: text})


def prolonged(triage: Triage, event: Event) -> Triage:
    """Waits ten minutes more, whatever it waits for."""
    if triage.prompt is None:
        return triage
    ends = None if triage.watched_since else triage.prompt.until  # a watch gives way to the wait
    until = max(event.at, ends or event.at) + PROLONGED_BY
    prompt = replace(
        triage.prompt,
        until=until,
        looks_at=until,
        options=(),
        trouble=None,
        troubled_since=None,
        tried=triage.prompt.tried or triage.watched_since is not None,
    )
    waiting = replace(triage, watched_since=None, phase=Phase.WAITING, prompt=prompt)
    return replace(waiting, turn=triage.turn + 1)


def unseen(triage: Triage, why: str, event: Event) -> Triage:
    """Nothing could be read: a wait goes on, for an hour; else the person may try again."""
    prompt = triage.prompt or Prompt(UNSEEN, "Nothing could be read yet", "")
    since = prompt.troubled_since or event.at
    if triage.phase is not Phase.WAITING or event.at - since >= TRIED_FOR:
        blank = Prompt(UNSEEN, "Nothing could be read", why, headline="Nothing could be read")
        return shown(triage, Phase.STUCK, blank, event)
    later = event.at + min(max(event.at - since, TRIED_AFTER), TRIED_WITHIN)
    planned = prompt.looks_at
    looks_at = planned if planned and planned > event.at else later
    troubled = replace(prompt, trouble=why, troubled_since=since, looks_at=looks_at)
    moved = replace(triage, prompt=troubled, again=None)
    if triage.prompt is None:
        return replace(moved, turn=triage.turn + 1, message=triage.message + 1)
    return moved if event.by is None else replace(moved, turn=triage.turn + 1)


def advance(triage: Triage, event: Event, evidence: Evidence) -> Triage:
    """After `with_reply`: where a new check leads."""
    if triage.finished:
        return triage
    triage = without_overruled(triage, evidence)
    report = walk(replace(evidence, answers=triage.answers), triage.symptom or Symptom.BOTH)
    noted = fixed(replace(triage, report=report), report, event)
    triage = without_needless(noted, report, event)
    phase, prompt = stop(triage, report, evidence)
    if prompt is None:
        return _done(triage, report)
    since = triage.watched_since
    if since and phase is not Phase.WAITING and event.at < since + WATCHED_FOR:
        return _watch(triage, _awaited(report, phase, prompt), event)
    return shown(triage, phase, prompt, event)


def _awaited(report: Report, phase: Phase, prompt: Prompt) -> Prompt:
    """While a payload may still come, nothing is asked."""
    payload = report.line(PAYLOAD)
    return prompt_of(report, payload) if phase is Phase.ASKING and payload else prompt


def _watch(triage: Triage, prompt: Prompt, event: Event) -> Triage:
    until = (triage.watched_since or event.at) + WATCHED_FOR
    prompt = replace(prompt, until=until, looks_at=min(event.at + WATCHED_EVERY, until))
    before = triage.prompt
    same = triage.phase is Phase.WAITING and before is not None and before.step == prompt.step
    turn = triage.turn if same and event.by is None else triage.turn + 1
    return replace(triage, phase=Phase.WAITING, prompt=prompt, turn=turn)


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
