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

from bot.scan.clusters import clusters
from bot.scan.headline import Standing, headline, standing_of
from bot.scan.lines import named_cause, standing, totals
from bot.scan.model import Cluster, Scan, Seen
from bot.text.visible import visible

NAMED = 5
NEXT = "What to do about one of them: slsdiag check NAME"
_COUNT = 5
_OPEN = (Standing.WAITING, Standing.CANNOT_TELL)
_STYLES = {Standing.DOWN: "bold red", Standing.BLIND: "bold"}


def show(scan: Scan, *, all_functions: bool = False) -> None:
    """Print `scan` on standard output."""
    piped = not sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=piped)
    with console.capture() as drawn:
        for begin, line in _lines(scan, all_functions=all_functions):
            room = console.width - len(begin)
            broken = [line] if piped else line.wrap(console, max(room, 1))
            for number, part in enumerate(broken):
                part.rstrip()
                console.print(Text(" " * len(begin) if number else begin).append_text(part))
    sys.stdout.write(drawn.get())


def _lines(scan: Scan, *, all_functions: bool) -> Iterator[tuple[str, Text]]:
    """Each with what it begins with; where it is broken, the rest is indented as far."""
    yield "", Text(headline(scan))
    yield "", Text(" ")
    groups: dict[Standing, list[Cluster]] = defaultdict(list)
    for each in clusters(scan.seen):
        groups[standing(each)].append(each)
    names = _Names(scan, None if all_functions else NAMED)
    for group in filter(groups.get, Standing):
        yield "", Text(" ".join(group.value), style=_STYLES.get(group, ""))
        for cluster in groups[group]:
            yield from _of(cluster, names, named=all_functions or cluster.news)
    if groups:
        yield "", Text(" ")
    yield from (("", Text(line)) for line in (*_open(scan, names), totals(scan)))
    if groups:
        yield "", Text(NEXT)
    for place in scan.unreadable:
        unread = visible(f"Not read: {place.account} {place.region}: {place.why}")
        yield "", Text(unread, style="yellow")


def _of(cluster: Cluster, names: _Names, *, named: bool) -> Iterator[tuple[str, Text]]:
    count = f"{len(cluster.functions):,}".rjust(_COUNT) + "  "
    yield count, Text(visible(named_cause(cluster)))
    if named:
        yield " " * len(count), Text(names(cluster.functions), style="dim")


def _open(scan: Scan, names: _Names) -> Iterator[str]:
    """Who could not be judged, or not yet."""
    for each in _OPEN:
        found = [seen for seen in scan.seen if standing_of(seen) is each]
        if found:
            yield f"{' '.join(each.value)}: {names(found)}"


class _Names:
    """Of functions; with their place where a scan covers more than one."""

    def __init__(self, scan: Scan, most: int | None) -> None:
        self._most = most
        self._accounts = len({each.account for each in scan.seen})
        self._regions = len({each.region for each in scan.seen})

    def __call__(self, functions: Sequence[Seen]) -> str:
        shown = functions[: self._most]
        left = len(functions) - len(shown)
        names = [visible(f"{each.name}{self._place(each)}") for each in shown]
        return ", ".join([*names, *([f"… {left:,} more"] if left else [])])

    def _place(self, seen: Seen) -> str:
        if self._accounts > 1:
            return f" ({seen.region} of {seen.account})"
        return f" ({seen.region})" if self._regions > 1 else ""
