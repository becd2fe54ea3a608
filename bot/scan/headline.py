"""How many functions are in which state, in one line: down first. Pure."""

from __future__ import annotations

from collections import Counter

from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen
from bot.text.states import State

_BY_CLASS = {
    ProblemClass.DOWN: State.DOWN,
    ProblemClass.BLIND: State.BLIND,
    ProblemClass.QUIET: State.QUIET,
    ProblemClass.NOT_INSTRUMENTED: State.NOT_INSTRUMENTED,
}
_BY_VERDICT = {
    "healthy": State.HEALTHY,
    "notice": State.NOTE,
    "problem": State.BLIND,
    "waiting": State.WAITING,
    "undetermined": State.CANNOT_TELL,
    UNVERIFIED: State.UNVERIFIED,
}
_REPORTING = (State.HEALTHY, State.NOTE)


def headline(scan: Scan) -> str:
    """🔴 2 down · 🟠 47 not reporting · ⚪ 3 unverified (log not read) · ✅ 1,948 of 2,000 healthy"""
    if not scan.seen:
        return "no function could be seen" if scan.unreadable else "there are no functions"
    counts = Counter(map(state_of, scan.seen))
    why = {State.UNVERIFIED: " (beyond one scan's limit)" if scan.left else " (log not read)"}
    not_well = [
        f"{state.emoji} {counts[state]:,} {state.word}{why.get(state, '')}"
        for state in State
        if counts[state] and state not in _REPORTING
    ]
    return " · ".join([*not_well, _healthy(counts)])


def _healthy(counts: Counter[State]) -> str:
    """✅ 23 of 25 healthy (🔵 3 with a note)"""
    total, notes = counts.total(), counts[State.NOTE]
    of = f" of {total:,}" if total > 1 else ""
    noted = f" ({State.NOTE.emoji} {notes:,} with a note)" if notes else ""
    number = sum(counts[state] for state in _REPORTING)
    mark = f"{State.HEALTHY.emoji} " if number else ""
    return f"{mark}{number:,}{of} healthy{noted}"


def state_of(seen: Seen) -> State:
    """By impact where only some invocations report, else by class, else by verdict."""
    if seen.impact == "partial" and seen.kind in {ProblemClass.BLIND, None}:
        return State.PARTIAL
    return _BY_CLASS[seen.kind] if seen.kind else _BY_VERDICT[seen.verdict]
