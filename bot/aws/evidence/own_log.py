"""
The function's own log: its group, the filters on it, and a sample around the last invocations.

First the SDK's and the platform's lines of two weeks are read. More is read only where these do not
suffice: around an invocation that is older than that; every line, where no end of an invocation was
seen since the last change or since the last invocation; the SDK's lines alone, where all that was
read holds no payload; the function's own streams, where other functions or versions filled all that
was read.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.client import Account, Pages
from bot.aws.errors import code_of, or_missing
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.log_sample import Lines, Reader, Window, events, further, merged
from bot.aws.evidence.metrics import forwarding
from bot.aws.evidence.request import FunctionRequest
from bot.aws.evidence.subscriptions import Subscriptions, subscriptions
from bot.aws.operations import FILTERS, LOG_EVENTS, LOG_GROUPS
from bot.aws.parallel import Wave
from bot.aws.texts import identifier, plain
from checks.evidence import Filter, Forwarding, Invocations, LogGroup, LogSample, Missing
from checks.evidence.function import FILTER_NAME, our_filter
from checks.log.sample import LogEvent

LOG_READ_BACK = timedelta(days=14)
_ENOUGH = 400
_SECONDS = 8.0
_PAGES, _PEEK_PAGES = 10, 3

Filters = tuple[Filter, ...] | Missing | None


@dataclass(frozen=True, slots=True)
class OwnLog:
    """What was read of the function's own log group."""

    group: LogGroup | Missing | None
    filters: tuple[Filter, ...] | Missing
    sample: LogSample | Missing
    forwarding: Forwarding | Missing | None = None
    account_filters: tuple[Filter, ...] | Missing | None = None
    most_filters: int | Missing | None = None


@dataclass(frozen=True, slots=True)
class FirstReads:
    """The calls that need no more than the function's name, under way."""

    group: str
    began: datetime
    filters: Future[Filters]
    lines: Future[Lines | Missing | None]
    forwarding: Future[Forwarding | Missing]


def first_reads(wave: Wave, request: FunctionRequest, group: str) -> FirstReads:
    """Begin to read filters and the SDK's lines."""
    began = request.now - LOG_READ_BACK
    account, region = request.account, request.region
    lines = wave.ask("log", _lines, account, region, Window(group, began))
    return FirstReads(
        group,
        began,
        wave.ask("filters", _filters, account, region, group),
        lines,
        wave.ask("what was forwarded", _forwarded, request, group),
    )


def own_log(
    wave: Wave,
    request: FunctionRequest,
    configured: Configuration,
    invoked: Invocations | Missing,
    first: FirstReads,
) -> OwnLog:
    """A custom group is read instead, and more where the first lines do not suffice."""
    if configured.log_group != first.group:
        first = first_reads(wave, request, configured.log_group)
    filters = wave.get(first.filters)
    log_group = wave.ask("log group", _group, request, configured.log_group, filters)
    others = _others(wave, request, configured.log_group, filters)
    sample = _sample(wave, request, configured, invoked, first)
    subscribed = _subscribed(wave, filters, others)
    return OwnLog(
        wave.get(log_group),
        subscribed.filters,
        sample,
        _forwarding(wave, request, first, filters),
        subscribed.of_account,
        subscribed.most,
    )


def _sample(
    wave: Wave,
    request: FunctionRequest,
    configured: Configuration,
    invoked: Invocations | Missing,
    first: FirstReads,
) -> LogSample | Missing:
    reader = Reader(request, configured)
    sample = reader.read(wave.get(first.lines), first.began)
    if isinstance(sample, Missing):
        return sample
    windows = list(further(configured, request.now, first.began, invoked, sample))
    place = request.account, request.region
    more = [wave.ask("log", _lines, *place, window) for window in windows]
    whole: LogSample | Missing = sample
    for window, future in zip(windows, more, strict=True):
        whole = merged(whole, reader.read(wave.get(future), window.began))
    return whole


def _others(
    wave: Wave, request: FunctionRequest, group: str, filters: Filters
) -> Future[Subscriptions] | None:
    """Who else takes the lines matters only where no filter of ours does."""
    if filters is None or isinstance(filters, Missing) or our_filter(filters):
        return None
    return wave.ask("other filters", subscriptions, wave, request, group, filters)


