"""
Log events → LogSample: the rung that the SDK reached, the payloads, how invocations ended.

A sample keeps what lines show, never their text. The rungs are in facts of the SDK: each was
run with Node 0.15.15 and Python 0.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from checks.log.counts import ENOUGH_BARE, End, InvocationCounts, believed, count
from checks.log.line import Kind, LogEvent, LogLine, read_line
from checks.log.telemetry import Budget, Payload

__all__ = ["Kind", "LogEvent", "LogLine", "LogSample", "Rung", "read_events"]


class Rung(StrEnum):
    """How far the SDK came, lowest first."""

    NOTHING = "nothing"
    ORG_ID_MISSING = "org_id_missing"
    WRAPPER_INITIALIZED = "wrapper_initialized"
    SETUP_FAILED = "setup_failed"
    SDK_INITIALIZED = "sdk_initialized"
    INVOCATION_STARTED = "invocation_started"
    TELEMETRY = "telemetry"


_RUNGS = list(Rung)
_RUNG_OF = {Kind(rung.value): rung for rung in _RUNGS if rung is not Rung.NOTHING} | {
    Kind.UNDECODABLE: Rung.TELEMETRY
}
_PAYLOADS = frozenset({Kind.TELEMETRY, Kind.UNDECODABLE})
_RUNS = frozenset(
    {Kind.STARTED, Kind.FINISHED, Kind.TIMED_OUT, Kind.HANDLER_RAN, Kind.INVOCATION_STARTED}
)
_ENDS = frozenset(
    {Kind.FINISHED, Kind.TIMED_OUT, Kind.OUT_OF_MEMORY, Kind.CRASHED, Kind.CANNOT_START}
)
_NAMELESS = frozenset({Kind.CRASHED, Kind.OUT_OF_MEMORY, Kind.CANNOT_START, Kind.UNDECODABLE})
"""Lines that may have no request id of their own."""
_STREAM = re.compile(r"\d{4}/\d\d/\d\d/(?P<name>[\w-]*)\[(?P<version>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class LogSample:
    """What a part of a log shows. `sightings`, as records have them, are its lines, oldest first."""

    sightings: tuple[LogLine, ...] = ()
    searched_from: datetime | None = None
    bound: str | None = None
    """Where the search stopped early: "the newest 10 pages"."""

    def since(self, moment: datetime | None) -> LogSample:
        """Only what was logged at `moment` or later; lines without a time stay."""
        later = (s for s in self.sightings if not (moment and s.at and s.at < moment))
        return replace(self, sightings=tuple(later))

    def since_payloads_stopped(self) -> LogSample:
        """What was logged after the last payload, where payloads have stopped; else all."""
        last = self.counts.last_reported
        if last is None or not self.counts.stopped:
            return self
        return replace(self, sightings=self.sightings[last.place + 1 :])

    def merged(self, other: LogSample) -> LogSample:
        """Both samples' sightings, each once, in order."""
        both = dict.fromkeys([*self.sightings, *other.sightings])
        named = {(line.kind, line.at, line.payload) for line in both if line.request_id}
        once = (e for e in both if e.request_id or (e.kind, e.at, e.payload) not in named)
        ordered = sorted(once, key=lambda s: s.at.timestamp() if s.at else 0.0)
        return replace(self, sightings=tuple(ordered), bound=self.bound or other.bound)

    @property
    def counts(self) -> InvocationCounts:
        """How the invocations ended."""
        return count(self.sightings)

    @property
    def too_short(self) -> bool:
        """
        Cut off before enough ends were read to tell what is usual.

        A payload among the lines that were not read would refute that there are none, and bare
        ends there would refute that all report.
        """
        return bool(self.bound) and self.counts.ended <= ENOUGH_BARE

    @property
    def rung(self) -> Rung:
        """The highest rung reached."""
        kinds = {line.kind for line in believed(self.sightings)}
        reached = [_RUNG_OF[kind] for kind in kinds if kind in _RUNG_OF]
        return max(reached, key=_RUNGS.index, default=Rung.NOTHING)

    @property
    def payloads(self) -> tuple[Payload, ...]:
        """The payloads that could be read and are evidence, oldest first."""
        return tuple(line.payload for line in believed(self.sightings) if line.payload)

    @property
    def undecodable(self) -> int:
        """Telemetry lines that could not be read."""
        return sum(line.kind is Kind.UNDECODABLE for line in believed(self.sightings))

    @property
    def org_id_missing(self) -> bool:
        """The SDK's own warning is there."""
        return self._has(Kind.ORG_ID_MISSING)

    @property
    def handler_ran(self) -> bool:
        """A line of the handler's own is there."""
        return self._has(Kind.HANDLER_RAN)

    @property
    def last_payload_at(self) -> datetime | None:
        """When the newest telemetry line was logged, readable or not."""
        return max(self.payload_times, default=None)

    @property
    def payload_times(self) -> tuple[datetime, ...]:
        """When each telemetry line was logged, oldest first."""
        payload_lines = (line for line in believed(self.sightings) if line.kind in _PAYLOADS)
        return tuple(line.at for line in payload_lines if line.at)

    @property
    def invoked(self) -> bool:
        """Whether any line shows an invocation."""
        return bool(self.payloads) or any(s.kind in _RUNS for s in self.sightings)

    @property
    def cannot_start(self) -> bool:
        """Lambda could not start the exec wrapper, and no invocation ran to its end."""
        return self._has(Kind.CANNOT_START) and not self.counts.finished

    @property
    def finished(self) -> int:
        """Invocations that ran to their end."""
        return self.counts.finished

    @property
    def timed_out(self) -> int:
        """Invocations that ran into the function's timeout, without a payload."""
        return self.counts.count(End.TIMED_OUT)

    @property
    def crashed(self) -> int:
        """Invocations, or starts of a container, that crashed or ran out of memory."""
        counts = self.counts
        return counts.count(End.CRASHED) + counts.count(End.OUT_OF_MEMORY)

    @property
    def cut_short_only(self) -> bool:
        """Something was cut short, and nothing ran to its end without a payload."""
        counts = self.counts
        return bool(counts.cut_short) and not counts.bare

    def _has(self, kind: Kind) -> bool:
        return any(line.kind is kind for line in self.sightings)


