"""
The first message of a card's thread: what failed, with its evidence and what to do; the rest by name.

It is edited in place when the check is repeated; a new message comes only for news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.diagnosis import data_path
from bot.diagnosis.card import action_pieces, headline
from bot.diagnosis.state import mark_of
from bot.diagnosis.styled import styled
from bot.slack.blocks import Body, body, context
from bot.slack.rich_text import Piece, block, link, listed, paragraph, text
from checks.grammar import counted
from checks.model import Verdict
from checks.report import Line, Report
from checks.runbook import short_name

_QUIET = frozenset({Verdict.OK, Verdict.SKIPPED})
_ROOM = 10_000
"""Characters of all blocks, with room to spare for one message."""


def summary(report: Report) -> Body:
    """
    Of one check:

        ❌ Datadog owns the exec wrapper
        AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
        1. Remove Datadog …
        Caused by the same problem: Invocations end without a telemetry payload
        Traces: … Metrics: …
        21 checks passed: invoked, runtime supported, …
    """
    blocks: list[Block] = []
    room = _ROOM
    for line in _unresolved(report):
        shown = block(check_pieces(report, line))
        room -= len(str(shown.to_dict()))
        if room < 0:
            blocks.append(context("There is more behind “All checks”."))
            break
        blocks.append(shown)
    blocks.append(block([paragraph([text(way)]) for way in data_path.text(report)]))
    blocks += [context(sentence) for sentence in _by_name(report)]
    headlines = ". ".join(line.headline or line.title for line in _unresolved(report))
    return body(f"{headline(report)}: summary of the checks. {headlines}", blocks)


def check_pieces(report: Report, line: Line) -> list[Piece]:
    """One check that is not well, in full."""
    head = f"{mark_of(line.outcome)} {line.headline or line.title}"
    pieces = [paragraph([text(head, bold=True)])]
    pieces.append(paragraph(styled(line.saw, report.checked_at, report.function.name)))
    if report.told and line.step == report.cause:
        pieces.append(paragraph(styled(report.told, report.checked_at, *report.names)))
    for number, action in enumerate(line.actions if line.because is None else ()):
        pieces += action_pieces(report, action, number)
    where = report.link(line.page)
    if where and line.because is None and not any(map(report.place, line.actions)):
        pieces.append(paragraph([link(f"{where.label} ↗", where.url)]))
    same = [x.headline or x.title for x in report.steps if x.because == line.step]
    if same:
        pieces.append(paragraph([text("Caused by the same problem:")]))
        pieces.append(listed([[text(title)] for title in same]))
    if line.presumed:
        pieces.append(paragraph([text(f"Assumed (we can't see Dashboard): {line.question}")]))
    return pieces


def _unresolved(report: Report) -> list[Line]:
    """What failed or could not be decided, the cause first; not what follows from another."""
    unresolved = [x for x in report.steps if x.outcome not in _QUIET and x.because is None]
    return sorted(unresolved, key=lambda line: line.step != report.cause)


def _by_name(report: Report) -> Iterator[str]:
    for outcome, what in ((Verdict.OK, "passed"), (Verdict.SKIPPED, "skipped")):
        lines = [line for line in report.steps if line.outcome is outcome]
        if lines:
            names = ", ".join(short_name(line.step) for line in lines)
            yield f"{counted(len(lines), 'check')} {what}: {names}"


def failed(report: Report) -> Mapping[str, str]:
    """What is wrong now, by check: what the next run is compared with."""
    return {
        line.step: line.headline or line.title
        for line in report.steps
        if line.outcome is Verdict.PROBLEM and line.because is None
    }


@dataclass(frozen=True, slots=True)
class News:
    """What differs between two runs of the same check."""

    fixed: tuple[str, ...]
    new: tuple[str, ...]


def changes_since(before: Mapping[str, str], report: Report) -> News | None:
    """None where nothing is known to have changed."""
    now = failed(report)
    unsure = {line.step for line in report.steps if line.outcome is Verdict.UNKNOWN}
    fixed = tuple(what for step, what in before.items() if step not in {*now, *unsure})
    new = tuple(what for step, what in now.items() if step not in before)
    return News(fixed, new) if fixed or new else None


def changed(report: Report, changes: News) -> Body:
    """A new message: Fixed: Datadog owns the exec wrapper."""
    lines = [f"✅ Fixed: {what}" for what in changes.fixed] + [
        f"❌ New: {what}" for what in changes.new
    ]
    pieces: Sequence[Piece] = [paragraph([text(line)]) for line in lines]
    return body(f"{headline(report)}. {'. '.join(lines)}", [block(pieces)])
