"""What a whole walk of the runbook says about one function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from checks.change import Actor, Changed, Sought, sentence
from checks.function_ref import FunctionRef
from checks.links import Link, link
from checks.model import Action, Hop, Impact, Overall, Page, Verdict


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
    """The actions as one string."""
    presumed: bool
    until: datetime | None
    question: str | None
    answers: tuple[str, ...]
    code: str = ""
    """Which of the step's findings it is."""
    headline: str | None = None
    actions: tuple[Action, ...] = ()
    hop: Hop | None = None
    """Where on the data path it is."""
    page: Page | None = None
    """Where in the AWS console it can be seen."""


@dataclass(frozen=True, slots=True)
class Subject(FunctionRef):
    """The function that was checked; its place is always known."""

    region: str = ""
    account: str = ""
    runtime: str | None = None
    """None for a container image."""
    partition: str = "aws"


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
    headline: str | None = None
    """What is wrong; None where nothing is."""
    sought: Sought | None = None
    """The change that the cause is about."""
    changed: Changed | None = None
    """Who made it, where that was looked up."""

    @property
    def told(self) -> str | None:
        """Who made the change that the cause is about, as a sentence; None where that was not asked."""
        return sentence(self.sought, self.changed) if self.sought and self.changed else None

    @property
    def names(self) -> tuple[str, ...]:
        """Names in its sentences that no shape gives away: the function's, and who changed it."""
        changed = self.changed
        if changed is None:
            return (self.function.name,)
        by = None if changed.actor is Actor.OTHER else changed.by
        return tuple(filter(None, (self.function.name, by, changed.stack)))

    def line(self, slug: str | None) -> Line | None:
        """The line of a step; None where there is none of that name."""
        return next((line for line in self.steps if line.step == slug), None)

    def link(self, page: Page | None, elsewhere: str | None = None) -> Link | None:
        """Where a page of this function is."""
        return link(page, self.function, self.function.partition, elsewhere) if page else None

    def place(self, action: Action) -> Link | None:
        """Where `action` is done."""
        return self.link(action.page, action.region)


def noted(report: Report, note: str | None) -> Report:
    """With a sentence more at the end of its summary; as it is without one."""
    return replace(report, summary=f"{report.summary} {note}") if note else report


def shown_actions(report: Report) -> tuple[Action, ...]:
    """
    What to do now, most urgent first.

    The relief of a function that is down, then the actions of the cause; without a cause those of
    the first check that could not be decided.
    """
    relief = [action for line in report.steps for action in line.actions if action.relief]
    line = report.line(report.cause)
    if line is None and report.verdict is Overall.UNDETERMINED:
        hidden = (x for x in report.steps if x.outcome is Verdict.UNKNOWN and x.actions)
        line = next(hidden, None)
    actions = [*relief[:1], *(line.actions if line else ())]
    return tuple(dict.fromkeys(actions))


def spelled(actions: tuple[Action, ...]) -> str | None:
    """The actions as one string; None where there are none."""
    return " ".join(map(_spelled, actions)) or None


def _spelled(action: Action) -> str:
    caution = f" ({action.caution})" if action.caution else ""
    command = f": {action.command}" if action.command else "."
    return f"{action.sentence}{caution}{command}"


def timestamp(moment: datetime) -> str:
    """RFC 3339, UTC, whole seconds: 2026-11-23T12:00:00Z"""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def as_json(report: Report) -> dict[str, Any]:
    """The document of `slsdiag check --json`, schema 1."""
    about = report.function
    return {
        "schema": 1,
        "function": {
            "name": about.name,
            "qualifier": about.qualifier,
            "region": about.region,
            "account": about.account,
            "runtime": about.runtime,
        },
        "checked_at": timestamp(report.checked_at),
        "verdict": report.verdict.value,
        "cause": report.cause,
        "impact": report.impact.value if report.impact else None,
        "headline": report.headline,
        "summary": report.summary,
        "changed": _changed_as_json(report.changed) if report.changed else None,
        "steps": [_line_as_json(report, line) for line in report.steps],
    }


def _changed_as_json(changed: Changed) -> dict[str, Any]:
    """Why it is not known who it was, or by whom and how; `stack` and `provider` where they apply."""
    at = timestamp(changed.at) if changed.at else None
    if changed.why:
        return {"at": at, "by": None, "why": changed.why.value}
    more = {"stack": changed.stack, "provider": changed.provider}
    return {
        "at": at,
        "by": changed.by,
        "how": changed.how.value if changed.how else None,
        "what": list(changed.what),
        "event_id": changed.event_id,
        **{key: value for key, value in more.items() if value},
    }


def _line_as_json(report: Report, line: Line) -> dict[str, Any]:
    return {
        "step": line.step,
        "title": line.title,
        "section": line.section,
        "outcome": line.outcome.value,
        "because": line.because,
        "headline": line.headline,
        "saw": line.saw,
        "remedy": line.remedy,
        "actions": [_action_as_json(report, action) for action in line.actions],
        "presumed": line.presumed,
        "until": timestamp(line.until) if line.until else None,
        "question": line.question,
        "answers": list(line.answers),
    }


def _action_as_json(report: Report, action: Action) -> dict[str, Any]:
    where = report.place(action)
    return {
        "do": action.sentence,
        "command": action.command,
        "link": {"label": where.label, "url": where.url} if where else None,
        "relief": action.relief,
        "caution": action.caution,
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