def read_events(
    events: Iterable[LogEvent],
    *,
    function: str | None = None,
    version: str | None = None,
    budget: Budget | None = None,
) -> LogSample:
    """
    The sample of those events that are `function`'s (and that `version`'s, where given).

    Payloads beyond `budget` are counted as lines that could not be read.

    A log group may be shared: the stream's name says whose line it is (with a custom group it
    holds the function's name), and a payload names its function itself.
    """
    budget = budget or Budget()
    own = [event for event in _oldest_first(events) if _is_of(event.stream, function, version)]
    sightings = []
    running: dict[str | None, set[str]] = {}
    for event, read in _newest_read_first(own, budget):
        if read and not _is_anothers(read, function):
            sighting = _with_version(read, event.stream)
            sightings.append(_placed(sighting, running.setdefault(event.stream, set())))
    return LogSample(tuple(sightings))


def _with_version(sighting: LogLine, stream: str | None) -> LogLine:
    match = _STREAM.match(stream or "")
    return replace(sighting, version=match["version"]) if match else sighting


def _newest_read_first(
    events: Sequence[LogEvent], budget: Budget
) -> list[tuple[LogEvent, LogLine | None]]:
    """What each shows, oldest first; the budget is spent on the newest payloads."""
    read = []
    for event in reversed(events):
        if budget.stopped():
            break
        read.append((event, read_line(event, budget)))
    read.reverse()
    return read


def _oldest_first(events: Iterable[LogEvent]) -> list[LogEvent]:
    """Those of one millisecond stay in the order of the log, which may come newest first."""
    ordered = list(events)
    times = [event.at for event in ordered if event.at]
    if times and times[0] > times[-1]:
        ordered.reverse()
    return sorted(ordered, key=lambda event: event.at.timestamp() if event.at else 0.0)


def _placed(sighting: LogLine, running: set[str]) -> LogLine:
    """
    A line without a request id is of the invocation that it stands in.

    `running` are those of its stream that have begun and not ended; among several it cannot
    be known.
    """
    request = sighting.request_id
    if request and sighting.kind is Kind.STARTED:
        running.add(request)
    elif request and sighting.kind in _ENDS:
        running.discard(request)
    elif request is None and sighting.kind in _NAMELESS and len(running) == 1:
        return replace(sighting, request_id=next(iter(running)))
    return sighting


def _is_of(stream: str | None, function: str | None, version: str | None) -> bool:
    match = _STREAM.match(stream or "")
    if not match:
        return True
    if function and match["name"] and match["name"] != function:
        return False
    return not version or match["version"] == version


def _is_anothers(sighting: LogLine, function: str | None) -> bool:
    named = sighting.payload.service if sighting.payload else ""
    return bool(function and named and named != function)
