"""The window of *All checks*: every check in the order of the runbook."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from bot.diagnosis.card import headline
from bot.diagnosis.state import MARKS, WORDS
from bot.diagnosis.styled import styled
from bot.diagnosis.summary import check_pieces
from bot.slack.blocks import markup, plain, section
from bot.slack.rich_text import Piece, block, date_token, paragraph, text
from checks.model import Verdict
from checks.report import Line, Report
from checks.runbook import step_named

WINDOW = "all_checks"
_QUIET = frozenset({Verdict.OK, Verdict.SKIPPED})


def window(report: Report, here: str | None = None) -> dict[str, object]:
    """
    The view; `here` is the check at which a triage stands.

    Each check is one block, under its section of the runbook.
    """
    blocks: list[Block] = [section(headline(report)), markup(date_token(report.checked_at))]
    last = None
    for line in report.steps:
        if line.section != last:
            last = line.section
            blocks += [DividerBlock(), section(line.section)]
        blocks.append(block(list(_check(report, line, here))))
    view: dict[str, object] = View(
        type="modal",
        callback_id=WINDOW,
        title=plain("All checks", 24),
        close=plain("Close", 24),
        blocks=blocks,
    ).to_dict()
    return view


def _check(report: Report, line: Line, here: str | None) -> Iterator[Piece]:
    step = step_named(line.step)
    number = f"{step.number} " if step else ""
    mark = f"{MARKS[line.outcome]} {WORDS[line.outcome]}: {number}{line.title}"
    yield paragraph(
        [text(mark, bold=True), *([text("  ← the triage is here")] * (line.step == here))]
    )
    if line.outcome in _QUIET:
        yield paragraph(styled(line.saw, report.checked_at, report.function.name))
        return
    cause = report.line(line.because)
    if cause:
        yield paragraph([text(f"Caused by the same problem: {cause.headline or cause.title}")])
    yield from check_pieces(report, line)
