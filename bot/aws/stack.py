"""CloudFormation's answers → the integration's stack, wherever it is or was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.error_codes import NOT_ENABLED
from bot.aws.operations import DESCRIBE_STACKS, LIST_STACKS
from bot.aws.refusals import code_of, or_missing
from bot.aws.stack_failure import why_failed
from bot.aws.texts import plain
from bot.aws.waves import Wave
from checks.evidence import IntegrationStack, Missing, NoStack, StackElsewhere
from checks.evidence.account import STACK_NAME, STACK_REGION
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
_REGIONS_WITHIN = 15.0
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
    wave: Wave,
    account: Account,
    found: Mapping[str, Any] | Missing | None,
    region: str,
    now: datetime,
) -> Stack | Missing:
    """The second wave: what the first answer makes worth asking."""
    if isinstance(found, Missing):
        return found
    if found is None:
        return _absent(wave, account, region)
    created = found["CreationTime"].astimezone(UTC)
    deleted: datetime | Missing | None = None
    if now - created < _DELETIONS_MATTER_FOR:
        deleted = _deleted_at(account)
    return IntegrationStack(
        str(found["StackStatus"]),
        created,
        _reason(account, STACK_REGION, found),
        None if isinstance(deleted, Missing) else deleted,
        deletions_seen=not isinstance(deleted, Missing),
    )


def _absent(wave: Wave, account: Account, region: str) -> NoStack | StackElsewhere:
    """Every usual region, and the function's own, at once; one that hangs holds up none."""
    others = [each for each in dict.fromkeys([region, *USUAL_REGIONS]) if each != STACK_REGION]
    deleted = wave.begin(lambda: _deleted_at(account))
    asked = {each: wave.begin(partial(describe, account, each)) for each in others}
    answers = {each: wave.get(asked[each], within=_REGIONS_WITHIN) for each in others}
    hidden = tuple(sorted(each for each, found in answers.items() if isinstance(found, Missing)))
    for where, found in answers.items():
        if found and not isinstance(found, Missing):
            status, reason = str(found["StackStatus"]), _reason(account, where, found)
            return StackElsewhere(where, status, reason, hidden)
    when = wave.get(deleted, within=_REGIONS_WITHIN)
    searched = tuple(sorted(set(others) - set(hidden)))
    return NoStack(None if isinstance(when, Missing) else when, searched, hidden)


def _reason(account: Account, region: str, found: Mapping[str, Any]) -> str | None:
    """The stack's own reason; for a failed one that of the resource that failed first."""
    reason = found.get("StackStatusReason")
    if found["StackStatus"] not in FINISHED | IN_PROGRESS:
        reason = why_failed(account, region) or reason
    return plain(reason) if reason else None


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
