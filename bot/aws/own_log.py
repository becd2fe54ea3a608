"""
The function's own log: its group, the filters on it, and a sample around the last invocations.

The first look is at the SDK's lines of two weeks. It is followed by others only where it did
not tell enough: around an invocation that is older than that; at every line, where no payload
came since the last change or since the last invocation; at the function's own streams, where
other functions or versions filled all that was read.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.aws import logs
from bot.aws.asked import Asked
from bot.aws.configuration import Configuration
from bot.aws.log_windows import further
from bot.aws.logs import Lines, Window
from bot.aws.waves import Wave
from checks.evidence import Filter, Invocations, LogGroup, LogSample, Missing
from checks.evidence.function import FILTER_NAME
from checks.log_sample import read_events

LOG_REACHES_BACK = timedelta(days=14)

Filters = tuple[Filter, ...] | Missing | None


@dataclass(frozen=True, slots=True)
class OwnLog:
    """What the function's own log group tells."""

    group: LogGroup | Missing | None
    filters: tuple[Filter, ...] | Missing
    sample: LogSample | Missing


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The calls that need no more than the function's name, under way."""

    group: str
    began: datetime
    filters: Future[Filters]
    lines: Future[Lines | Missing | None]


def first_look(wave: Wave, asked: Asked, group: str) -> FirstLook:
    """Begin to read filters and the SDK's lines."""
    began = asked.now - LOG_REACHES_BACK
    account, region = asked.account, asked.region
    return FirstLook(
        group,
        began,
        wave.ask("filters", lambda: logs.filters(account, region, group)),
        wave.ask("log", lambda: logs.lines(account, region, Window(group, began))),
    )


def own_log(
    wave: Wave,
    asked: Asked,
    had: Configuration,
    invoked: Invocations | Missing,
    look: FirstLook,
) -> OwnLog:
    """Asks a custom group anew, and further where the first look did not tell enough."""
    if had.log_group != look.group:
        look = first_look(wave, asked, had.log_group)
    filters = wave.get(look.filters)
    known = wave.ask("log group", lambda: _group(asked, had.log_group, filters))
    sample = _read(asked, had, wave.get(look.lines), look.began)
    if isinstance(sample, LogSample):
        windows = list(further(had, asked.now, look.began, invoked, sample))
        more = [wave.ask("log", partial(_lines, asked, window)) for window in windows]
        for window, future in zip(windows, more, strict=True):
            sample = _merged(sample, _read(asked, had, wave.get(future), window.began))
    return OwnLog(wave.get(known), () if filters is None else filters, sample)


def _lines(asked: Asked, window: Window) -> Lines | Missing | None:
    return logs.lines(asked.account, asked.region, window)


def _read(
    asked: Asked, had: Configuration, found: Lines | Missing | None, began: datetime
) -> LogSample | Missing:
    """The lines that are the function's own; an absent group has none."""
    if isinstance(found, Missing):
        return found
    if found is None:
        return LogSample(searched_from=began)
    version = had.function.version if asked.qualifier else None
    read = read_events(found.events, function=asked.name, version=version)
    return LogSample(read.sightings, began, found.bound)


def _merged(one: LogSample | Missing, other: LogSample | Missing) -> LogSample | Missing:
    """A part that could not be read makes the whole unread: what it hides might be a payload."""
    if isinstance(one, Missing):
        return one
    return other if isinstance(other, Missing) else one.merged(other)


def _group(asked: Asked, group: str, filters: Filters) -> LogGroup | Missing | None:
    """Its class matters, and is asked, only where our filter is not to be seen."""
    if filters is None:
        return None
    if not isinstance(filters, Missing) and any(f.name == FILTER_NAME for f in filters):
        return LogGroup(group)
    found = logs.log_group(asked.account, asked.region, group)
    if isinstance(found, Missing) and not isinstance(filters, Missing):
        return LogGroup(group)
    return found
