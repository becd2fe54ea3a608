"""What a whole walk of the runbook says about one function."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from checks.model import Impact, Overall, Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the report, with what `steps[]` of the JSON holds."""

    step: str
    title: str
    section: str
    outcome: Verdict
    because: str | None
    """The slug of the first problem (or wait) that explains this one."""
    saw: str
    remedy: str | None
    presumed: bool
    until: datetime | None
    question: str | None
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The function that was looked at."""

    name: str
    qualifier: str | None
    region: str
    account: str
    runtime: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict, its cause, and every step in order. `checked_at` is aware, UTC."""

    function: Subject
    checked_at: datetime
    verdict: Overall
    cause: str | None
    impact: Impact | None
    summary: str
    steps: tuple[Line, ...]


def timestamp(moment: datetime) -> str:
    """RFC 3339, UTC, whole seconds: 2026-11-23T12:00:00Z"""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def as_json(report: Report) -> dict[str, Any]:
    """The document of `slsdiag check --json`, schema 1."""
    return {
        "schema": 1,
        "function": asdict(report.function),
        "checked_at": timestamp(report.checked_at),
        "verdict": report.verdict.value,
        "cause": report.cause,
        "impact": report.impact.value if report.impact else None,
        "summary": report.summary,
        "steps": [_line_as_json(line) for line in report.steps],
    }


def _line_as_json(line: Line) -> dict[str, Any]:
    return {
        **asdict(line),
        "outcome": line.outcome.value,
        "until": timestamp(line.until) if line.until else None,
        "answers": list(line.answers),
    }


_STATUS = {
    Overall.HEALTHY: 0,
    Overall.NOTICE: 0,
    Overall.PROBLEM: 1,
    Overall.WAITING: 3,
    Overall.UNDETERMINED: 3,
}


def exit_status(report: Report) -> int:
    """What a command that made this report exits with."""
    return _STATUS[report.verdict]
