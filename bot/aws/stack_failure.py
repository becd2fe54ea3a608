"""CloudFormation's events → why a stack failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.aws.door import Account
from bot.aws.operations import STACK_EVENTS
from bot.aws.refusals import or_missing
from checks.evidence import Missing
from checks.evidence.account import STACK_NAME

_BEGUN = "User Initiated"
_FOLLOWS = frozenset({"Resource creation cancelled", "Resource update cancelled"})


def why_failed(account: Account, region: str) -> str | None:
    """Why the last operation on the stack failed: its first failed resource's reason."""

    def ask() -> str | None:
        events = account.call(STACK_EVENTS, region, StackName=STACK_NAME)["StackEvents"]
        return first_failure(events)

    found = or_missing(STACK_EVENTS, region, ask)
    return None if isinstance(found, Missing) else found


def first_failure(events: Sequence[Mapping[str, Any]]) -> str | None:
    """Of `events`, newest first: those since the last operation that somebody began."""
    failed = None
    for event in events:
        told = str(event.get("ResourceStatusReason") or "")
        if str(event.get("ResourceStatus")).endswith("_FAILED") and told not in _FOLLOWS:
            failed = told or failed
        if told == _BEGUN and event.get("LogicalResourceId") == STACK_NAME:
            break
    return failed
