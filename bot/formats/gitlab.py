"""GitLab's code quality report (docs.gitlab.com/ci/testing/code_quality, read 2026-11): a JSON list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.formats.findings import Finding, Findings, Unknown, named, rule_of
from bot.formats.fingerprints import fingerprints, relative
from bot.formats.wording import shown

_SEVERITIES: Mapping[str, str] = {"problem": "major", "notice": "info"}
_UNKNOWN = "minor"


def document(findings: Findings) -> str:
    """Each finding and what could not be decided."""
    marked = zip(findings.every, fingerprints(findings.every), strict=True)
    return json.dumps([_issue(each, mark) for each, mark in marked])


def error(verb: str, code: str, message: str) -> str:
    """The report of a run in which nothing could be checked: an empty one would say all is well."""
    mark = sha256(f"{verb} {code}".encode()).hexdigest()
    return json.dumps([_spelled(message, code, mark, "blocker", (".", 1))])


def _issue(each: Finding | Unknown, fingerprint: str) -> dict[str, Any]:
    severity = _SEVERITIES[each.outcome] if isinstance(each, Finding) else _UNKNOWN
    return _spelled(
        named(each), rule_of(each), fingerprint, severity, (relative(each.file), each.line)
    )


def _spelled(
    description: str, check: str, fingerprint: str, severity: str, place: tuple[str, int]
) -> dict[str, Any]:
    path, line = place
    return {
        "description": shown(description),
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
