"""CloudWatch Logs' answers → log group, filters, and lines of the function's log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.operations import FILTERS, LOG_EVENTS, LOG_GROUPS
from bot.aws.refusals import code_of, or_missing
from bot.aws.texts import plain
from checks.evidence import Filter, LogGroup, Missing
from checks.log_sample import LogEvent

SDK_LINES = '?SERVERLESS_TELEMETRY ?"Serverless SDK" ?"SDK: "'
_EVENTS_A_PAGE = 200
_ENOUGH = 400
_SECONDS = 8.0
_PAGES, _PEEK_PAGES = 10, 3


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a log to look at: newest first, from `began` on."""

    group: str
    began: datetime
    ended: datetime | None = None
    streams: str | None = None
    """Only streams whose names begin so."""
    pattern: str | None = SDK_LINES
    """None: every line, and then a few pages only."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Events, newest first, and where the search stopped early."""

    events: tuple[LogEvent, ...]
    bound: str | None = None


def filters(account: Account, region: str, group: str) -> tuple[Filter, ...] | Missing | None:
    """The group's subscription filters; None while the group does not exist."""

    def ask() -> tuple[Filter, ...] | None:
        try:
            answer = account.call(FILTERS, region, logGroupName=group)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        return tuple(
            Filter(plain(each["filterName"]), plain(each.get("destinationArn") or ""))
            for each in answer.get("subscriptionFilters") or []
        )

    return or_missing(FILTERS, region, ask)


def log_group(account: Account, region: str, name: str) -> LogGroup | Missing | None:
    """The group with its class; None where it does not exist."""

    def ask() -> LogGroup | None:
        answer = account.call(LOG_GROUPS, region, logGroupNamePrefix=name)
        for group in answer.get("logGroups") or []:
            if group["logGroupName"] == name:
                return LogGroup(name, str(group.get("logGroupClass") or "STANDARD"))
        return None

    return or_missing(LOG_GROUPS, region, ask)


def lines(account: Account, region: str, window: Window) -> Lines | Missing | None:
    """The lines in `window`; None while the group does not exist."""

    def ask() -> Lines | None:
        try:
            return _search(account, region, window)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise

    return or_missing(LOG_EVENTS, region, ask)


def _search(account: Account, region: str, window: Window) -> Lines:
    """Pages that are empty but have a token are no end; a token seen twice is."""
    stop_at = time.monotonic() + _SECONDS
    arguments = _arguments(window)
    pages = _PAGES if window.pattern else _PEEK_PAGES
    events: list[LogEvent] = []
    tokens: set[str] = set()
    for page in range(1, pages + 1):
        answer = account.call(LOG_EVENTS, region, **arguments)
        events += _events(answer)
        token = answer.get("nextToken")
        if not token or token in tokens:
            return Lines(tuple(events))
        if len(events) >= _ENOUGH or page == pages or time.monotonic() > stop_at:
            break
        tokens.add(token)
        arguments["nextToken"] = token
    told = f"the newest {page} page{'s' if page > 1 else ''} of its log, not all of it"
    return Lines(tuple(events), told)


def _arguments(window: Window) -> dict[str, Any]:
    """Newest first needs a startTime (AWS)."""
    wanted = {
        "logGroupName": window.group,
        "startTime": _ms(window.began),
        "endTime": _ms(window.ended) if window.ended else None,
        "logStreamNamePrefix": window.streams,
        "filterPattern": window.pattern,
        "limit": _EVENTS_A_PAGE,
        "startFromHead": False,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _events(answer: dict[str, Any]) -> Iterator[LogEvent]:
    for event in answer.get("events") or []:
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield LogEvent(str(event.get("message") or ""), at, event.get("logStreamName"))
