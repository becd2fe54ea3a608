"""
A report of `slsdiag check` as JUnit's XML and as GitHub's annotations.

    problem         failure   ::error     nothing, if it only follows from another problem
    unknown, wait   error     ::warning   the exit status is 3: a build that saw nothing is not green
    notice          passed    ::notice
    ok              passed    nothing
    skipped         skipped   nothing     so is what cannot explain the symptom that was asked about
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.formats import github, junit
from bot.formats.github import Annotation, Level
from bot.formats.junit import Case, Outcome, Suite
from bot.formats.wording import numbered
from checks.grammar import counted
from checks.model import Symptom, Verdict
from checks.report import Line, Report, timestamp
from checks.runbook import RUNBOOK
from checks.verdict import set_aside

_OUTCOMES: Mapping[Verdict, Outcome] = {
    Verdict.OK: Outcome.PASSED,
    Verdict.NOTICE: Outcome.PASSED,
    Verdict.PROBLEM: Outcome.FAILURE,
    Verdict.UNKNOWN: Outcome.ERROR,
    Verdict.WAIT: Outcome.ERROR,
    Verdict.SKIPPED: Outcome.SKIPPED,
}
_LEVELS: Mapping[Verdict, Level] = {
    Verdict.PROBLEM: Level.ERROR,
    Verdict.UNKNOWN: Level.WARNING,
    Verdict.WAIT: Level.WARNING,
    Verdict.NOTICE: Level.NOTICE,
}


def document(report: Report, symptom: Symptom, form: str) -> str:
    """As the value of `--format` says: junit or github."""
    return {"junit": as_junit, "github": as_annotations}[form](report, symptom)


def as_junit(report: Report, symptom: Symptom) -> str:
    """One suite, with a test case for each step."""
    aside = set_aside(RUNBOOK, symptom)
    about = report.function
    classname = f"{about.account}.{about.region}.{about.spelled}"
    cases = [
        _not_counted(line, classname, symptom)
        if line.step in aside
        else _case(report, line, classname)
        for line in report.steps
    ]
    return junit.document([Suite(about.spelled, cases, timestamp(report.checked_at))])


def _not_counted(line: Line, classname: str, symptom: Symptom) -> Case:
    message = f"Not counted: it cannot be the reason for missing {symptom}."
    return Case(line.step, classname, Outcome.SKIPPED, "skipped", message, [line.saw])


def _case(report: Report, line: Line, classname: str) -> Case:
    outcome = _OUTCOMES[line.outcome]
    message = line.headline or line.saw
    return Case(
        line.step, classname, outcome, line.outcome, message, [*_details(report, line, message)]
    )


def _details(report: Report, line: Line, message: str) -> Iterator[str]:
    if line.saw != message:
        yield line.saw
    if line.presumed:
        yield "Assumed (we can't see Dashboard)."
    cause = report.line(line.because)
    if cause:
        yield f"Caused by the same problem: {cause.headline or cause.title}"
    yield from numbered(line.actions, report.place)


def as_annotations(report: Report, symptom: Symptom) -> str:
    """One for each problem, notice and step that could not be decided."""
    aside = set_aside(RUNBOOK, symptom)
    found = [
        _annotation(report, line, _LEVELS[line.outcome])
        for line in report.steps
        if line.outcome in _LEVELS and line.step not in aside and line.because is None
    ]
    return github.document(found, counted(len(report.steps), "check"))


def _annotation(report: Report, line: Line, level: Level) -> Annotation:
    title = f"{report.function.spelled} · {line.headline or line.title}"
    return Annotation(level, title, [*_text(report, line)])


def _text(report: Report, line: Line) -> Iterator[str]:
    yield line.saw
    following = [step.headline or step.title for step in report.steps if step.because == line.step]
    if following:
        yield f"Caused by the same problem: {'; '.join(following)}"
    yield from numbered(line.actions, report.place)
