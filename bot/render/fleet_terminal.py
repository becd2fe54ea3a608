"""
A scan on a terminal: counts, then what is blind by cause, then what could not be read.

    2,000 functions: 1,800 unverified · 150 healthy · 50 problem. Verified exactly: 60 of 60 …

    Functions  Class            Cause
           37  blind            wrapper_set: Is the wrapper environment variable set?
                                checkout (eu-west-1), orders (eu-west-1), … 35 more
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.fleet.clusters import clusters, counts
from bot.fleet.model import Cluster, Kind, Scan
from bot.render.text import visible
from checks.runbook import step_named

NAMED = 5
_WIDE = 1_000
"""Columns where nobody looks: one line for each cause and its names."""
_COLOURS = {Kind.BLIND: "bold red", Kind.QUIET: "dim", Kind.NOT_INSTRUMENTED: "dim"}


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
        for each in scan.unreadable:
            console.print(
                Text(visible(f"Not read: {each.account} {each.region}: {each.why}"), style="yellow")
            )
    sys.stdout.write(drawn.get())


def headline(scan: Scan) -> str:
    """2,000 functions: 1,990 unverified · 10 problem. Verified exactly: 10 of 10 …"""
    told = " · ".join(f"{count:,} {verdict}" for verdict, count in counts(scan.seen).items())
    exact, of = scan.verified
    return (
        f"{len(scan.seen):,} functions{f': {told}' if told else ''}. "
        f"Verified exactly: {exact:,} of {of:,} suspicious ones."
    )


def _table(found: list[Cluster], *, all_functions: bool) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Functions", justify="right")
    table.add_column("Class")
    table.add_column("Cause")
    for each in found:
        table.add_row(
            f"{len(each.functions):,}",
            Text(each.kind.value.replace("_", " "), style=_COLOURS[each.kind]),
            Text("\n".join(_cause(each, all_functions=all_functions))),
        )
    return table


def _cause(cluster: Cluster, *, all_functions: bool) -> list[str]:
    step = step_named(cluster.cause)
    lines = [f"{cluster.cause}: {step.title if step else ''}"]
    if all_functions or cluster.kind is Kind.BLIND:
        most = len(cluster.functions) if all_functions else NAMED
        names = [f"{f.name} ({f.region})" for f in cluster.functions[:most]]
        left = len(cluster.functions) - len(names)
        lines.append(visible(", ".join(names) + (f", … {left:,} more" if left else "")))
    return lines
