"""CloudFormation: the integration's stack, alive or deleted, and why it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.playground.account.answers.call import Answer, Call, iso, page
from bot.playground.account.faults import AwsError
from bot.playground.account.model import Stack

_LISTED_FOR = timedelta(days=90)
_PAGE = 100
_FAILURES = ("ROLLBACK", "_FAILED")


def _arn(call: Call, stack: Stack) -> str:
    return call.arn(
        "cloudformation", f"stack/{stack.name}/{int(stack.created_at.timestamp()):032x}"
    )


def _named(call: Call) -> list[Stack]:
    """By its name those alive, by its ARN also a deleted one."""
    wanted = call.arguments.get("StackName")
    stacks = [
        stack
        for stack in call.region.stacks
        if (stack.deleted_at is None and wanted in {None, stack.name})
        or wanted == _arn(call, stack)
    ]
    if wanted is not None and not stacks:
        raise AwsError("ValidationError", f"Stack with id {wanted} does not exist")
    return stacks


def _described(call: Call, stack: Stack) -> Answer:
    gone = {"DeletionTime": iso(stack.deleted_at)} if stack.deleted_at else {}
    reason = {"StackStatusReason": stack.reason} if stack.reason else {}
    return (
        {
            "StackName": stack.name,
            "StackId": _arn(call, stack),
            "CreationTime": iso(stack.created_at),
            "StackStatus": "DELETE_COMPLETE" if stack.deleted_at else stack.status,
        }
        | gone
        | reason
    )


def _stacks(call: Call) -> Answer:
    return {"Stacks": [_described(call, stack) for stack in _named(call)]}


def _listed(call: Call) -> Answer:
    wanted = call.arguments.get("StackStatusFilter")
    since = call.now - _LISTED_FOR
    listed = [s for s in call.region.stacks if s.deleted_at is None or s.deleted_at >= since]
    described = [_described(call, summary) for summary in listed]
    selected = [summary for summary in described if not wanted or summary["StackStatus"] in wanted]
    summaries, token = page(selected, call.arguments.get("NextToken"), _PAGE)
    return {"StackSummaries": list(summaries)} | ({"NextToken": token} if token else {})


def _events(call: Call) -> Answer:
    """Newest first: how it ended, the resources that failed, and that somebody began it."""
    events: list[Answer] = []
    for stack in reversed(_named(call)):
        events.append(_event(call, stack, stack.name, stack.status, stack.reason))
        events += [_event(call, stack, *failure) for failure in reversed(_failures(stack))]
        events.append(_event(call, stack, stack.name, _begun(stack), "User Initiated"))
    return {"StackEvents": events}


def _failures(stack: Stack) -> Sequence[tuple[str, str, str]]:
    if stack.failures or not any(word in stack.status for word in _FAILURES):
        return stack.failures
    reason = stack.reason or "Received response status [FAILED] from custom resource."
    return [("ServerlessIntegrationStackReporter", "CREATE_FAILED", reason)]


def _begun(stack: Stack) -> str:
    verb = next((verb for verb in ("UPDATE", "DELETE") if stack.status.startswith(verb)), "CREATE")
    return f"{verb}_IN_PROGRESS"


def _event(call: Call, stack: Stack, resource: str, status: str, reason: str | None) -> Answer:
    return {
        "StackId": _arn(call, stack),
        "EventId": f"{resource}-{status}-{int(stack.created_at.timestamp())}",
        "StackName": stack.name,
        "LogicalResourceId": resource,
        "Timestamp": iso(stack.created_at),
        "ResourceStatus": status,
    } | ({"ResourceStatusReason": reason} if reason else {})


ANSWERS = {"DescribeStacks": _stacks, "ListStacks": _listed, "DescribeStackEvents": _events}
