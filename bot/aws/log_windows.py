"""Where to look further in a log, where the first look did not tell enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.aws.configuration import Configuration
from bot.aws.logs import Window
from checks.evidence import Invocations, LogSample, Missing
from checks.timeline import last_invoked

METRICS_LAG = timedelta(minutes=15)
_LONGEST_RUN = timedelta(minutes=20)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def further(
    had: Configuration,
    now: datetime,
    began: datetime,
    invoked: Invocations | Missing,
    sample: LogSample,
) -> Iterator[Window]:
    """Beyond the SDK's lines since `began`, which `sample` was read from."""
    group, changed = had.log_group, had.function.modified_at
    last = None if isinstance(invoked, Missing) else last_invoked(invoked)
    if last and last < began - _HOUR:
        then = Window(group, last - _MINUTE, last + _HOUR + _LONGEST_RUN)
        yield then
        yield replace(then, pattern=None)
    elif not _tells(sample, changed, last):
        lately = now - METRICS_LAG
        around = min(last - _MINUTE, lately) if last else lately
        yield Window(group, max(changed, around, began), pattern=None)
    if sample.bound and not sample.sightings:
        for day in dict.fromkeys(f"{at:%Y/%m/%d}" for at in _days(last or now)):
            yield Window(group, began, streams=f"{day}/{_own_streams(had)}")


def _tells(sample: LogSample, changed: datetime, last: datetime | None) -> bool:
    """A payload since the last change, and none but it since the last invocation."""
    seen = sample.since(changed).last_payload_at
    return bool(seen and (last is None or seen >= last))


def _days(last: datetime) -> tuple[datetime, datetime]:
    """A stream is named after the day on which its container began."""
    return last, last - timedelta(days=1)


def _own_streams(had: Configuration) -> str:
    """In a group of its own a stream is named after the version, else also the function."""
    function = had.function
    name = "" if had.log_group == f"/aws/lambda/{function.name}" else function.name
    return f"{name}[{function.version}]" if function.qualifier else f"{name}["
