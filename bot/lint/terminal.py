"""
Findings on a terminal, a line for each, as a compiler prints them:

    services/orders/serverless.yml:12:7: problem: orders: Datadog owns the exec wrapper [wrapper-set]
      → Remove Datadog from the function in serverless.yml, SAM, CDK or Terraform, then deploy

    1 problem, 2 notices and 1 unknown in 3 functions of 2 files.

Through a pipe no line is broken or padded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bot.formats.findings import Finding, Unknown
from bot.lint.document import problems_of
from bot.lint.model import LintResult, Unused
from bot.text.visible import visible
from checks.grammar import counted, listed
from checks.model import Verdict

_STYLES = {Verdict.PROBLEM.value: "bold red", Verdict.NOTICE.value: "cyan"}
_UNKNOWN = "unknown"
_INDENT = 4
_MOST_UNKNOWN = 20
_HINT = "To accept a finding, write beside it: # slsdiag: ignore NAME-IN-BRACKETS: your reason"


def show(result: LintResult) -> None:
    """Print `result` on standard output."""
    piped = not sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=piped)
    with console.capture() as captured:
        for line, hang in _lines(result):
            _print(console, line, hang, piped=piped)
    sys.stdout.write(captured.get())  # a closed pipe is the caller's to handle, not rich's


def _print(console: Console, line: Text, hang: int, *, piped: bool) -> None:
    parts = [line]
    if not piped and line.cell_len > console.width:
        parts = list(line.wrap(console, max(console.width - hang, 1), overflow="fold"))
    for number, part in enumerate(parts):
        part.rstrip()
        console.print(Text(" " * hang if number else "") + part, soft_wrap=True)


def _lines(result: LintResult) -> Iterator[tuple[Text, int]]:
    """Each with the indent of what does not fit on its line."""
    for finding in result.findings:
        yield from _finding(finding)
    for unseen in result.unknown[:_MOST_UNKNOWN]:
        yield _unseen(unseen), _INDENT
    if (more := len(result.unknown) - _MOST_UNKNOWN) > 0:
        yield Text(f"… and {more} more unknown; --format json has all.", style="dim"), 0
    for unused in result.unused:
        yield _unused(unused), _INDENT
    if result.findings or result.unknown or result.unused:
        yield Text(), 0
    yield _total(result), 0
    if result.findings:
        yield Text(_HINT, style="dim"), _INDENT


def _finding(finding: Finding) -> Iterator[tuple[Text, int]]:
    line = _at(finding.file, finding.line, finding.column)
    line.append(f"{finding.outcome}: ", style=_STYLES.get(finding.outcome, ""))
    if finding.function:
        line.append(f"{visible(finding.function)}: ")
    line.append(visible(finding.headline), style="bold")
    line.append(f" [{finding.step.replace('_', '-')}]", style="dim")
    yield line, _INDENT
    for action in finding.actions:
        caution = f" ({visible(action.caution)})" if action.caution else ""
        yield Text(f"  → {visible(action.sentence)}{caution}"), _INDENT


def _at(file: str, line: int, column: int | None) -> Text:
    place = f"{visible(file)}:{line}:{f'{column}:' if column else ''}"
    return Text().append(place, style="bold").append(" ")


def _unseen(unseen: Unknown) -> Text:
    line = _at(unseen.file, unseen.line, None)
    line.append(f"{_UNKNOWN}: ", style="yellow")
    if unseen.function:
        line.append(f"{visible(unseen.function)}: ")
    line.append(visible(unseen.why))
    step = f" [{unseen.step.replace('_', '-')}]" if unseen.step else ""
    return line.append(step, style="dim")


def _unused(unused: Unused) -> Text:
    line = _at(unused.file, unused.line, None)
    line.append("comment: ", style="yellow")
    return line.append(unused.why)


def _total(result: LintResult) -> Text:
    problems = problems_of(result)
    notices = len(result.findings) - problems
    counts = [
        *([counted(problems, "problem")] if problems else []),
        *([counted(notices, "notice")] if notices else []),
        *([f"{len(result.unknown)} unknown"] if result.unknown else []),
    ]
    where = f"{counted(result.functions, 'function')} of {counted(result.files, 'file')}"
    ignored = f" {result.suppressed} ignored." if result.suppressed else ""
    if not counts:
        return Text(f"Nothing found in {where}.{ignored}", style="green")
    return Text(f"{listed(counts)} in {where}.{ignored}")
