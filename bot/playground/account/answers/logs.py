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
    group = call.region.groups.get(named.rpartition(":log-group:")[2])
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _filters(call: Call) -> Answer:
    group, name_of_group = _group(call), call.arguments.get("logGroupName")
    return {
        "subscriptionFilters": [
            {
                "filterName": name,
                "logGroupName": name_of_group,
                "destinationArn": arn,
                "filterPattern": group.patterns.get(name, ""),
            }
            for name, arn in sorted(group.filters.items())
        ]
    }


def _groups(call: Call) -> Answer:
    prefix = call.arguments.get("logGroupNamePrefix") or ""
    names = sorted(name for name in call.region.groups if name.startswith(prefix))
    size = min(int(call.arguments.get("limit") or 50), 50)
    some, token = page(names, call.arguments.get("nextToken"), size)
    groups = [
        {
            "logGroupName": name,
            "logGroupClass": call.region.groups[name].log_class,
            "arn": call.arn("logs", f"log-group:{name}:*"),
        }
        for name in some
    ]
    return {"logGroups": groups} | ({"nextToken": token} if token else {})


def _events(call: Call) -> Answer:
    """Oldest first unless `startFromHead` is false; pages may be empty and go on."""
    group, arguments = _group(call), call.arguments
    newest_first = arguments.get("startFromHead") is False
    if newest_first and arguments.get("startTime", 0) < _NEWEST_FIRST_SINCE:
        message = "startFromHead false needs a startTime on or after 2024-01-01T00:00:00Z."
        raise AwsError("InvalidParameterException", message)
    token = str(arguments.get("nextToken") or "e0")
    if token.startswith("e") and token[1:].isdigit() and int(token[1:]) < group.empty_pages:
        return {"events": [], "searchedLogStreams": [], "nextToken": f"e{int(token[1:]) + 1}"}
    start = "t0" if token.startswith("e") else token
    limit = min(int(arguments.get("limit") or _EVENTS), _EVENTS)
    events, following = page(_searched(call, group, newest_first=newest_first), start, limit)
    more = {"nextToken": following} if following else {}
    return {"events": list(events), "searchedLogStreams": []} | more


def _searched(call: Call, group: Group, *, newest_first: bool) -> list[Answer]:
    arguments, matches = call.arguments, matcher(call.arguments.get("filterPattern") or "")
    began, ended = arguments.get("startTime", 0), arguments.get("endTime", 2**53)
    streams, prefix = arguments.get("logStreamNames"), arguments.get("logStreamNamePrefix") or ""
    events = [
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
    return sorted(events, key=lambda event: event["eventId"], reverse=newest_first)


def _account_policies(call: Call) -> Answer:
    """Of subscription filters only; other kinds of policies are not played here."""
    if call.arguments["policyType"] != "SUBSCRIPTION_FILTER_POLICY":
        return {"accountPolicies": []}
    return {
        "accountPolicies": [
            {
                "policyName": name,
                "policyType": "SUBSCRIPTION_FILTER_POLICY",
                "scope": "ALL",
                "accountId": call.account.id,
                **policy,
            }
            for name, policy in sorted(call.region.account_filters.items())
        ]
    }


ANSWERS = {
    "DescribeAccountPolicies": _account_policies,
    "DescribeSubscriptionFilters": _filters,
    "DescribeLogGroups": _groups,
    "FilterLogEvents": _events,
}
