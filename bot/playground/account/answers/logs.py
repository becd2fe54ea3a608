"""CloudWatch Logs: groups, filters, events."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from bot.playground.account.model import Group
from bot.playground.account.patterns import matcher

_NEWEST_FIRST_SINCE = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_EVENTS = 10_000


def _group(call: Call) -> Group:
    named = call.arguments.get("logGroupName") or str(call.arguments["logGroupIdentifier"])
    found = call.region.groups.get(named.rpartition(":log-group:")[2])
    if found is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return found


def _filters(call: Call) -> Answer:
    found = _group(call).filters.items()
    group = call.arguments.get("logGroupName")
    return {
        "subscriptionFilters": [
            {"filterName": name, "logGroupName": group, "destinationArn": arn, "filterPattern": ""}
            for name, arn in sorted(found)
        ]
    }


def _groups(call: Call) -> Answer:
    prefix = call.arguments.get("logGroupNamePrefix") or ""
    names = sorted(name for name in call.region.groups if name.startswith(prefix))
    size = min(int(call.arguments.get("limit") or 50), 50)
    found, token = page(names, call.arguments.get("nextToken"), size)
    groups = [
        {
            "logGroupName": name,
            "logGroupClass": call.region.groups[name].log_class,
            "arn": call.arn("logs", f"log-group:{name}:*"),
        }
        for name in found
    ]
    return {"logGroups": groups} | ({"nextToken": token} if token else {})


def _events(call: Call) -> Answer:
    """Oldest first unless `startFromHead` is false; pages may be empty and go on."""
    group, asked = _group(call), call.arguments
    newest_first = asked.get("startFromHead") is False
    if newest_first and asked.get("startTime", 0) < _NEWEST_FIRST_SINCE:
        told = "startFromHead false needs a startTime on or after 2024-01-01T00:00:00Z."
        raise AwsError("InvalidParameterException", told)
    token = str(asked.get("nextToken") or "e0")
    if token.startswith("e") and token[1:].isdigit() and int(token[1:]) < group.empty_pages:
        return {"events": [], "searchedLogStreams": [], "nextToken": f"e{int(token[1:]) + 1}"}
    start = "t0" if token.startswith("e") else token
    limit = min(int(asked.get("limit") or _EVENTS), _EVENTS)
    found, following = page(_searched(call, group, newest_first=newest_first), start, limit)
    more = {"nextToken": following} if following else {}
    return {"events": list(found), "searchedLogStreams": []} | more


def _searched(call: Call, group: Group, *, newest_first: bool) -> list[Answer]:
    asked, matches = call.arguments, matcher(call.arguments.get("filterPattern") or "")
    began, ended = asked.get("startTime", 0), asked.get("endTime", 2**53)
    streams, prefix = asked.get("logStreamNames"), asked.get("logStreamNamePrefix") or ""
    found = [
        {
            "eventId": f"{ms:018d}{place:038d}",
            "timestamp": ms,
            "ingestionTime": ms,
            "message": message,
            "logStreamName": stream,
        }
        for place, (at, message, stream) in enumerate(group.events)
        if began <= (ms := int(at.timestamp() * 1000)) <= ended
        and (not streams or stream in streams)
        and stream.startswith(prefix)
        and matches(message)
    ]
    return sorted(found, key=lambda each: each["eventId"], reverse=newest_first)


ANSWERS = {
    "DescribeSubscriptionFilters": _filters,
    "DescribeLogGroups": _groups,
    "FilterLogEvents": _events,
}
