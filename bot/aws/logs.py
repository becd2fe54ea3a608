"""CloudWatch Logs' answers → log group, filters, and the sample of the function's log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.operations import FILTERS, LOG_EVENTS, LOG_GROUPS
from bot.aws.refusals import code_of, or_missing
from checks.evidence import Filter, LogGroup, LogSample, Missing
from checks.log_sample import LogEvent, read_events

Lines = tuple[list[LogEvent], str | None] | None | Missing
"""Events, newest first, and where the search stopped early; None while there is no group."""

SDK_LINES = '?SERVERLESS_TELEMETRY ?"Serverless SDK" ?"SDK: "'
_EVENTS_A_PAGE = 200
_ENOUGH = 400
_PAGES = 10
_SECONDS = 8.0
_PEEK_PAGES = 3


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
            Filter(str(each["filterName"]), str(each.get("destinationArn") or ""))
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


def sdk_lines(
    account: Account, region: str, group: str, began: datetime
) -> tuple[list[LogEvent], str | None] | Missing | None:
    """The SDK's lines since `began`, newest first, and where the search stopped early."""
    return _found(account, region, group, began, pattern=SDK_LINES, pages=_PAGES)


def all_lines(
    account: Account, region: str, group: str, began: datetime
) -> tuple[list[LogEvent], str | None] | Missing | None:
    """Every line since `began`, newest first, a few pages at most."""
    return _found(account, region, group, began, pattern=None, pages=_PEEK_PAGES)


def _found(
    account: Account, region: str, group: str, began: datetime, *, pattern: str | None, pages: int
) -> tuple[list[LogEvent], str | None] | Missing | None:
    def ask() -> tuple[list[LogEvent], str | None] | None:
        try:
            return _search(account, region, group, began, pattern, pages)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise

    return or_missing(LOG_EVENTS, region, ask)


def _search(
    account: Account, region: str, group: str, began: datetime, pattern: str | None, pages: int
) -> tuple[list[LogEvent], str | None]:
    """Pages that are empty but have a token are no end; a token seen twice is."""
    stop_at = time.monotonic() + _SECONDS
    arguments: dict[str, Any] = {
        "logGroupName": group,
        "startTime": int(began.timestamp() * 1000),
        "limit": _EVENTS_A_PAGE,
        "startFromHead": False,
    } | ({"filterPattern": pattern} if pattern else {})
    events: list[LogEvent] = []
    tokens: set[str] = set()
    for page in range(1, pages + 1):
        answer = account.call(LOG_EVENTS, region, **arguments)
        events += _events(answer)
        token = answer.get("nextToken")
        if not token or token in tokens:
            return events, None
        if len(events) >= _ENOUGH or page == pages or time.monotonic() > stop_at:
            break
        tokens.add(token)
        arguments["nextToken"] = token
    return events, f"the newest {page} page{'s' if page > 1 else ''} of its log, not all of it"


def _events(answer: dict[str, Any]) -> Iterator[LogEvent]:
    for event in answer.get("events") or []:
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield LogEvent(str(event.get("message") or ""), at, event.get("logStreamName"))


def sample(
    found: tuple[list[LogEvent], str | None] | Missing | None,
    *,
    function: str,
    version: str | None,
    began: datetime,
) -> LogSample | Missing:
    """The lines that are the function's own; an absent group has none."""
    if isinstance(found, Missing):
        return found
    if found is None:
        return LogSample(searched_from=began)
    events, bound = found
    read = read_events(events, function=function, version=version)
    return LogSample(read.sightings, began, bound)
