"""
A message of the queue → a change, or why it is none. Pure but for what the AWS door takes apart.

EventBridge sends three kinds: calls that CloudTrail recorded, states of Lambda functions, and
states of stacks. Nothing in a message is trusted: what is read of it is only which functions to
check, and their state is read anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.aws.trail.event import TrailEvent
from bot.aws.trail.reading import event_of
from bot.watch.model import Change, Source
from checks.change import Changed, who

CALLS = "AWS API Call via CloudTrail"
STACKS = "CloudFormation Stack Status Change"
CHANGES = {
    "lambda": (
        "UpdateFunctionConfiguration",
        "UpdateFunctionCode",
        "CreateFunction",
        "DeleteFunction",
        "PublishVersion",
        "UpdateAlias",
        "CreateAlias",
    ),
    "logs": ("PutSubscriptionFilter", "DeleteSubscriptionFilter", "DeleteLogGroup"),
}
"""Calls that may change whether a function reports, by service."""
_GROUP = "/aws/lambda/"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,140}")
_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:(?P<name>[A-Za-z0-9_-]{1,140})")
_STACK = re.compile(r"arn:[\w-]+:cloudformation:[\w-]+:\d{12}:stack/(?P<name>[A-Za-z0-9-]{1,128})/")
_ACCOUNT, _ID = re.compile(r"\d{12}"), re.compile(r"[0-9A-Za-z-]{1,64}")
_NAMED = ("functionName", "function-name")


class Dropped(StrEnum):
    """Why an event leads to nothing."""

    UNREADABLE = "unreadable"
    FAILED = "failed"
    """The call changed nothing."""
    OTHER = "other"
    """It is about something else."""


def change_in(text: str) -> Change | Dropped:
    """What a message says; UNREADABLE for what is no event of EventBridge."""
    try:
        envelope = json.loads(text)
        return _change(envelope)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Dropped.UNREADABLE


def _change(envelope: Mapping[str, Any]) -> Change | Dropped:
    kind, detail = str(envelope["detail-type"]), envelope["detail"]
    if kind == CALLS:
        event = event_of(detail, users=False)
        return Dropped.UNREADABLE if event is None else of_call(event, Source.CALL)
    id_, account, region = (str(envelope[key]) for key in ("id", "account", "region"))
    if not (_ID.fullmatch(id_) and _ACCOUNT.fullmatch(account)):
        return Dropped.UNREADABLE
    at = datetime.fromisoformat(str(envelope["time"])).astimezone(UTC)
    if kind == STACKS:
        stack = _STACK.match(str(detail["stack-id"]))
        name = stack["name"] if stack else ""
        return Change(id_, at, account, region, Source.STACK, stack=name)
    names = tuple(dict.fromkeys(_functions(envelope, detail)))
    if envelope.get("source") != "aws.lambda" or not names:
        return Dropped.OTHER
    return Change(id_, at, account, region, Source.STATE, names)


def _functions(envelope: Mapping[str, Any], detail: Mapping[str, Any]) -> Iterator[str]:
    """By ARN, wherever one stands: AWS does not document these events' fields yet."""
    for value in (*envelope.get("resources", ()), *detail.values()):
        found = _FUNCTION.match(value) if isinstance(value, str) else None
        if found:
            yield found["name"]
    for key in _NAMED:
        if isinstance(name := detail.get(key), str) and _NAME.fullmatch(name):
            yield name


def of_call(event: TrailEvent, source: Source) -> Change | Dropped:
    """A call that CloudTrail recorded."""
    if event.failed or event.read_only:
        return Dropped.FAILED
    name = _function_of(event)
    if event.name not in CHANGES.get(event.source, ()) or not name:
        return Dropped.OTHER
    if not _ACCOUNT.fullmatch(event.account):
        return Dropped.UNREADABLE
    identity, way = event.identity, event.way
    return Change(
        event.id,
        event.at,
        event.account,
        event.region,
        source,
        (name,),
        actor=":".join((identity.actor, identity.name, way.means, way.provider or "")),
        by=who(Changed(None, by=identity.name, actor=identity.actor)),
        how=way.means.value,
        provider=way.provider or "",
    )


def _function_of(event: TrailEvent) -> str:
    """Its bare name; of a log group by the group's name, and of another group nothing is known."""
    name = event.resource
    if event.source == "logs":
        name = name.removeprefix(_GROUP) if name.startswith(_GROUP) else ""
    return name if _NAME.fullmatch(name) else ""
