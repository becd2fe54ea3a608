"""
What `slsdiag lint` found, in each format that CI reads; here, in JUnit's XML and GitHub's annotations.

    problem   failure   ::error
    unknown   error     ::warning: as for a check, a build that could not see is not green
    notice    passed    ::notice
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import starmap

from bot.formats import github, gitlab, junit, sarif
from bot.formats.findings import Finding, Findings, Unknown, named, rule_of
from bot.formats.github import Annotation, Level
from bot.formats.junit import Case, Outcome, Suite
from bot.formats.wording import numbered
from checks.runbook import short_name

SHARED = "(shared)"
"""In place of a function, where a finding stands once for many."""
_OUTCOMES: Mapping[str, Outcome] = {"problem": Outcome.FAILURE, "notice": Outcome.PASSED}
_LEVELS: Mapping[str, Level] = {"problem": Level.ERROR, "notice": Level.NOTICE}


def document(findings: Findings, form: str) -> str:
    """As the value of `--format` says: junit, github, gitlab or sarif."""
    writers = {
        "junit": as_junit,
        "github": as_annotations,
        "gitlab": gitlab.document,
        "sarif": sarif.document,
    }
    return writers[form](findings)


def as_junit(findings: Findings) -> str:
    """One suite for each file in which something was found; a test case that passed, if in none."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for found in findings.findings:
        cases[found.file].append(_case(found))
    for unknown in findings.unknown:
        cases[unknown.file].append(_unknown_case(unknown))
    nothing = Case("lint", "slsdiag", Outcome.PASSED, message=f"{findings.checked}, no problems.")
    return junit.document(list(starmap(Suite, cases.items())) or [Suite("slsdiag", [nothing])])


def _case(found: Finding) -> Case:
    where = f"{found.file}:{found.line}:{found.column}"
    details = [where, *numbered(found.actions)]
    outcome = _OUTCOMES[found.outcome]
    return Case(found.step, _classname(found), outcome, found.outcome, found.headline, details)


def _unknown_case(unknown: Unknown) -> Case:
    details = [f"{unknown.file}:{unknown.line}"]
    return Case(
        rule_of(unknown), _classname(unknown), Outcome.ERROR, "unknown", unknown.why, details
    )


def _classname(found: Finding | Unknown) -> str:
    return f"{found.file}.{found.function or SHARED}"


def as_annotations(findings: Findings) -> str:
    """One for each finding, and for each step that could not be decided."""
    of = [*map(_annotation, findings.findings), *map(_unknown_annotation, findings.unknown)]
    return github.document(of, findings.checked)


def _annotation(found: Finding) -> Annotation:
    lines = [named(found), *numbered(found.actions)]
    level = _LEVELS[found.outcome]
    return Annotation(level, found.headline, lines, found.file, found.line, found.column)


def _unknown_annotation(unknown: Unknown) -> Annotation:
    title = f"Not known before the deploy: {short_name(rule_of(unknown))}"
    return Annotation(Level.WARNING, title, [named(unknown)], unknown.file, unknown.line)
