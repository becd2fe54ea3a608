"""
A scan on a terminal: the totals, the causes by how many functions they affect, what could not be read.

    🔴 2 down · 🟠 47 not reporting · ✅ 1,951 of 2,000 healthy

    🔴 down
        2  SDK layer missing
           billing, refunds
    🟠 not reporting
       35  SDK layer missing
           invoices, search, clicks, … 32 more

    ⚪ can't tell: carts
    Verified exactly: 60 of 2,000 functions.
    What to do about one of them: slsdiag check NAME

Through a pipe no line is broken or padded.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bot.scan.clusters import clusters_by_state
from bot.scan.headline import headline, state_of
from bot.scan.lines import named_cause, state_of_all, totals
from bot.scan.model import Cluster, Scan, Seen
from bot.text.states import State
from bot.text.visible import visible

NAMED = 5
NEXT = "What to do about one of them: slsdiag check NAME"
_COUNT = 5
_OPEN = (State.WAITING, State.CANNOT_TELL)
_STYLES = {State.DOWN: "bold red", State.BLIND: "bold"}


def show(
    scan: Scan, *, all_functions: bool = False, regions: Sequence[str] = (), prefix: str = ""
) -> None:
    """Print `scan` of these regions and this prefix on standard output."""
    if scan.seen or scan.unreadable:
        lines = _lines(scan, all_functions=all_functions)
    else:
        lines = _none(regions, prefix)
    sys.stdout.write(_drawn(lines, piped=not sys.stdout.isatty()))


def _drawn(lines: Iterator[tuple[str, Text]], *, piped: bool) -> str:
    console = Console(highlight=False, soft_wrap=piped)
    with console.capture() as drawn:
        for begin, line in lines:
            room = console.width - len(begin)
            broken = [line] if piped else line.wrap(console, max(room, 1))
            for number, part in enumerate(broken):
                part.rstrip()
                console.print(Text(" " * len(begin) if number else begin).append_text(part))
    return drawn.get()


def _none(regions: Sequence[str], prefix: str) -> Iterator[tuple[str, Text]]:
    """That no function was there to be checked, and where that is so."""
    named = f" whose names begin with {prefix}" if prefix else ""
    yield "", Text(visible(f"There are no functions{named} in {', '.join(regions)}."))


def _lines(scan: Scan, *, all_functions: bool) -> Iterator[tuple[str, Text]]:
    """Each with what it begins with; where it is broken, the rest is indented as far."""
    yield "", Text(headline(scan))
    yield "", Text(" ")
    groups: dict[State, list[Cluster]] = defaultdict(list)
    for cluster in clusters_by_state(scan.seen):
        groups[state_of_all(cluster)].append(cluster)
    names = _Names(scan, None if all_functions else NAMED)
    for state in filter(groups.get, State):
        yield "", Text(str(state), style=_STYLES.get(state, ""))
        for cluster in groups[state]:
            yield from _of(cluster, names, named=all_functions or cluster.is_news)
    if groups:
        yield "", Text(" ")
    yield from (("", Text(line)) for line in (*_open(scan, names), totals(scan)))
    if groups:
        yield "", Text(NEXT)
    for place in scan.unreadable:
        note = visible(f"Not read: {place.account} {place.region}: {place.why}")
        yield "", Text(note, style="yellow")


def _of(cluster: Cluster, names: _Names, *, named: bool) -> Iterator[tuple[str, Text]]:
    count = f"{len(cluster.functions):,}".rjust(_COUNT) + "  "
    yield count, Text(visible(named_cause(cluster)))
    if named:
        yield " " * len(count), Text(names(cluster.functions), style="dim")


def _open(scan: Scan, names: _Names) -> Iterator[str]:
    """Who could not be judged, or not yet."""
    for state in _OPEN:
        if functions := [seen for seen in scan.seen if state_of(seen) is state]:
            yield f"{state}: {names(functions)}"


class _Names:
    """Of functions; with their place where a scan covers more than one."""

    def __init__(self, scan: Scan, most: int | None) -> None:
        self._most = most
        self._accounts = len({function.account for function in scan.seen})
        self._regions = len({function.region for function in scan.seen})

    def __call__(self, functions: Sequence[Seen]) -> str:
        shown = functions[: self._most]
        left = len(functions) - len(shown)
        names = [visible(f"{function.name}{self._place(function)}") for function in shown]
        return ", ".join([*names, *([f"… {left:,} more"] if left else [])])

    def _place(self, seen: Seen) -> str:
        if self._accounts > 1:
            return f" ({seen.region} of {seen.account})"
        return f" ({seen.region})" if self._regions > 1 else ""
