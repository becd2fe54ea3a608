"""The checks of a report that neither passed nor follow from another, each in a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.diagnosis.state import MARKS
from checks.grammar import counted
from checks.model import Symptom, Verdict
from checks.report import Line, Report
from checks.runbook import RUNBOOK
from checks.verdict import set_aside

_QUIET = frozenset({Verdict.OK, Verdict.SKIPPED})


def open_checks(report: Report, symptom: Symptom) -> Iterator[tuple[str, Verdict]]:
    """
    Each line, and the outcome by which it is colored.

    What cannot be the reason of `symptom` is no failure of this report, and not drawn as one:

        ❌ Datadog owns the exec wrapper (+3 checks, same cause)
        – not counted for metrics: The logs filter is missing
    """
    aside = set_aside(RUNBOOK, symptom)
    for line in report.steps:
        if line.outcome in _QUIET or line.because is not None:
            continue
        if line.step in aside:
            yield (
                f"{MARKS[Verdict.SKIPPED]} not counted for {symptom}: {_named(line)}",
                Verdict.SKIPPED,
            )
        else:
            yield f"{MARKS[line.outcome]} {_named(line, _same_cause(report, line))}", line.outcome


def _named(line: Line, same_cause: str = "") -> str:
    assumed = " (assumed: we can't see Dashboard)" if line.presumed else ""
    return f"{line.headline or line.title}{same_cause}{assumed}"


def _same_cause(report: Report, line: Line) -> str:
    same = sum(other.because == line.step for other in report.steps)
    return f" (+{counted(same, 'check')}, same cause)" if same else ""