def _subscribed(
    wave: Wave, filters: Filters, others: Future[Subscriptions] | None
) -> Subscriptions:
    own: tuple[Filter, ...] | Missing = () if filters is None else filters
    if others is None:
        return Subscriptions(own)
    read = wave.get(others)
    return Subscriptions(own, read, read) if isinstance(read, Missing) else read


def _forwarding(
    wave: Wave, request: FunctionRequest, first: FirstReads, filters: Filters
) -> Forwarding | Missing | None:
    """What the first call counted is of the filter that Dashboard itself makes."""
    ours = our_filter(filters) if isinstance(filters, tuple) else None
    if ours is None or ours.name == FILTER_NAME:
        return wave.get(first.forwarding)
    return _forwarded(request, first.group, ours.name)


def _forwarded(
    request: FunctionRequest, group: str, filter_name: str = FILTER_NAME
) -> Forwarding | Missing:
    if group == request.default_group and filter_name == FILTER_NAME:
        return request.together.forwarding(request.name)
    read = forwarding(request.account, request.region, [group], request.now, filter_name)
    return read if isinstance(read, Missing) else read[group]


def _group(request: FunctionRequest, group: str, filters: Filters) -> LogGroup | Missing | None:
    """Its class matters, and is read, only where no filter of ours is there."""
    if filters is None:
        return None
    if not isinstance(filters, Missing) and our_filter(filters):
        return LogGroup(group)
    log_group = _log_group(request.account, request.region, group)
    if isinstance(log_group, Missing) and not isinstance(filters, Missing):
        return LogGroup(group)
    return log_group


def _filters(account: Account, region: str, group: str) -> tuple[Filter, ...] | Missing | None:
    """The group's subscription filters; None while the group does not exist."""

    def read() -> tuple[Filter, ...] | None:
        try:
            pages = Pages(account, region, FILTERS, _PAGES, logGroupName=group).all()
            listed = [
                filter_ for page in pages for filter_ in page.get("subscriptionFilters") or []
            ]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        return tuple(map(_filter, listed))

    return or_missing(FILTERS, region, read)


def _filter(described: dict[str, Any]) -> Filter:
    made = described.get("creationTime")
    return Filter(
        plain(described["filterName"]),
        identifier(described.get("destinationArn") or ""),
        plain(described.get("filterPattern") or ""),
        datetime.fromtimestamp(made / 1000, UTC) if made else None,
    )


def _log_group(account: Account, region: str, name: str) -> LogGroup | Missing | None:
    """The group with its class; None where it does not exist."""

    def read() -> LogGroup | None:
        for page in Pages(account, region, LOG_GROUPS, _PAGES, logGroupNamePrefix=name).all():
            for group in page.get("logGroups") or []:
                if group["logGroupName"] == name:
                    return LogGroup(name, str(group.get("logGroupClass") or "STANDARD"))
        return None

    return or_missing(LOG_GROUPS, region, read)


def _lines(account: Account, region: str, window: Window) -> Lines | Missing | None:
    """The lines in `window`; None while the group does not exist."""

    def read() -> Lines | None:
        try:
            return _search(account, region, window)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise

    return or_missing(LOG_EVENTS, region, read)


def _search(account: Account, region: str, window: Window) -> Lines:
    """Until there are enough, or some and it takes too long: a search may begin with empty pages."""
    stop_at = time.monotonic() + _SECONDS
    most = _PAGES if window.pattern else _PEEK_PAGES
    pages = Pages(account, region, LOG_EVENTS, most, **window.arguments)
    lines: list[LogEvent] = []
    count = 0
    for count, page in enumerate(pages, 1):  # noqa: B007 - how many there were is said below
        lines += events(page)
        if len(lines) >= _ENOUGH or (lines and time.monotonic() > stop_at):
            break
    if pages.complete:
        return Lines(tuple(lines))
    bound = f"the newest {count} page{'s' if count > 1 else ''} of its log, not all of it"
    return Lines(tuple(lines), bound)
