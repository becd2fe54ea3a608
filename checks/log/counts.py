"""
How invocations ended, by the log's own lines and CloudWatch's sums: counted in one place.

An invocation *reported* when its payload was logged, ended *bare* when it ran to its end without
one, and was *cut short* by its timeout, for lack of memory or by a crash: then it had no chance to
report. Anybody can print a line that looks like a payload, so where the log shows the platform's
own lines a payload counts only beside a line of its invocation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from checks.facts.limits import LONGEST_RUN
from checks.log.line import Kind, LogLine

ENOUGH_BARE = 3
OVER = timedelta(minutes=1)
"""Payloads have stopped after so many bare ends, spread over so long."""
ONE_IN = 10
"""The share of bare ends from which payloads and bare ends are mixed."""

_LATE = timedelta(seconds=1)
"""A payload is logged before its invocation ends; the clocks of both lines differ a little."""

_PAYLOADS = frozenset({Kind.TELEMETRY, Kind.UNDECODABLE})
_PLATFORM = frozenset(
    {
        Kind.STARTED,
        Kind.FINISHED,
        Kind.TIMED_OUT,
        Kind.OUT_OF_MEMORY,
        Kind.CRASHED,
        Kind.CANNOT_START,
    }
)


class End(StrEnum):
    """How an invocation ended, as far as the log shows; the first that applies."""

    REPORTED = "reported"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    BARE = "bare"
    NOT_SEEN = "not_seen"
    """It runs still, or the platform does not log ends."""


_CUT_SHORT = {
    Kind.TIMED_OUT: End.TIMED_OUT,
    Kind.OUT_OF_MEMORY: End.OUT_OF_MEMORY,
    Kind.CRASHED: End.CRASHED,
    Kind.CANNOT_START: End.CRASHED,
}


@dataclass(frozen=True, slots=True)
class LoggedInvocation:
    """One invocation. Times are None where the log has none."""

    end: End
    began: datetime | None
    """Its first line."""
    at: datetime | None
    """Its payload, or its last line."""
    place: int
    """Where that line stands in the log, oldest first."""
    ran_to_its_end: bool = False
    """By the platform's word, with or without a payload."""


@dataclass(frozen=True, slots=True)
class InvocationCounts:
    """The invocations of a part of a log, by their last line, oldest first."""

    invocations: tuple[LoggedInvocation, ...] = ()

    def since(self, moment: datetime | None) -> InvocationCounts:
        """A payload counts by its own time; a bare end only if it began at `moment` or later."""
        if moment is None:
            return self
        later = (invocation for invocation in self.invocations if not _before(invocation, moment))
        return InvocationCounts(tuple(later))

    @property
    def reported(self) -> int:
        """Invocations with a payload, readable or not."""
        return self.count(End.REPORTED)

    @property
    def bare(self) -> int:
        """Invocations that ran to their end without one."""
        return self.count(End.BARE)

    @property
    def finished(self) -> int:
        """Invocations that ran to their end, with or without a payload."""
        return sum(invocation.ran_to_its_end for invocation in self.invocations)

    @property
    def cut_short(self) -> int:
        """Invocations that the timeout, the memory or a crash ended, without a payload."""
        return sum(self.count(end) for end in set(_CUT_SHORT.values()))

    @property
    def ended(self) -> int:
        """Invocations whose end was seen."""
        return self.reported + self.bare + self.cut_short

    @property
    def last_reported(self) -> LoggedInvocation | None:
        """The newest that reported."""
        return next((e for e in reversed(self.invocations) if e.end is End.REPORTED), None)

    @property
    def newer_bare(self) -> tuple[LoggedInvocation, ...]:
        """Bare ends after the last payload."""
        last = self.last_reported
        after = last.place if last else -1
        return tuple(e for e in self._of(End.BARE) if e.place > after)

    @property
    def stopped(self) -> bool:
        """Payloads came, and then enough invocations ended bare, over at least a minute."""
        newer = self.newer_bare
        if self.last_reported is None or len(newer) < ENOUGH_BARE:
            return False
        first, last = newer[0].at, newer[-1].at
        return first is None or last is None or last - first >= OVER

    @property
    def among_payloads(self) -> tuple[int, int]:
        """Bare ends between the first and the last payload, and payloads."""
        places = [invocation.place for invocation in self._of(End.REPORTED)]
        if not places:
            return 0, 0
        between = (e for e in self._of(End.BARE) if places[0] < e.place < places[-1])
        return sum(1 for _ in between), len(places)

    @property
    def mixed(self) -> bool:
        """Some invocations report and others, in the same time, do not."""
        bare, reported = self.among_payloads
        return bare >= ENOUGH_BARE and bare * ONE_IN >= bare + reported

    def unended(self, now: datetime) -> int:
        """Invocations whose end no line shows, though it must be over by `now`."""
        return sum(
            invocation.at is not None and now - invocation.at > LONGEST_RUN.value
            for invocation in self._of(End.NOT_SEEN)
        )

    def count(self, end: End) -> int:
        """How many ended so."""
        return len(self._of(end))

    def _of(self, end: End) -> tuple[LoggedInvocation, ...]:
        return tuple(invocation for invocation in self.invocations if invocation.end is end)


