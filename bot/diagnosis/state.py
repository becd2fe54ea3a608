"""The state of a function, and the outcome of a check, in one word, with an emoji beside it: the same on every card and list."""

from __future__ import annotations

from enum import Enum

from checks.model import Impact, Overall, Verdict
from checks.report import Report


class State(Enum):
    """An emoji and the word that always stands beside it."""

    DOWN = ("🔴", "DOWN")
    BLIND = ("🟠", "not reporting")
    PARTIAL = ("🟡", "partly reporting")
    WAITING = ("⏳", "waiting")
    NOTE = ("🔵", "note")
    CANNOT_TELL = ("⚪", "can't tell")
    HEALTHY = ("✅", "healthy")

    def __init__(self, emoji: str, word: str) -> None:
        """Both are read by people."""
        self.emoji, self.word = emoji, word

    def of(self, name: str) -> str:
        """In a headline: orders is not reporting; clicks: note."""
        joined = ": " if self in {State.NOTE, State.CANNOT_TELL} else " is "
        return f"{name}{joined}{self.word}"


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
