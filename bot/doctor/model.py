"""What doctor says: a check each, its outcome, what was seen, and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.text.visible import visible
from checks.facts.sdk import LAST_RELEASED


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    """It could not be checked; `saw` says why."""
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
    """Nothing to do."""
    return Check(check, Outcome.OK, saw)


def problem(check: str, saw: str, remedy: str) -> Check:
    """Something to fix."""
    return Check(check, Outcome.PROBLEM, saw, remedy)


def unknown(check: str, saw: str, remedy: str | None = None) -> Check:
    """It could not be checked."""
    return Check(check, Outcome.UNKNOWN, saw, remedy)


def skipped(check: str, saw: str) -> Check:
    """It is not configured."""
    return Check(check, Outcome.SKIPPED, saw)


PROXY = "proxy"
"""The check that only reads the environment."""


def exit_status(checks: Sequence[Check]) -> int:
    """
    0 healthy, 1 a problem, 3 something unknown but no problem, 4 nothing could be checked.

    Which proxy is used is known without checking anything.
    """
    outcomes = {check.outcome for check in checks if check.check != PROXY}
    if Outcome.PROBLEM in outcomes:
        return 1
    if Outcome.UNKNOWN in outcomes:
        return 3
    return 0 if Outcome.OK in outcomes else 4


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The JSON document."""
    checked = [asdict(check) for check in checks]
    return {"schema": 1, "checks": checked, "notes": [LAST_RELEASED]}


def lines(checks: Sequence[Check]) -> list[str]:
    """
    For people, what to fix first:

        problem  slack_scopes: chat:write is missing.
                 Do: …
        ok       store: It answers.
        Serverless last released …
        1 problem, 1 ok
    """
    order = [Outcome.PROBLEM, Outcome.UNKNOWN, Outcome.OK, Outcome.SKIPPED]
    text = []
    for check in sorted(checks, key=lambda check: order.index(check.outcome)):
        text.append(f"{check.outcome:<8} {check.check}: {visible(check.saw)}")
        if check.remedy:
            text.append(f"{'':<8} Do: {visible(check.remedy)}")
    counts = Counter(check.outcome for check in checks)
    return [*text, LAST_RELEASED, ", ".join(f"{counts[of]} {of}" for of in order if counts[of])]