def count(sightings: Sequence[LogLine]) -> InvocationCounts:
    """The invocations that these lines, oldest first, describe."""
    lines: dict[str | int, list[tuple[int, LogLine]]] = {}
    for place, sighting in enumerate(sightings):
        if sighting.kind in _PLATFORM | _PAYLOADS or sighting.kind is Kind.HANDLER_RAN:
            lines.setdefault(sighting.request_id or place, []).append((place, sighting))
    quoted = set(_quoted(sightings))
    named = any(isinstance(request, str) for request in lines)
    invocations = [
        _invocation(own)
        for request, every in lines.items()
        if (own := [line for line in every if line[0] not in quoted])
        and not (named and isinstance(request, int) and own[0][1].kind not in _PAYLOADS)
    ]
    return InvocationCounts(tuple(sorted(invocations, key=lambda invocation: invocation.place)))


def believed(sightings: Sequence[LogLine]) -> Iterator[LogLine]:
    """All but the payloads that are no evidence."""
    quoted = set(_quoted(sightings))
    return (line for place, line in enumerate(sightings) if place not in quoted)


def _quoted(sightings: Sequence[LogLine]) -> Iterator[int]:
    """
    Places of payloads that do not belong to an invocation that the platform logged.

    Those that are older than the platform's first line stay: their invocation's may not have
    been read.
    """
    platform = [n for n, e in enumerate(sightings) if e.kind in _PLATFORM and e.request_id]
    last_line = {sightings[n].request_id: sightings[n].at for n in platform}
    for place, line in enumerate(sightings):
        if line.kind in _PAYLOADS and platform and place > platform[0]:
            over = last_line.get(line.request_id)
            late = bool(line.at and over and line.at - over > _LATE)
            if line.request_id not in last_line or late:
                yield place


def _invocation(lines: Sequence[tuple[int, LogLine]]) -> LoggedInvocation:
    kinds = {sighting.kind for _, sighting in lines}
    payloads = [line for line in lines if line[1].kind in _PAYLOADS]
    end = End.REPORTED if payloads else _end(kinds)
    place, last = (payloads or lines)[-1]
    whole = Kind.FINISHED in kinds and not kinds & set(_CUT_SHORT)
    return LoggedInvocation(end, lines[0][1].at, last.at, place, whole)


def _end(kinds: set[Kind]) -> End:
    cut = next((end for kind, end in _CUT_SHORT.items() if kind in kinds), None)
    return cut or (End.BARE if Kind.FINISHED in kinds else End.NOT_SEEN)


def _before(invocation: LoggedInvocation, moment: datetime) -> bool:
    at = invocation.at if invocation.end is End.REPORTED else invocation.began
    return at is not None and at < moment
