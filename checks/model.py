"""
What a step may say, and what a report is made of.

A step returns an outcome, which says who moves next: nobody (`Finding`), the clock
(`Wait`) or the person asking (`Ask`). All are frozen values, compared with `==`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from checks.evidence.missing import Missing


class Verdict(StrEnum):
    """How one step came out, as `steps[].outcome` shows it."""

    OK = "ok"
    NOTICE = "notice"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    WAIT = "wait"
    SKIPPED = "skipped"


class Overall(StrEnum):
    """The verdict of a whole report."""

    HEALTHY = "healthy"
    NOTICE = "notice"
    PROBLEM = "problem"
    WAITING = "waiting"
    UNDETERMINED = "undetermined"


class Impact(StrEnum):
    """What a problem does: the function itself fails, or only its data is missing."""

    DOWN = "down"
    BLIND = "blind"


class Symptom(StrEnum):
    """What a person misses in Dashboard."""

    TRACES = "traces"
    METRICS = "metrics"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and, for a problem, the exact thing to do."""

    verdict: Verdict
    saw: str
    remedy: str | None = None
    down: bool = False
    """The SDK's own set-up stops the function from running at all."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Only time will tell. `until` is aware, UTC."""

    until: datetime
    saw: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Only Dashboard knows. A report takes `presumes` and says so."""

    question: str
    answers: tuple[str, ...]
    """The known answers; one that ends in "…" wants the error's text instead."""
    presumes: Finding


Outcome = Finding | Wait | Ask


def ok(saw: str) -> Finding:
    """All is well here."""
    return Finding(Verdict.OK, saw)


def notice(saw: str, remedy: str | None = None) -> Finding:
    """By design, yet it explains something."""
    return Finding(Verdict.NOTICE, saw, remedy)


def problem(saw: str, remedy: str, *, down: bool = False) -> Finding:
    """Something to mend, and how."""
    return Finding(Verdict.PROBLEM, saw, remedy, down)


def unknown(saw: str, remedy: str | None = None) -> Finding:
    """Could not look, and why."""
    return Finding(Verdict.UNKNOWN, saw, remedy)


def skipped(saw: str, remedy: str | None = None) -> Finding:
    """Nothing to decide here, and why."""
    return Finding(Verdict.SKIPPED, saw, remedy)


def allow(missing: Missing) -> str | None:
    """The remedy for a part that could not be read for lack of a permission."""
    return f"Allow {missing.action} to slsdiag's role." if missing.action else None
