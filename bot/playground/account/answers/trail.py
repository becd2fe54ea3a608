"""CloudTrail: its event history."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from bot.playground.account.trail import Recorded

_PAGE = 50


def _looked_up(call: Call) -> Answer:
    """Newest first, of the asked region; one attribute at most."""
    attributes = call.arguments.get("LookupAttributes") or []
    if len(attributes) > 1:
        raise AwsError("InvalidLookupAttributesException", "You can specify only one attribute.")
    began, ended = (_moment(call.arguments.get(key)) for key in ("StartTime", "EndTime"))
    if began and ended and began > ended:
        raise AwsError("InvalidTimeRangeException", "The start time is after the end time.")
    size = int(call.arguments.get("MaxResults") or _PAGE)
    if not 1 <= size <= _PAGE:
        raise AwsError("InvalidMaxResultsException", "MaxResults is 1 to 50.")
    found = [
        one
        for one in call.account.trail.shown(call.region.name, call.now)
        if (began is None or began <= one.at)
        and (ended is None or one.at <= ended)
        and all(_has(one, attribute) for attribute in attributes)
    ]
    some, token = page(found, call.arguments.get("NextToken"), size)
    return {"Events": list(map(_written, some))} | ({"NextToken": token} if token else {})


def _moment(value: Any) -> datetime | None:
    """Seconds, as the protocol writes them."""
    return None if value is None else datetime.fromtimestamp(float(value), UTC)


def _has(one: Recorded, attribute: Mapping[str, str]) -> bool:
    """Compared to the letter."""
    key, event = attribute["AttributeKey"], one.event
    values: dict[str, set[Any]] = {
        "ResourceName": {name for _, name in one.resources},
        "ResourceType": {kind for kind, _ in one.resources},
        "EventName": {event["eventName"]},
        "EventSource": {event["eventSource"]},
        "EventId": {event["eventID"]},
        "ReadOnly": {str(bool(event["readOnly"])).lower()},
        "Username": {_user(event)},
        "AccessKeyId": {event["userIdentity"].get("accessKeyId")},
    }
    if key not in values:
        raise AwsError("InvalidLookupAttributesException", f"There is no attribute {key}.")
    return attribute["AttributeValue"] in values[key]


def _user(event: Mapping[str, Any]) -> str | None:
    """A session's name, where it is a session's."""
    identity = event["userIdentity"]
    return identity.get("userName") or str(identity.get("arn") or "").rpartition("/")[2] or None


def _written(one: Recorded) -> Answer:
    event = one.event
    key, user = event["userIdentity"].get("accessKeyId"), _user(event)
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "EventTime": one.at.timestamp(),
        "EventSource": event["eventSource"],
        "ReadOnly": str(bool(event["readOnly"])).lower(),
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in one.resources],
        "CloudTrailEvent": json.dumps(event),
        **({"AccessKeyId": key} if key else {}),
        **({"Username": user} if user else {}),
    }


def _trails(call: Call) -> Answer:
    arns = [call.arn("cloudtrail", f"trail/{name}") for name in call.account.trail.trails]
    return {"trailList": [{"Name": arn.rpartition("/")[2], "TrailARN": arn} for arn in arns]}


def _status(call: Call) -> Answer:
    return {"IsLogging": call.account.trail.trails[_named(call, "Name")]}


def _named(call: Call, argument: str) -> str:
    """The trail that is meant, by its ARN or its name."""
    name = str(call.arguments[argument]).rpartition("/")[2]
    if name not in call.account.trail.trails:
        raise AwsError("TrailNotFoundException", f"Unknown trail: {name}")
    return name


def _selectors(call: Call) -> Answer:
    _named(call, "TrailName")
    return {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}


ANSWERS: Mapping[str, Callable[[Call], Answer]] = {
    "LookupEvents": _looked_up,
    "DescribeTrails": _trails,
    "GetTrailStatus": _status,
    "GetEventSelectors": _selectors,
}
