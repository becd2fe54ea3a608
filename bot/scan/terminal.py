"""
A scan on a terminal: counts, then what is blind by cause, then what could not be read.

    2,000 functions: 1,800 unverified · 150 healthy · 50 problem. Verified exactly: 60 of 2,000.

    Functions  Class            Cause
           37  blind            wrapper_set: AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog.
                                checkout (eu-west-1), orders (eu-west-1), … 35 more

    Undetermined: billing (eu-west-1).
    What to do about one of them, and which permission is missing: slsdiag check NAME
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.scan.clusters import clusters, counts, many, seen_of
from bot.scan.lines import left_out
from bot.scan.model import Cluster, ProblemClass, Scan, Seen
from bot.text.visible import visible
from checks.runbook import step_named

NAMED = 5
UNDECIDED = ("undetermined", "waiting")
NEXT = "What to do about one of them, and which permission is missing: slsdiag check NAME"
_WIDE = 1_000
"""Columns where nobody looks: one line for each cause and its names."""
_COLOURS = {
    ProblemClass.DOWN: "bold red",
    ProblemClass.BLIND: "bold red",
    ProblemClass.QUIET: "dim",
    ProblemClass.NOT_INSTRUMENTED: "dim",
}


def show(scan: Scan, *, all_functions: bool = False) -> None:
    """Print `scan` on standard output."""
    piped = not sys.stdout.isatty()
    console = Console(highlight=False, width=_WIDE if piped else None)
    with console.capture() as drawn:
        console.print(Text(headline(scan)))
        found = clusters(scan.seen)
        if found:
            console.print()
            console.print(_table(found, all_functions=all_functions))
        open_ = _undecided(scan, all_functions=all_functions)
        if found or open_:
            console.print()
            for line in (*open_, NEXT):
                console.print(Text(visible(line)))
        for each in scan.unreadable:
            console.print(
                Text(visible(f"Not read: {each.account} {each.region}: {each.why}"), style="yellow")
            )
    sys.stdout.write(drawn.get())


def headline(scan: Scan) -> str:
    """2,000 functions: 1,990 unverified · 10 problem. Verified exactly: 60 of 2,000."""
    told = " · ".join(f"{count:,} {verdict}" for verdict, count in counts(scan.seen).items())
    exact = sum(each.exact for each in scan.seen)
    return (
        f"{many(len(scan.seen))}{f': {told}' if told else ''}. "
        f"Verified exactly: {exact:,} of {len(scan.seen):,}.{left_out(scan)}"
    )


def _table(found: list[Cluster], *, all_functions: bool) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Functions", justify="right")
    table.add_column("Class")
    table.add_column("Cause", overflow="fold")
    for each in found:
        table.add_row(
            f"{len(each.functions):,}",
            Text(each.kind.value.replace("_", " "), style=_COLOURS[each.kind]),
            Text("\n".join(_cause(each, all_functions=all_functions))),
        )
    return table


def _cause(cluster: Cluster, *, all_functions: bool) -> list[str]:
    step = step_named(cluster.cause)
    lines = [visible(f"{cluster.cause}: {seen_of(cluster) or (step.title if step else '')}")]
    if all_functions or cluster.news:
        lines.append(visible(_names(cluster.functions, all_functions=all_functions)))
    return lines


def _undecided(scan: Scan, *, all_functions: bool) -> list[str]:
    """Who could not be judged, or not yet."""
    groups = {word: [each for each in scan.seen if each.verdict == word] for word in UNDECIDED}
    return [
        f"{word.capitalize()}: {_names(functions, all_functions=all_functions)}."
        for word, functions in groups.items()
        if functions
    ]


def _names(functions: Sequence[Seen], *, all_functions: bool) -> str:
    most = len(functions) if all_functions else NAMED
    names = [f"{f.name} ({f.region})" for f in functions[:most]]
    left = len(functions) - len(names)
    return ", ".join(names) + (f", … {left:,} more" if left else "")
