"""
SARIF 2.1.0, which code scanners write and GitHub's code scanning reads.

Of the format's many parts those are written that GitHub reads (docs.github.com, "SARIF support for
code scanning", read 2026-11). What could not be decided is a note, because GitHub has no level
below it, and is never left out. A run in which all is well has no results: it closes the alerts of
the run before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from bot.formats.findings import FILE_READ, Finding, Findings, Unknown, named, rule_of
from bot.formats.fingerprints import fingerprints, relative
from bot.formats.wording import numbered, paragraphs
from checks.runbook import RUNBOOK, Step

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_MOST = 1_024
"""Characters of a rule's descriptions that GitHub takes."""
_RULES = [*(step.slug for step in RUNBOOK), FILE_READ]
_READABLE = "Can slsdiag read what the file plans?"
_UNREADABLE = (
    "What only the deploy works out, or what slsdiag cannot read, is not checked before it."
)
_LEVELS: Mapping[str, str] = {"problem": "error", "notice": "note", "unknown": "note"}


def document(findings: Findings) -> str:
    """One run, with every step of the runbook as a rule."""
    marked = zip(findings.every, fingerprints(findings.every), strict=True)
    results = [_result(each, mark) for each, mark in marked]
    return _log({**_run("lint"), "results": results})


def error(verb: str, code: str, message: str) -> str:
    """The log of a run in which nothing could be checked; it says that it failed."""
    notification = {
        "descriptor": {"id": code},
        "level": "error",
        "message": {"text": paragraphs([message])},
    }
    failed = {"executionSuccessful": False, "toolExecutionNotifications": [notification]}
    return _log({**_run(verb), "invocations": [failed], "results": []})


def _log(run: Mapping[str, Any]) -> str:
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _run(verb: str) -> dict[str, Any]:
    driver = {"name": "slsdiag", "version": version("slsdiag"), "rules": _rules()}
    described = {"text": "The directory in which slsdiag was run: the root of the repository."}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"slsdiag/{verb}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": described}},
    }


def _rules() -> list[dict[str, Any]]:
    return [*map(_rule, RUNBOOK), _described(FILE_READ, _READABLE, _UNREADABLE)]


def _rule(step: Step) -> dict[str, Any]:
    return _described(step.slug, step.title, step.why, f"\n\nRunbook: {step.section}")


def _described(slug: str, title: str, why: str, more: str = "") -> dict[str, Any]:
    return {
        "id": slug,
        "name": slug.title().replace("_", ""),
        "shortDescription": {"text": title[:_MOST]},
        "fullDescription": {"text": why[:_MOST]},
        "help": {"text": f"{why}{more}"},
    }


def _result(each: Finding | Unknown, fingerprint: str) -> dict[str, Any]:
    outcome = each.outcome if isinstance(each, Finding) else "unknown"
    return {
        "ruleId": rule_of(each),
        "ruleIndex": _RULES.index(rule_of(each)),
        "level": _LEVELS[outcome],
        "message": {"text": paragraphs(_lines(each))},
        "locations": [_location(each)],
        "partialFingerprints": {"slsdiagFinding/v1": fingerprint},
        "properties": {"outcome": outcome},
    }


def _lines(each: Finding | Unknown) -> Sequence[str]:
    return [named(each), *(numbered(each.actions) if isinstance(each, Finding) else ())]


def _location(each: Finding | Unknown) -> dict[str, Any]:
    """Percent-encoded, so that a name with a colon is no scheme."""
    uri = quote(relative(each.file), safe="/", errors="surrogatepass")
    region = {"startLine": each.line}
    if isinstance(each, Finding):
        region["startColumn"] = each.column
    physical = {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}, "region": region}
    if not each.function:
        return {"physicalLocation": physical}
    logical = {"name": paragraphs([each.function]), "kind": "function"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}
