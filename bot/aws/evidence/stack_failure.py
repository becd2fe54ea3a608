"""CloudFormation's events → why a stack failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from bot.aws.client import Account
from bot.aws.errors import or_missing
from bot.aws.operations import STACK_EVENTS
from checks.evidence import Missing
from checks.evidence.account import STACK_NAME

_BEGUN_BY_SOMEBODY = "User Initiated"
_ROLLING_BACK = "UPDATE_ROLLBACK_IN_PROGRESS"
_STUCK_ROLLBACK = "UPDATE_ROLLBACK_FAILED"
_CONSEQUENCES = ("Resource creation cancelled", "Resource update cancelled")


@dataclass(frozen=True, slots=True)
class Failure:
    """The resource that failed first, by its logical id, and CloudFormation's words."""

    resource: str
    reason: str


def why_failed(account: Account, region: str, status: str) -> Failure | None:
    """Why the last operation on the stack failed; None where the events do not say."""

    def read() -> Failure | None:
        events = account.call(STACK_EVENTS, region, StackName=STACK_NAME)["StackEvents"]
        return first_failure(events, status)

    failure = or_missing(STACK_EVENTS, region, read)
    return None if isinstance(failure, Missing) else failure


def first_failure(events: Iterable[Mapping[str, Any]], status: str) -> Failure | None:
    """
    Of `events`, newest first: the oldest failure of the last operation that somebody began.

    An update whose rollback failed, too, is stuck at what failed in the rollback.
    """
    last = list(_of_last_operation(events))
    in_rollback = list(takewhile(lambda event: not _begins_rollback(event), last))
    failure = _oldest_failure(in_rollback) if status == _STUCK_ROLLBACK else None
    return failure or _oldest_failure(last)


def _begins_rollback(event: Mapping[str, Any]) -> bool:
    return _is_of_stack(event) and event.get("ResourceStatus") == _ROLLING_BACK


def _of_last_operation(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for event in events:
        yield event
        if _is_of_stack(event) and event.get("ResourceStatusReason") == _BEGUN_BY_SOMEBODY:
            return


def _oldest_failure(events: Iterable[Mapping[str, Any]]) -> Failure | None:
    """Of a resource if one failed with a reason; what the stack itself says only sums it up."""
    failure = None
    for event in events:
        reason = str(event.get("ResourceStatusReason") or "")
        failed = str(event.get("ResourceStatus")).endswith("_FAILED")
        if failed and reason and not reason.startswith(_CONSEQUENCES) and not _is_of_stack(event):
            failure = Failure(str(event["LogicalResourceId"]), reason)
    return failure


def _is_of_stack(event: Mapping[str, Any]) -> bool:
    return bool(event.get("LogicalResourceId") == STACK_NAME)
