"""A report's state, and a check's outcome, in one word with an emoji beside it."""

from __future__ import annotations

from bot.text.states import State
from checks.model import Impact, Overall, Verdict
from checks.report import Report

_NOT_AN_ADJECTIVE = {State.NOTE, State.CANNOT_TELL}

_BY_IMPACT = {
    Impact.DOWN: State.DOWN,
    Impact.BLIND: State.BLIND,
    Impact.PARTIAL: State.PARTIAL,
}
_BY_VERDICT = {
    Overall.PROBLEM: State.BLIND,
    Overall.WAITING: State.WAITING,
    Overall.NOTICE: State.NOTE,
    Overall.UNDETERMINED: State.CANNOT_TELL,
    Overall.HEALTHY: State.HEALTHY,
}


def headed(name: str, state: State) -> str:
    """A headline: orders is not reporting; orders is DOWN; clicks: note."""
    word = state.word.upper() if state is State.DOWN else state.word
    return f"{name}{': ' if state in _NOT_AN_ADJECTIVE else ' is '}{word}"


def state_of(report: Report) -> State:
    """By impact where there is one, else by verdict."""
    return _BY_IMPACT[report.impact] if report.impact else _BY_VERDICT[report.verdict]


MARKS = {
    Verdict.OK: "✅",
    Verdict.NOTICE: "🔵",
    Verdict.PROBLEM: "❌",
    Verdict.UNKNOWN: "⚪",
    Verdict.WAIT: "⏳",
    Verdict.SKIPPED: "–",
}
WORDS = {
    Verdict.OK: "passed",
    Verdict.NOTICE: "note",
    Verdict.PROBLEM: "failed",
    Verdict.UNKNOWN: "can't tell",
    Verdict.WAIT: "waiting",
    Verdict.SKIPPED: "skipped",
}


def mark_of(outcome: Verdict) -> str:
    """❌; in a headline no dash stands alone."""
    return MARKS[outcome] if outcome is not Verdict.SKIPPED else "⚪"
