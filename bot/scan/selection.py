"""
Which functions of a scan are checked exactly, and in which order. Pure.

The suspicious ones always, and of each place as many others as AWS's rates let through in half a
minute: a small fleet is checked whole. Of a larger one those have their turn in the scans that
follow; where a turn begins is taken from the time, so that nothing has to be remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.aws.operations import FILTERS
from bot.scan.model import MOST_EXACT, ProblemClass, Seen

WITHIN = 30.0
"""Seconds."""
_STEP = 0.6383781261094081
"""
Of the circle, a minute. Found by search: at every usual interval between scans, of five minutes to a
week, each function has its turn within four times as many scans as one that remembers would take.
"""

Key = tuple[int, str]
"""The number of a place, and a function's name."""


def room(share: float) -> int:
    """Functions of one place that can be checked `WITHIN`: each needs one call for its filters."""
    return int((FILTERS.rate or 0) * share * WITHIN)


def duration_of(chosen: Sequence[tuple[int, Seen]], share: float) -> float:
    """Seconds in which AWS's rates allow to check these: those of the largest place decide."""
    rate = (FILTERS.rate or 0) * share
    most = max(Counter(number for number, _ in chosen).values(), default=0)
    return most / rate if rate else 0.0


def time_left(seconds: float, checked: int, of: int) -> timedelta:
    """What is left of `duration_of` all, after so many of them."""
    return timedelta(seconds=seconds * (1 - min(checked, of) / of)) if of else timedelta(0)


def to_verify(
    seen: Mapping[Key, Seen], most: int, now: datetime
) -> tuple[list[tuple[int, Seen]], int]:
    """
    The functions to check exactly, each with its place, and how many suspicious are left out.

    `most` of each place, or all that are suspicious; `MOST_EXACT` in all. One of each place after
    the other, so that no quota stands idle while another is full.
    """
    by_place: dict[int, list[Seen]] = {}
    for (number, _), function in seen.items():
        by_place.setdefault(number, []).append(function)
    queues = {number: iter(_of_place(by_place[number], most, now)) for number in sorted(by_place)}
    chosen = list(_in_turn(queues))
    if len(chosen) > MOST_EXACT:
        chosen.sort(key=lambda item: _rank(item[1]))
    suspicious = sum(function.suspicious for function in seen.values())
    chosen = chosen[:MOST_EXACT]
    return chosen, suspicious - sum(function.suspicious for _, function in chosen)


def _in_turn(queues: dict[int, Iterator[Seen]]) -> Iterator[tuple[int, Seen]]:
    while queues:
        for number in list(queues):
            if function := next(queues[number], None):
                yield number, function
            else:
                del queues[number]


def _of_place(seen: Sequence[Seen], most: int, now: datetime) -> list[Seen]:
    open_ = sorted(
        (function for function in seen if not function.exact), key=lambda s: (-s.invoked, s.name)
    )
    groups: dict[int, list[Seen]] = {}
    for function in open_:
        groups.setdefault(_rank(function), []).append(function)
    chosen: list[Seen] = []
    for rank in sorted(groups):
        if groups[rank][0].suspicious:
            chosen += groups[rank]
        elif most > len(chosen):
            chosen += _turn(groups[rank], most - len(chosen), now)
    return chosen


def _rank(seen: Seen) -> int:
    """Down, blind, doubtful; then what is not instrumented (why not?), then the rest."""
    if seen.is_news:
        return 0 if seen.kind is ProblemClass.DOWN else 1
    if seen.suspicious:
        return 2
    return 3 if seen.kind is ProblemClass.NOT_INSTRUMENTED else 4


def _turn(group: Sequence[Seen], places: int, now: datetime) -> Sequence[Seen]:
    """All of them, or so many whose turn it is."""
    if len(group) <= places:
        return group
    ordered = sorted(group, key=lambda function: function.name)
    start = int(now.timestamp() // 60 * _STEP % 1 * len(ordered))
    return [*ordered[start:], *ordered[:start]][:places]
