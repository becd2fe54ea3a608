"""The report of a bundle again, from the file alone, and how it differs from the one in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.agents.bundle import REPORT, Asked, pack, release, report_json
from bot.agents.bundle_file import Bundle, unpack
from bot.errors import Failed, Unreadable
from bot.text.redaction import shown
from checks.evidence import Evidence
from checks.report import Report, noted
from checks.runbook import walk

_ALONE = ("verdict", "cause", "impact", "headline", "summary", "function", "checked_at", "changed")
_SHOWN = 120
"""Characters of a text that differs."""


def packed(evidence: Evidence, asked: Asked, report: Report) -> bytes:
    """A bundle that gives `report` again, which is tried; raises Failed where it does not."""
    content = pack(evidence, asked, report)
    if differences(held := unpack(content), replayed(held)):
        raise Failed("The report cannot be made again from the bundle, so there is none.")
    return content


def replayed(bundle: Bundle) -> Report:
    """What this release says of the same evidence."""
    try:
        report = walk(bundle.evidence, bundle.asked.symptom)
    except Exception as error:
        # anybody may have written the file: dates out of range, times without a zone, half an ARN
        raise Unreadable("its evidence contradicts itself, and no check can judge it") from error
    changed = bundle.changed if report.sought else None
    return noted(replace(report, changed=changed), bundle.asked.note)


def differences(bundle: Bundle, report: Report) -> list[str]:
    """A sentence for each; nothing where the report is the same, byte for byte."""
    text = report_json(report)
    if text == bundle.report:
        return []
    found = list(_differences(_stored(bundle), json.loads(text)))
    return [_reason(bundle), *(found or ["The same content is written in another way."])]


def _reason(bundle: Bundle) -> str:
    if bundle.release != release():
        return (
            f"The bundle was made by slsdiag {shown(bundle.release)}, and this is {release()}. "
            "Its report differs:"
        )
    return (
        "The report in the bundle does not follow from the evidence beside it. One of "
        "the two was changed:"
    )


def _stored(bundle: Bundle) -> dict[str, Any]:
    try:
        stored = json.loads(bundle.report)
    except (ValueError, RecursionError):
        stored = None
    if not isinstance(stored, dict):
        raise Unreadable(f"its {REPORT} is no report")
    return stored


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in _ALONE:
        if then.get(key) != now[key]:
            yield f"{key.replace('_', ' ')}: {_said(then.get(key))} then, {_said(now[key])} now"
    before, after = _by_step(then), _by_step(now)
    for slug, step in after.items():
        if slug not in before:
            yield f"{step['title']} It was not checked then."
        elif before[slug] != step:
            yield f"{step['title']} {_difference(before[slug], step)}"
    if gone := before.keys() - after.keys():
        yield f"{len(gone)} of the checks of then are not checked now."


def _difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if then.get("outcome") != now["outcome"]:
        return f"{_said(then.get('outcome'))} then, {_said(now['outcome'])} now"
    keys = [key.replace("_", " ") for key in now if then.get(key) != now[key]]
    return f"The outcome is the same; it differs in: {', '.join(keys)}" if keys else "Keys differ."


def _by_step(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    steps = report.get("steps")
    return {
        step["step"]: step
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict) and isinstance(step.get("step"), str)
    }


def _said(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "nothing" if value is None else text[:_SHOWN]
