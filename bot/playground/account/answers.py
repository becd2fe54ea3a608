"""Operation → answer, in AWS's own keys. Only operations that read are known."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.playground.account.model import STACK, AwsAccount, Group, Region, Stack

Arguments = Mapping[str, Any]
Answer = dict[str, Any]
_PAGE = 50


@dataclass
class AwsError(Exception):
    """An error in AWS's words."""

    code: str
    message: str
    status: int = 400


def answer(
    account: AwsAccount, region: Region, service: str, operation: str, arguments: Arguments
) -> Answer:
    """What AWS would say; AwsError for a refusal."""
    known = _ANSWERS.get((service, operation))
    if known is None:
        raise AwsError("UnknownOperationException", f"{service} does not know {operation}", 404)
    return known(account, region, arguments)


def _configuration(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    name, qualifier = arguments["FunctionName"], arguments.get("Qualifier")
    version = region.aliases.get(name, {}).get(str(qualifier), qualifier or "$LATEST")
    found = region.functions.get(name, {}).get(version)
    if found is None:
        arn = f"arn:aws:lambda:{region.name}:{region.account}:function:{name}"
        told = f"Function not found: {arn}{f':{qualifier}' if qualifier else ''}"
        raise AwsError("ResourceNotFoundException", told, 404)
    return found


def _functions(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    names = sorted(region.functions)
    start = int(arguments.get("Marker") or 0)
    page = [region.functions[name]["$LATEST"] for name in names[start : start + _PAGE]]
    more = {"NextMarker": str(start + _PAGE)} if start + _PAGE < len(names) else {}
    return {"Functions": page} | more


def _aliases(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    pairs = region.aliases.get(arguments["FunctionName"], {}).items()
    return {"Aliases": [{"Name": alias, "FunctionVersion": v} for alias, v in pairs]}


def _filters(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    group = _group(region, arguments)
    return {
        "subscriptionFilters": [
            {"filterName": name, "destinationArn": arn, "filterPattern": ""}
            for name, arn in group.filters.items()
        ]
    }


def _group(region: Region, arguments: Arguments) -> Group:
    found = region.groups.get(arguments["logGroupName"])
    if found is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return found


def _groups(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    prefix = arguments.get("logGroupNamePrefix") or ""
    found = {name: group for name, group in region.groups.items() if name.startswith(prefix)}
    return {
        "logGroups": [
            {"logGroupName": name, "logGroupClass": group.log_class}
            for name, group in sorted(found.items())
        ]
    }


def _log_events(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    """Newest first where asked; the first page is empty and has a token, as AWS's may be."""
    events = sorted(_group(region, arguments).events, reverse=not arguments.get("startFromHead"))
    terms = _terms(arguments.get("filterPattern") or "")
    began, ended = arguments.get("startTime", 0), arguments.get("endTime", 2**53)
    found = [
        {"timestamp": at, "message": message, "logStreamName": stream, "ingestionTime": at}
        for at, message, stream in ((_ms(e[0]), e[1], e[2]) for e in events)
        if began <= at <= ended and (not terms or any(term in message for term in terms))
    ]
    if "nextToken" not in arguments:
        return {"events": [], "searchedLogStreams": [], "nextToken": "0"}
    start, limit = int(arguments["nextToken"]), int(arguments.get("limit", 10_000))
    more = {"nextToken": str(start + limit)} if start + limit < len(found) else {}
    return {"events": found[start : start + limit], "searchedLogStreams": []} | more


def _terms(pattern: str) -> list[str]:
    """The alternatives of `?one ?"two words"`."""
    return [word.removeprefix("?") for word in shlex.split(pattern)]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _metric_data(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    began, ended = float(arguments["StartTime"]), float(arguments["EndTime"])
    results = []
    for query in arguments["MetricDataQueries"]:
        period = int(query["MetricStat"]["Period"])
        sums: dict[int, float] = {}
        for at, value in _datapoints(region, query["MetricStat"]["Metric"], ended):
            start = int(at // period * period)
            if began <= start < ended:
                sums[start] = sums.get(start, 0) + value
        ordered = sorted(sums, reverse=True)
        values = [sums[start] for start in ordered]
        results.append({"Id": query["Id"], "Timestamps": ordered, "Values": values})
    return {"MetricDataResults": results}


def _datapoints(region: Region, metric: Arguments, now: float) -> Iterator[tuple[float, float]]:
    dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
    if metric["Namespace"] == "AWS/Firehose":
        if region.delivered is not None:
            yield now - 3600, 100 if metric["MetricName"] == "IncomingRecords" else region.delivered
        return
    key = (dimensions["FunctionName"], dimensions.get("Resource", ""))
    for at, count in region.sums.get(key, []):
        yield at.timestamp(), count


def _metric_streams(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    del arguments
    pairs = region.metric_streams.items()
    return {"Entries": [{"Name": name, "State": state} for name, state in pairs]}


def _firehose(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    name = arguments["DeliveryStreamName"]
    if name not in region.firehoses:
        raise AwsError(
            "ResourceNotFoundException",
            f"Firehose {name} not found under account {region.account}.",
        )
    arn = f"arn:aws:firehose:{region.name}:{region.account}:deliverystream/{name}"
    return {
        "DeliveryStreamDescription": {
            "DeliveryStreamName": name,
            "DeliveryStreamARN": arn,
            "DeliveryStreamStatus": region.firehoses[name],
            "DeliveryStreamType": "DirectPut",
            "VersionId": "1",
            "Destinations": [],
            "HasMoreDestinations": False,
        }
    }


def _stacks(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    name = arguments["StackName"]
    alive = [stack for stack in region.stacks if stack.deleted_at is None and name == STACK]
    if not alive:
        raise AwsError("ValidationError", f"Stack with id {name} does not exist")
    return {"Stacks": [_stack(region, each) for each in alive]}


def _stack(region: Region, stack: Stack) -> Answer:
    return {
        "StackName": STACK,
        "StackId": f"arn:aws:cloudformation:{region.name}:{region.account}:stack/{STACK}/1",
        "CreationTime": _iso(stack.created_at),
        "StackStatus": stack.status,
    } | ({"StackStatusReason": stack.reason} if stack.reason else {})


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _listed_stacks(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    del arguments
    gone = [each for each in region.stacks if each.deleted_at]
    return {
        "StackSummaries": [
            _stack(region, each)
            | {"StackStatus": "DELETE_COMPLETE", "DeletionTime": _iso(each.deleted_at)}
            for each in gone
            if each.deleted_at
        ]
    }


def _stack_events(_: AwsAccount, region: Region, arguments: Arguments) -> Answer:
    del arguments
    return {
        "StackEvents": [
            {
                "StackId": "1",
                "EventId": "1",
                "StackName": STACK,
                "Timestamp": _iso(each.created_at),
                "ResourceStatus": "CREATE_FAILED",
                "ResourceStatusReason": each.reason or "no reason",
            }
            for each in region.stacks
        ]
    }


def _role(account: AwsAccount, _: Region, arguments: Arguments) -> Answer:
    name = arguments["RoleName"]
    if name not in account.roles:
        told = f"The role with name {name} cannot be found."
        raise AwsError("NoSuchEntity", told, 404)
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": "AROAEXAMPLE",
            "Arn": f"arn:aws:iam::{account.id}:role/{name}",
            "CreateDate": "2026-01-01T00:00:00Z",
        }
    }


def _caller(account: AwsAccount, _: Region, arguments: Arguments) -> Answer:
    del arguments
    arn = f"arn:aws:sts::{account.id}:assumed-role/slsdiag/demo"
    return {"UserId": "AROAEXAMPLE:demo", "Account": account.id, "Arn": arn}


def _assume(account: AwsAccount, _: Region, arguments: Arguments) -> Answer:
    """Keys that say which account they open."""
    wanted = str(arguments["RoleArn"]).split(":")[4]
    del account
    return {
        "Credentials": {
            "AccessKeyId": f"FAKE{wanted}",
            "SecretAccessKey": "fake",
            "SessionToken": "fake",
            "Expiration": "2099-01-01T00:00:00Z",
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLE:s", "Arn": str(arguments["RoleArn"])},
    }


_ANSWERS: Mapping[tuple[str, str], Callable[[AwsAccount, Region, Arguments], Answer]] = {
    ("lambda", "GetFunctionConfiguration"): _configuration,
    ("lambda", "ListFunctions"): _functions,
    ("lambda", "ListAliases"): _aliases,
    ("logs", "DescribeSubscriptionFilters"): _filters,
    ("logs", "DescribeLogGroups"): _groups,
    ("logs", "FilterLogEvents"): _log_events,
    ("monitoring", "GetMetricData"): _metric_data,
    ("monitoring", "ListMetricStreams"): _metric_streams,
    ("firehose", "DescribeDeliveryStream"): _firehose,
    ("cloudformation", "DescribeStacks"): _stacks,
    ("cloudformation", "ListStacks"): _listed_stacks,
    ("cloudformation", "DescribeStackEvents"): _stack_events,
    ("iam", "GetRole"): _role,
    ("sts", "GetCallerIdentity"): _caller,
    ("sts", "AssumeRole"): _assume,
}
