"""A result as JSON, schema 1, and as an exit status. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.formats.findings import Finding
from bot.lint.model import LintResult
from checks.model import Action, Verdict

_PROBLEM, _UNKNOWN = 1, 3


def as_json(result: LintResult) -> dict[str, Any]:
    """The document of `slsdiag lint --format json`."""
    return {
        "schema": 1,
        "files": result.files,
        "functions": result.functions,
        "findings": [_finding(finding) for finding in result.findings],
        "unknown": [asdict(unseen) for unseen in result.unknown],
        "suppressed": result.suppressed,
        "unused_suppressions": [asdict(unused) for unused in result.unused],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "function": finding.function,
        "step": finding.step,
        "outcome": finding.outcome,
        "headline": finding.headline,
        "actions": [_action(action) for action in finding.actions],
    }


def _action(action: Action) -> dict[str, Any]:
    """With the keys of a report's actions."""
    return {
        "do": action.sentence,
        "command": action.command,
        "link": None,
        "relief": action.relief,
        "caution": action.caution,
    }


def exit_status(result: LintResult) -> int:
    """As of a check: 1 a problem, 3 something could not be seen, else 0."""
    if problems_of(result):
        return _PROBLEM
    return _UNKNOWN if result.unknown else 0


def problems_of(result: LintResult) -> int:
    """How many of the findings are problems."""
    return sum(finding.outcome == Verdict.PROBLEM.value for finding in result.findings)
