"""
A report on a terminal: coloured and folded there, plain text when piped.

    checkout · nodejs20.x · eu-west-1 · 123456789012
    Problem (blind): AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
    Do: Only one tool can hold it. Remove Datadog from the function, then …

    ok       Was the function invoked since the integration settled?
             Invoked 12 times; last at about 23 Nov 11:55 UTC.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.render import path
from bot.render.console import page
from bot.render.text import visible
from checks.model import Overall, Verdict
from checks.report import Line, Report

COLOURS = {
    Verdict.OK: "green",
    Verdict.NOTICE: "cyan",
    Verdict.PROBLEM: "bold red",
    Verdict.UNKNOWN: "yellow",
    Verdict.WAIT: "yellow",
    Verdict.SKIPPED: "dim",
    Overall.HEALTHY: "bold green",
    Overall.WAITING: "bold yellow",
    Overall.UNDETERMINED: "bold yellow",
}
_COLUMN = 9


def show(report: Report) -> None:
    """Print `report` on standard output."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    with console.capture() as drawn:
        _draw(console, report)
    sys.stdout.write(drawn.get())  # a closed pipe is the caller's to handle, not rich's


def _draw(console: Console, report: Report) -> None:
    function = report.function
    name = f"{function.name}:{function.qualifier}" if function.qualifier else function.name
    runtime = function.runtime or "container image"
    subject = " · ".join((name, runtime, function.region, function.account))
    console.print(Text(visible(subject), style="bold"))
    console.print(_headline(report))
    console.print(_remedy(report))
    console.print()
    for line in _ordered(report):
        _show_line(console, line, page(report, line[0]))
    console.print()
    console.print(Text(visible(f"How far the data of {name} comes:"), style="bold"))
    for drawn in path.text(report):
        console.print(Text(visible(drawn)))


def _headline(report: Report) -> Text:
    impact = f" ({report.impact})" if report.impact else ""
    word = report.verdict.value.capitalize()
    headline = Text(f"{word}{impact}: ", style=COLOURS.get(report.verdict, "bold red"))
    return headline.append(visible(report.summary), style="default")


def _remedy(report: Report) -> Text:
    cause = next((line for line in report.steps if line.step == report.cause), None)
    if cause and cause.remedy:
        return Text(f"Do: {visible(cause.remedy)}")
    hidden = next((x for x in report.steps if x.outcome is Verdict.UNKNOWN and x.remedy), None)
    if report.verdict is Overall.UNDETERMINED and hidden:
        return Text(f"Do: {visible(hidden.remedy or '')}")
    if report.verdict is Overall.UNDETERMINED:
        return Text("Do: look again in a minute; what could not be read is named below.")
    return Text("Nothing to do in AWS.")


def _ordered(report: Report) -> Iterator[tuple[Line, bool]]:
    """Each line, the explained ones folded under what explains them."""
    for line in report.steps:
        if line.because is None:
            yield line, False
            yield from ((x, True) for x in report.steps if x.because == line.step)
    tops = {line.step for line in report.steps if line.because is None}
    yield from ((x, True) for x in report.steps if x.because and x.because not in tops)


def _show_line(console: Console, shown: tuple[Line, bool], link: str | None) -> None:
    line, folded = shown
    word = "follows" if folded else line.outcome.value
    told = line.outcome not in {Verdict.OK, Verdict.SKIPPED} and not folded
    rows = [(Text(word, style=COLOURS[line.outcome]), Text(visible(line.title)))]
    rows += [(Text(), Text(visible(each), style="dim")) for each in _details(line, folded=folded)]
    if console.soft_wrap:
        for left, right in rows:
            console.print(Text(left.plain.ljust(_COLUMN), style=left.style) + right)
    else:
        grid = Table.grid(Column(width=_COLUMN), Column())
        for row in rows:
            grid.add_row(*row)
        console.print(grid)
    if link and told:  # left whole, so that a narrow terminal can still open it
        console.print(Text(" " * _COLUMN) + Text(visible(link), style="dim"), soft_wrap=True)


def _details(line: Line, *, folded: bool) -> Iterator[str]:
    yield line.saw
    if folded:
        yield f"Follows from {line.because}."
    elif line.remedy and line.outcome in {Verdict.PROBLEM, Verdict.UNKNOWN, Verdict.WAIT}:
        yield line.remedy
    if line.presumed:
        yield f"Presumed, not seen: {line.question} ({' · '.join(line.answers)})"
        yield f"To answer: --answer {line.step}='{line.answers[0]}'"
