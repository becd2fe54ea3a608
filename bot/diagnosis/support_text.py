"""
What Serverless's support will ask for, as text that is ready to copy.

    slsdiag report for Serverless's support
    Function: checkout · nodejs20.x · eu-west-1 · account ending in 9012
    Checked at: 2026-11-24T02:00:00Z
    Verdict: problem (blind). AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog …
    130 wrapper_set: problem. …
    Passed: invoked, runtime_supported, …
    Removed: all but the last 4 digits of account numbers (2). Never included: …
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.redaction import REMOVED
from checks.model import Verdict
from checks.report import Report, timestamp
from checks.runbook import step_named

LONGEST = 8_000
"""Characters: what one message may hold, with room to spare."""
_LINE = 500
_ACCOUNT = r"(?<![0-9A-Za-z])(?<!-[0-9a-f]{4}-)\d{8}(?=\d{4}(?![0-9A-Za-z]))"
"""Not the end of a request id."""
_MASK = "********"
_NEVER = "Never included: values of environment variables, log lines, bodies of payloads."


def bundle(report: Report, more: Sequence[str] = ()) -> str:
    """
    The text; `more` are further lines, such as what was answered. It says what was removed.

    Secrets were taken out of AWS's and people's texts where these came in. The report's own words
    (names, ARNs, request ids) stay, whatever they look like: support needs them.
    """
    whole = "\n".join([*_head(report), *more, *_steps(report)])
    masked, accounts = _masked(whole, report.function.name)
    removed = masked.count(REMOVED)
    taken = [
        f"all but the last 4 digits of account numbers ({accounts})" if accounts else "",
        f"words that look like secrets ({removed})" if removed else "",
    ]
    listed = "; ".join(filter(None, taken)) or "nothing"
    return f"{masked[:LONGEST]}\nRemoved: {listed}. {_NEVER}"


def _masked(text: str, name: str) -> tuple[str, int]:
    """Without all but the last digits of account numbers, and how many; the name stays whole."""
    pattern = re.compile(rf"(?P<name>{re.escape(name)})|{_ACCOUNT}")
    numbers = sum(match["name"] is None for match in pattern.finditer(text))
    return pattern.sub(lambda match: match["name"] or _MASK, text), numbers


def _head(report: Report) -> list[str]:
    function = report.function
    runtime = function.runtime or "container image"
    impact = f" ({report.impact})" if report.impact else ""
    return [
        "slsdiag report for Serverless's support",
        f"Function: {function.spelled} · {runtime} · {function.region} · account {function.account}",
        f"Checked at: {timestamp(report.checked_at)}",
        f"Verdict: {report.verdict}{impact}. {report.summary}",
        *([f"Changed: {report.told}"] if report.told else []),
    ]


def _steps(report: Report) -> list[str]:
    quiet = {Verdict.OK, Verdict.SKIPPED}
    noteworthy = [line for line in report.steps if line.outcome not in quiet]
    lines = [
        f"{_number(line.step)} {line.step}: {line.outcome}"
        f"{f', follows from {line.because}' if line.because else ''}. {line.saw}"[:_LINE]
        for line in noteworthy
    ]
    well = [line.step for line in report.steps if line.outcome is Verdict.OK]
    skipped = [line.step for line in report.steps if line.outcome is Verdict.SKIPPED]
    lines += [f"Passed: {', '.join(well)}"] * bool(well)
    lines += [f"Skipped: {', '.join(skipped)}"] * bool(skipped)
    return lines


def _number(slug: str) -> str:
    step = step_named(slug)
    return step.number if step else ""
