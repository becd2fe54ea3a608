"""
Log events → LogSample: the rung that the SDK reached, the payloads, how invocations ended.

A sample keeps sightings, never the text of a line. The rungs are in facts of the SDK: each was
run with Node 0.15.15 and Python 0.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from checks.log_line import Kind, LogEvent, Sighting, read_line
from checks.telemetry import Payload

__all__ = ["Kind", "LogEvent", "LogSample", "Rung", "Sighting", "read_events"]


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
_CUT_SHORT = frozenset({Kind.TIMED_OUT, Kind.CRASHED})
_RUNS = frozenset(
    {Kind.STARTED, Kind.FINISHED, Kind.TIMED_OUT, Kind.HANDLER_RAN, Kind.INVOCATION_STARTED}
)
_STREAM = re.compile(r"\d{4}/\d\d/\d\d/(?P<name>[\w-]*)\[(?P<version>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class LogSample:
    """What a part of a log tells. `sightings` are oldest first."""

    sightings: tuple[Sighting, ...] = ()
    searched_from: datetime | None = None
    bound: str | None = None
    """Where the search stopped early: "the newest 10 pages"."""

    def since(self, moment: datetime | None) -> LogSample:
        """Only what was logged at `moment` or later; lines without a time stay."""
        kept = (s for s in self.sightings if not (moment and s.at and s.at < moment))
        return replace(self, sightings=tuple(kept))

    def merged(self, other: LogSample) -> LogSample:
        """Both samples' sightings, each once, in order."""
        both = dict.fromkeys([*self.sightings, *other.sightings])
        ordered = sorted(both, key=lambda s: s.at.timestamp() if s.at else 0.0)
        return replace(self, sightings=tuple(ordered), bound=self.bound or other.bound)

    @property
    def rung(self) -> Rung:
        """The highest rung reached."""
        reached = [_RUNG_OF[s.kind] for s in self.sightings if s.kind in _RUNG_OF]
        return max(reached, key=_RUNGS.index, default=Rung.NOTHING)

    @property
    def payloads(self) -> tuple[Payload, ...]:
        """The payloads that could be read, oldest first."""
        return tuple(s.payload for s in self.sightings if s.payload)

    @property
    def undecodable(self) -> int:
        """Telemetry lines that could not be read."""
        return self._count(Kind.UNDECODABLE)

    @property
    def org_id_missing(self) -> bool:
        """The SDK's own warning is there."""
        return self._count(Kind.ORG_ID_MISSING) > 0

    @property
    def handler_ran(self) -> bool:
        """A line of the handler's own is there."""
        return self._count(Kind.HANDLER_RAN) > 0

    @property
    def last_payload_at(self) -> datetime | None:
        """When the newest telemetry line was logged, readable or not."""
        wanted = {Kind.TELEMETRY, Kind.UNDECODABLE}
        return max((s.at for s in self.sightings if s.kind in wanted and s.at), default=None)

    @property
    def invoked(self) -> bool:
        """Whether any line shows an invocation."""
        return bool(self.payloads) or any(s.kind in _RUNS for s in self.sightings)

    @property
    def finished(self) -> int:
        """Invocations that ran to their end."""
        return len(self._requests(Kind.FINISHED) - self._cut())

    @property
    def timed_out(self) -> int:
        """Invocations that ran into the function's timeout."""
        return len(self._requests(Kind.TIMED_OUT))

    @property
    def crashed(self) -> int:
        """Invocations, or starts of a container, that crashed."""
        return len(self._requests(Kind.CRASHED) - self._requests(Kind.TIMED_OUT))

    @property
    def cut_short_only(self) -> bool:
        """Something was cut short, and nothing ran to its end without a payload."""
        with_payload = {payload.request_id for payload in self.payloads}
        bare = self._requests(Kind.FINISHED) - self._cut() - with_payload
        return bool(self._cut()) and not bare

    def _count(self, kind: Kind) -> int:
        return sum(s.kind is kind for s in self.sightings)

    def _cut(self) -> set[str | int]:
        return self._requests(Kind.TIMED_OUT) | self._requests(Kind.CRASHED)

    def _requests(self, kind: Kind) -> set[str | int]:
        """Distinct request ids of that kind; a line without one counts by its place."""
        found = enumerate(self.sightings)
        return {s.request_id or place for place, s in found if s.kind is kind}


def read_events(
    events: Iterable[LogEvent], *, function: str | None = None, version: str | None = None
) -> LogSample:
    """
    The sample of those events that are `function`'s (and that `version`'s, where given).

    A log group may be shared: the stream's name tells whose line it is (with a custom group it
    holds the function's name), and a payload names its function itself.
    """
    found = []
    for event in events:
        if not _is_of(event.stream, function, version):
            continue
        sighting = read_line(event)
        if sighting is None or _is_anothers(sighting, function):
            continue
        stream = _STREAM.match(event.stream or "")
        if stream:
            sighting = replace(sighting, version=stream["version"])
        found.append(sighting)
    found.sort(key=lambda s: s.at.timestamp() if s.at else 0.0)
    return LogSample(tuple(found))


def _is_of(stream: str | None, function: str | None, version: str | None) -> bool:
    match = _STREAM.match(stream or "")
    if not match:
        return True
    if function and match["name"] and match["name"] != function:
        return False
    return not version or match["version"] == version


def _is_anothers(sighting: Sighting, function: str | None) -> bool:
    named = sighting.payload.service if sighting.payload else ""
    return bool(function and named and named != function)
