"""What doctor says: a check each, its outcome, what was seen, and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.render.text import visible


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    """It could not be looked at; `saw` says why."""
    SKIPPED = "skipped"
    """It is not configured; `saw` names the setting."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check; its field's names are the JSON's keys. Never holds a secret."""

    check: str
    """Such as "slack_scopes"; of an account "aws_role:NAME"."""
    outcome: Outcome
    saw: str
    remedy: str | None = None


def ok(check: str, saw: str) -> Check:
    """All is well."""
    return Check(check, Outcome.OK, saw)


def problem(check: str, saw: str, remedy: str) -> Check:
    """Something is to be mended."""
    return Check(check, Outcome.PROBLEM, saw, remedy)


def unknown(check: str, saw: str, remedy: str | None = None) -> Check:
    """It could not be looked at."""
    return Check(check, Outcome.UNKNOWN, saw, remedy)


def skipped(check: str, saw: str) -> Check:
    """There is nothing to look at."""
    return Check(check, Outcome.SKIPPED, saw)


def exit_status(checks: Sequence[Check]) -> int:
    """0 well, 1 a problem, 3 something unknown but no problem, 4 nothing could be checked."""
    outcomes = {each.outcome for each in checks}
    if Outcome.PROBLEM in outcomes:
        return 1
    if Outcome.UNKNOWN in outcomes:
        return 3
    return 0 if Outcome.OK in outcomes else 4


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The JSON document."""
    return {"schema": 1, "checks": [asdict(each) for each in checks]}


def lines(checks: Sequence[Check]) -> list[str]:
    """
    For people, what is to be mended first:

        problem  slack_scopes: chat:write is missing.
                 Do: …
        ok       store: It answers.
        1 problem, 1 ok
    """
    order = [Outcome.PROBLEM, Outcome.UNKNOWN, Outcome.OK, Outcome.SKIPPED]
    told = []
    for each in sorted(checks, key=lambda check: order.index(check.outcome)):
        told.append(f"{each.outcome:<8} {each.check}: {visible(each.saw)}")
        if each.remedy:
            told.append(f"{'':<8} Do: {visible(each.remedy)}")
    counts = Counter(each.outcome for each in checks)
    return [*told, ", ".join(f"{counts[each]} {each}" for each in order if counts[each])]
