"""CloudFormation's and IAM's answers → the integration's stack and role."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.operations import DESCRIBE_STACKS, LIST_STACKS, ROLE, STACK_EVENTS
from bot.aws.refusals import NOT_ENABLED, code_of, or_missing
from checks.evidence import IntegrationRole, IntegrationStack, Missing, NoStack, StackElsewhere
from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.instrumentation_error import quoted
from checks.s020_ten_minutes_passed import FINISHED, IN_PROGRESS
from checks.timeline import SETTLES_IN_WHEN_REPLACED, Stack

# Enabled in every account unless a policy forbids them (AWS's account documents).
USUAL_REGIONS = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
]
_DELETIONS_MATTER_FOR = SETTLES_IN_WHEN_REPLACED + timedelta(minutes=60)
_PAGES = 10


def describe(account: Account, region: str) -> Mapping[str, Any] | Missing | None:
    """The stack in `region`; None where there is none."""

    def ask() -> Mapping[str, Any] | None:
        try:
            answer = account.call(DESCRIBE_STACKS, region, StackName=STACK_NAME)
        except ClientError as error:
            if _absent_by(error, region):
                return None
            raise
        stacks = answer["Stacks"]
        return stacks[0] if stacks else None

    return or_missing(DESCRIBE_STACKS, region, ask)


def _absent_by(error: ClientError, region: str) -> bool:
    """CloudFormation says so; or the region is not enabled, so that it cannot hold a stack."""
    text = str(error.response.get("Error", {}).get("Message", ""))
    if code_of(error) == "ValidationError" and "does not exist" in text:
        return True
    return region != STACK_REGION and code_of(error) in NOT_ENABLED


def complete(
    account: Account,
    found: Mapping[str, Any] | Missing | None,
    region: str,
    now: datetime,
    pool: Executor,
) -> Stack | Missing:
    """The second wave: what the first answer makes worth asking."""
    if isinstance(found, Missing):
        return found
    if found is None:
        return _absent(account, region, pool)
    created = found["CreationTime"].astimezone(UTC)
    status, reason = str(found["StackStatus"]), found.get("StackStatusReason")
    if status not in FINISHED | IN_PROGRESS:
        reason = _first_failure(account, STACK_REGION) or reason
    deleted: datetime | Missing | None = None
    if now - created < _DELETIONS_MATTER_FOR:
        deleted = _deleted_at(account)
    return IntegrationStack(
        status,
        created,
        quoted(str(reason)) if reason else None,
        None if isinstance(deleted, Missing) else deleted,
        deletions_seen=not isinstance(deleted, Missing),
    )


def _absent(account: Account, region: str, pool: Executor) -> NoStack | StackElsewhere:
    """Every usual region, and the function's own, at once."""
    others = [each for each in dict.fromkeys([region, *USUAL_REGIONS]) if each != STACK_REGION]
    deleted = pool.submit(_deleted_at, account)
    answers = dict(zip(others, pool.map(lambda each: describe(account, each), others), strict=True))
    hidden = tuple(sorted(each for each, found in answers.items() if isinstance(found, Missing)))
    for where, found in answers.items():
        if found and not isinstance(found, Missing):
            reason = found.get("StackStatusReason")
            shown = quoted(str(reason)) if reason else None
            return StackElsewhere(where, str(found["StackStatus"]), shown, hidden)
    when = deleted.result()
    searched = tuple(sorted(set(others) - set(hidden)))
    return NoStack(None if isinstance(when, Missing) else when, searched, hidden)


def _deleted_at(account: Account) -> datetime | Missing | None:
    """When the newest of the deleted ones went; None where none did in 90 days."""

    def ask() -> datetime | None:
        arguments: dict[str, Any] = {"StackStatusFilter": ["DELETE_COMPLETE"]}
        times: list[datetime] = []
        for _ in range(_PAGES):
            answer = account.call(LIST_STACKS, STACK_REGION, **arguments)
            ours = [s for s in answer["StackSummaries"] if s["StackName"] == STACK_NAME]
            times += [s["DeletionTime"].astimezone(UTC) for s in ours if s.get("DeletionTime")]
            if not answer.get("NextToken"):
                break
            arguments["NextToken"] = answer["NextToken"]
        return max(times, default=None)

    return or_missing(LIST_STACKS, STACK_REGION, ask)


def _first_failure(account: Account, region: str) -> str | None:
    """Why a failed stack failed: the oldest failed resource's reason."""

    def ask() -> str | None:
        events = account.call(STACK_EVENTS, region, StackName=STACK_NAME)["StackEvents"]
        failed = [e for e in events if str(e.get("ResourceStatus", "")).endswith("_FAILED")]
        return str(failed[-1].get("ResourceStatusReason")) if failed else None

    found = or_missing(STACK_EVENTS, region, ask)
    return None if isinstance(found, Missing) else found


def role(account: Account, region: str) -> IntegrationRole | Missing | None:
    """The role by which the platform enters the account; None where it is gone."""

    def ask() -> IntegrationRole | None:
        try:
            return IntegrationRole(account.call(ROLE, region, RoleName=ROLE_NAME)["Role"]["Arn"])
        except ClientError as error:
            if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
                return None
            raise

    return or_missing(ROLE, region, ask)
