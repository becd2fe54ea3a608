"""CloudFormation: the integration's stack, alive or deleted, and why it failed."""

from __future__ import annotations

from datetime import timedelta

from bot.playground.account.answers.call import Answer, Call, iso, page
from bot.playground.account.faults import AwsError
from bot.playground.account.model import STACK, Stack

_LISTED_FOR = timedelta(days=90)
_PAGE = 100
_FAILURES = ("ROLLBACK", "_FAILED")


def _arn(call: Call, stack: Stack) -> str:
    return call.arn("cloudformation", f"stack/{STACK}/{int(stack.created_at.timestamp()):032x}")


def _named(call: Call) -> list[Stack]:
    """By its name those alive, by its ARN also a deleted one."""
    wanted = call.arguments.get("StackName")
    found = [
        each
        for each in call.region.stacks
        if (each.deleted_at is None and wanted in {None, STACK}) or wanted == _arn(call, each)
    ]
    if wanted is not None and not found:
        raise AwsError("ValidationError", f"Stack with id {wanted} does not exist")
    return found


def _described(call: Call, stack: Stack) -> Answer:
    gone = {"DeletionTime": iso(stack.deleted_at)} if stack.deleted_at else {}
    reason = {"StackStatusReason": stack.reason} if stack.reason else {}
    return (
        {
            "StackName": STACK,
            "StackId": _arn(call, stack),
            "CreationTime": iso(stack.created_at),
            "StackStatus": "DELETE_COMPLETE" if stack.deleted_at else stack.status,
        }
        | gone
        | reason
    )


def _stacks(call: Call) -> Answer:
    return {"Stacks": [_described(call, each) for each in _named(call)]}


def _listed(call: Call) -> Answer:
    wanted = call.arguments.get("StackStatusFilter")
    since = call.now - _LISTED_FOR
    kept = [s for s in call.region.stacks if s.deleted_at is None or s.deleted_at >= since]
    described = [_described(call, each) for each in kept]
    found = [each for each in described if not wanted or each["StackStatus"] in wanted]
    summaries, token = page(found, call.arguments.get("NextToken"), _PAGE)
    return {"StackSummaries": list(summaries)} | ({"NextToken": token} if token else {})


def _events(call: Call) -> Answer:
    """Newest first: how it ended, and for a failed one the resource that failed."""
    events: list[Answer] = []
    for stack in reversed(_named(call)):
        events.append(_event(call, stack, "1", STACK, stack.status))
        if any(word in stack.status for word in _FAILURES):
            failed = _event(call, stack, "0", "ServerlessIntegrationStackReporter", "CREATE_FAILED")
            told = stack.reason or "Received response status [FAILED] from custom resource."
            events.append(failed | {"ResourceStatusReason": told})
    return {"StackEvents": events}


def _event(call: Call, stack: Stack, number: str, resource: str, status: str) -> Answer:
    return {
        "StackId": _arn(call, stack),
        "EventId": f"{number}-{int(stack.created_at.timestamp())}",
        "StackName": STACK,
        "LogicalResourceId": resource,
        "Timestamp": iso(stack.created_at),
        "ResourceStatus": status,
    }


ANSWERS = {"DescribeStacks": _stacks, "ListStacks": _listed, "DescribeStackEvents": _events}
