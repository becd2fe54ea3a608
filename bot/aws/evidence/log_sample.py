"""What was read of a function's log: which part of it, what its lines prove, where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.request import FunctionRequest
from bot.aws.parallel import over, raise_if_given_up
from bot.aws.texts import payload
from checks.evidence import Invocations, LogSample, Missing
from checks.log.counts import End
from checks.log.line import LogLine
from checks.log.sample import LogEvent, read_events
from checks.log.telemetry import Budget
from checks.timeline import last_invoked

SDK_LINES = '?SERVERLESS_TELEMETRY ?"Serverless SDK" ?"SDK: "'
TELLING_LINES = (
    f'{SDK_LINES} ?"RequestId: " ?"platform." ?"Task timed out after" ?"[ERROR] " '
    '?"Uncaught Exception" ?INIT_REPORT'
)
"""The SDK's lines, and the platform's that say how each invocation ended, in both log formats."""
METRICS_LAG = timedelta(minutes=15)
_EVENTS_A_PAGE = 200
_LONGEST_RUN = timedelta(minutes=20)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a log to look at: newest first, from `began` on."""

    group: str
    began: datetime
    ended: datetime | None = None
    streams: str | None = None
    """Only streams whose names begin so."""
    pattern: str | None = TELLING_LINES
    """None: every line, and then a few pages only."""

    @property
    def arguments(self) -> dict[str, Any]:
        """FilterLogEvents'. Newest first needs a startTime (AWS)."""
        wanted = {
            "logGroupName": self.group,
            "startTime": _ms(self.began),
            "endTime": _ms(self.ended) if self.ended else None,
            "logStreamNamePrefix": self.streams,
            "filterPattern": self.pattern,
            "limit": _EVENTS_A_PAGE,
            "startFromHead": False,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Lines:
    """Events, newest first, and where the search stopped early."""

    events: tuple[LogEvent, ...]
    bound: str | None = None


def events(answer: dict[str, Any]) -> Iterator[LogEvent]:
    """Of a page of FilterLogEvents."""
    for event in answer.get("events") or []:
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield LogEvent(str(event.get("message") or ""), at, event.get("logStreamName"))


class Reader:
    """Takes the lines that are the function's own; one bound for all that it unpacks."""

    def __init__(self, request: FunctionRequest, configured: Configuration) -> None:
        """Has read nothing yet."""
        self._function = request.name
        self._version = configured.function.version if request.qualifier else None
        self._budget = Budget(stopped=over)

    def read(self, lines: Lines | Missing | None, began: datetime) -> LogSample | Missing:
        """Of a search since `began`; an absent group has none."""
        if isinstance(lines, Missing):
            return lines
        if lines is None:
            return LogSample(searched_from=began)
        read = read_events(
            lines.events, function=self._function, version=self._version, budget=self._budget
        )
        raise_if_given_up()  # the budget may have stopped in the middle
        return LogSample(tuple(map(_safe, read.sightings)), began, lines.bound)


def _safe(sighting: LogLine) -> LogLine:
    """Without what no step reads, and what is read without secrets."""
    if sighting.payload is None:
        return sighting
    return replace(sighting, payload=payload(replace(sighting.payload, spans=(), events=())))


def merged(one: LogSample | Missing, other: LogSample | Missing) -> LogSample | Missing:
    """A part that could not be read makes the whole unread: what it hides might be a payload."""
    if isinstance(one, Missing):
        return one
    return other if isinstance(other, Missing) else one.merged(other)


def further(
    configured: Configuration,
    now: datetime,
    began: datetime,
    invoked: Invocations | Missing,
    sample: LogSample,
) -> Iterator[Window]:
    """What to read beyond the SDK's and platform's lines since `began`, which are in `sample`."""
    group, changed = configured.log_group, configured.function.modified_at
    last = None if isinstance(invoked, Missing) else last_invoked(invoked)
    if last and last < began - _HOUR:
        then = Window(group, last - _MINUTE, last + _HOUR + _LONGEST_RUN)
        yield then
        yield replace(then, pattern=None)
    elif not _conclusive(sample, changed, last):
        lately = now - METRICS_LAG
        around = min(last - _MINUTE, lately) if last else lately
        yield Window(group, max(changed, around, began), pattern=None)
    if sample.bound and sample.sightings and not sample.counts.reported:
        yield Window(group, began, pattern=SDK_LINES)
    if sample.bound and not sample.sightings:
        for day in dict.fromkeys(f"{at:%Y/%m/%d}" for at in _days(last or now)):
            yield Window(group, began, streams=f"{day}/{_own_streams(configured)}")


def _conclusive(sample: LogSample, changed: datetime, last: datetime | None) -> bool:
    """Whether it shows how an invocation since the last change ended, and no newer one is known."""
    ends = sample.counts.since(changed).invocations
    newest = max((e.at for e in ends if e.at and e.end is not End.NOT_SEEN), default=None)
    return bool(newest and (last is None or newest >= last))


def _days(last: datetime) -> tuple[datetime, datetime]:
    """A stream is named after the day on which its container began."""
    return last, last - timedelta(days=1)


def _own_streams(configured: Configuration) -> str:
    """In a group of its own a stream is named after the version, else also the function."""
    function = configured.function
    name = "" if configured.log_group == f"/aws/lambda/{function.name}" else function.name
    return f"{name}[{function.version}]" if function.qualifier else f"{name}["
