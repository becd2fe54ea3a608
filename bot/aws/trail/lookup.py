"""
CloudTrail's event history, one page at a time, and the stack that a function belongs to.

LookupEvents is limited to two calls a second for an account and region, which the Dashboard and
other tools share, so a call is never repeated here (AWS CloudTrail, LookupEvents). It has been reported to take half a
minute: whoever calls gives up earlier, by a wave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.aws.client import Account
from bot.aws.errors import or_missing
from bot.aws.operations import LOOKUP_EVENTS, TAGGED
from bot.aws.texts import identifier
from bot.aws.trail.event import TrailEvent
from bot.aws.trail.reading import read
from checks.evidence import Missing

_STACK_TAG, _SAM_TAG = "aws:cloudformation:stack-name", "lambda:createdBy"


class Attribute(StrEnum):
    """What events can be looked up by; one of them at a time."""

    RESOURCE_NAME = "ResourceName"
    EVENT_NAME = "EventName"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Events of a time, newest first, that have an attribute; the ends are included."""

    attribute: Attribute
    value: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 50 events, newest first; `token` where there are more."""

    events: tuple[TrailEvent, ...]
    token: str | None = None


def look_up(
    account: Account, region: str, lookup: Lookup, token: str | None = None, *, users: bool
) -> Page | Missing:
    """One page; `users`: IAM users may be named."""

    def ask() -> Page:
        answer = account.call(
            LOOKUP_EVENTS,
            region,
            LookupAttributes=[
                {"AttributeKey": lookup.attribute.value, "AttributeValue": lookup.value}
            ],
            StartTime=lookup.began,
            EndTime=lookup.ended,
            **({"NextToken": token} if token else {}),
        )
        texts = (str(event.get("CloudTrailEvent") or "") for event in answer.get("Events") or [])
        events = (read(text, users=users) for text in texts)
        return Page(tuple(event for event in events if event), answer.get("NextToken") or None)

    return or_missing(LOOKUP_EVENTS, region, ask)


@dataclass(frozen=True, slots=True)
class StackOf:
    """The stack that a function belongs to, by the tags that CloudFormation gives it."""

    name: str
    by_sam: bool = False
    """AWS SAM made the template (AWS SAM Developer Guide, "Generated resources")."""


def stack_of(account: Account, region: str, arn: str) -> StackOf | Missing | None:
    """None where the function belongs to no stack."""

    def ask() -> StackOf | None:
        answer = account.call(TAGGED, region, ResourceARNList=[arn])
        tags = {
            str(tag["Key"]): str(tag["Value"])
            for mapping in answer.get("ResourceTagMappingList") or []
            for tag in mapping.get("Tags") or []
        }
        name = tags.get(_STACK_TAG)
        return StackOf(identifier(name), tags.get(_SAM_TAG) == "SAM") if name else None

    return or_missing(TAGGED, region, ask)
