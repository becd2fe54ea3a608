"""Where a triage stops, and what it shows there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.triage.model import (
    EXTENT,
    SYMPTOM,
    Event,
    Extent,
    Note,
    Phase,
    Prompt,
    Triage,
    What,
)
from checks.evidence import Evidence, Missing
from checks.model import Overall, Symptom, Verdict
from checks.report import Line, Report
from checks.runbook import RUNBOOK
from checks.verdict import set_aside

PAYLOAD = "telemetry_payload_logged"
SETTLING = "ten_minutes_passed"
INVOKE = "The integration has finished setting up: invoke the function now. Earlier invocations don't show."
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
WHICH_DATA = Prompt(
    SYMPTOM,
    "What is missing in Dashboard?",
    "Then only what can explain it is checked.",
    options=tuple(SYMPTOMS),
)
SINCE_WHEN = Prompt(
    EXTENT,
    "Is it this function only, and did it ever work?",
    "That saves further questions.",
    options=tuple(EXTENTS),
)
_SYMPTOM_STEPS = frozenset(step.slug for step in RUNBOOK if step.symptom)


def is_symptom(step: str) -> bool:
    """Whether a check only shows that something is wrong, not what."""
    return step in _SYMPTOM_STEPS


def proven(report: Report) -> Line | None:
    """The first cause that the evidence proves, without anybody's answer."""
    return next((line for line in report.steps if _proves(line)), None)


def stop(triage: Triage, report: Report, evidence: Evidence) -> tuple[Phase, Prompt | None]:
    """
    In the runbook's order: a wait, a proven cause, a question, a symptom; None where all is well.

    Questions come only where the evidence does not decide.
    """
    aside = set_aside(RUNBOOK, triage.symptom or Symptom.BOTH) | set(triage.skipped)
    lines = [line for line in report.steps if line.step not in aside]
    if wait := next((line for line in lines if line.outcome is Verdict.WAIT), None):
        return Phase.WAITING, prompt_of(report, wait)
    if cause := next(filter(_proves, lines), None):
        return Phase.STUCK, prompt_of(report, cause)
    if question := _question(triage, report, lines):
        return Phase.ASKING, prompt_of(report, question)
    answered = (x for x in lines if _is_cause(x) and not is_symptom(x.step) and not x.presumed)
    shown = (x for x in lines if _is_cause(x) or _not_invoked(x, evidence))
    first = next(answered, None) or next(shown, None)
    return Phase.STUCK, prompt_of(report, first) if first else None


def _question(triage: Triage, report: Report, lines: list[Line]) -> Line | None:
    """Nothing is asked once a fix was followed by good evidence."""
    fixed = any(note.what is What.FIXED for note in triage.notes)
    if fixed and report.verdict in {Overall.HEALTHY, Overall.NOTICE}:
        return None
    out = ruled_out(triage.notes)
    return next((line for line in lines if line.presumed and line.step not in out), None)


def ruled_out(notes: tuple[Note, ...]) -> frozenset[str]:
    """What need not be asked, by check."""
    return frozenset(note.step for note in notes if note.what is What.RULED_OUT)


def prompt_of(report: Report, line: Line) -> Prompt:
    """A check as the person is shown it."""
    before = report.steps[: report.steps.index(line)]
    passed = sum(earlier.outcome is Verdict.OK for earlier in before)
    if line.presumed:
        saw, options = line.question or "", line.answers
        return Prompt(line.step, line.title, saw, options=options, passed=passed)
    return Prompt(
        line.step,
        line.title,
        line.saw,
        line.remedy,
        until=line.until,
        looks_at=line.until,
        headline=line.headline,
        actions=line.actions,
        passed=passed,
    )


def _proves(line: Line) -> bool:
    return _is_cause(line) and not line.presumed and not is_symptom(line.step)


def _is_cause(line: Line) -> bool:
    return line.outcome is Verdict.PROBLEM and line.because is None


def _not_invoked(line: Line, evidence: Evidence) -> bool:
    """All could be read, and it was not invoked since it was last changed."""
    read = not isinstance(evidence.log, Missing) and not isinstance(evidence.invocations, Missing)
    return line.step == PAYLOAD and line.outcome is Verdict.UNKNOWN and read


def shown(triage: Triage, phase: Phase, prompt: Prompt, event: Event) -> Triage:
    """The same prompt again is no news; another one is, in a message of its own."""
    before = triage.prompt
    prompt = _in_context(triage, prompt, event)
    unwatched = replace(triage, watched_since=None)
    if before and (triage.phase, before.step, before.saw) == (phase, prompt.step, prompt.saw):
        return replace(unwatched, prompt=prompt, again=event, turn=triage.turn + 1)
    if phase is Phase.STUCK:
        note = Note(What.FOUND, event.at, prompt.step, prompt.saw)
        noted = any(n.what is What.FOUND and n.step == prompt.step for n in triage.notes)
        unwatched = replace(unwatched, notes=triage.notes if noted else (*triage.notes, note))
    quiet = bool(triage.reminded) and triage.phase is Phase.WAITING and event.by is None
    if phase is not Phase.WAITING:
        unwatched = replace(unwatched, remind=None, remind_too=())
    return replace(
        unwatched,
        phase=phase,
        prompt=prompt,
        again=None,
        turn=triage.turn + 1,
        message=triage.message if quiet else triage.message + 1,
    )


def _in_context(triage: Triage, prompt: Prompt, event: Event) -> Prompt:
    """With what need not be asked, what to do besides, and whether a fix was tried in vain."""
    before = triage.prompt
    reasons = tuple(n.text for n in triage.notes if n.what is What.RULED_OUT and n.at == event.at)
    settled = before is not None and before.step == SETTLING != prompt.step
    again = before is not None and before.tried and before.step == prompt.step
    tried = again or triage.watched_since is not None
    return replace(prompt, ruled_out=reasons, reminder=INVOKE if settled else None, tried=tried)
