"""
The account's parts: the integration's stack, wherever it is or was, and its role.

From CloudFormation's and IAM's answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.client import Account, Pages
from bot.aws.error_codes import NOT_ENABLED
from bot.aws.errors import code_of, or_missing
from bot.aws.evidence.stack_failure import Failure, why_failed
from bot.aws.operations import DESCRIBE_STACKS, LIST_STACKS, ROLE
from bot.aws.parallel import Wave
from bot.aws.texts import identifier, plain
from bot.regions import USUAL_REGIONS
from checks.evidence import IntegrationRole, IntegrationStack, Missing, NoStack, StackElsewhere
from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.facts.integration import REPLACED_WITHIN, SETTLES_IN_WHEN_REPLACED
from checks.facts.stack_states import FAILED, SOUND, STACK_STATES, StackState, state_of
from checks.timeline import Stack

_DELETIONS_MATTER_FOR = SETTLES_IN_WHEN_REPLACED.value + REPLACED_WITHIN.value
_REGIONS_WITHIN = 15.0
_DELETED = [word for word, state in STACK_STATES.value.items() if state is StackState.DELETED]
_ALIVE = [word for word in STACK_STATES.value if word not in _DELETED]
_PAGES = 20
"""Of a hundred: the default quota of stacks in a region."""
_TOO_MANY = Missing("There are more stacks in the region than are read.")
_LETTERS = re.compile(r"[^a-z0-9]")

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccountParts:
    """The same for every function of the account."""

    stack: Stack | Missing
    role: IntegrationRole | Missing | None


def account_parts(wave: Wave, account: Account, region: str, now: datetime) -> AccountParts:
    """`region` is searched, too, should the stack be absent from us-east-1."""
    described = wave.ask("integration stack", _describe, account, STACK_REGION)
    role = wave.ask("role", _role, account, region)
    stack = wave.get(described)
    whole = wave.ask("the stack's past", _complete, wave, account, stack, region, now)
    return AccountParts(wave.get(whole), wave.get(role))


def _role(account: Account, region: str) -> IntegrationRole | Missing | None:
    """By which the platform enters the account; None where it is gone. Only `region`'s partition matters."""

    def read() -> IntegrationRole | None:
        try:
            role = account.call(ROLE, region, RoleName=ROLE_NAME)["Role"]
            made = role.get("CreateDate")
            return IntegrationRole(role["Arn"], made.astimezone(UTC) if made else None)
        except ClientError as error:
            if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
                return None
            raise

    return or_missing(ROLE, region, read)


def _describe(account: Account, region: str) -> Described | Missing | None:
    """The stack in `region`; None where there is none."""

    def read() -> Described | None:
        try:
            answer = account.call(DESCRIBE_STACKS, region, StackName=STACK_NAME)
        except ClientError as error:
            if _absent_by(error, region):
                return None
            raise
        stacks = answer["Stacks"]
        return stacks[0] if stacks else None

    return or_missing(DESCRIBE_STACKS, region, read)


def _absent_by(error: ClientError, region: str) -> bool:
    """CloudFormation says so; or the region is not enabled, so that it cannot hold a stack."""
    text = str(error.response.get("Error", {}).get("Message", ""))
    if code_of(error) == "ValidationError" and "does not exist" in text:
        return True
    return region != STACK_REGION and code_of(error) in NOT_ENABLED


def _complete(
    wave: Wave,
    account: Account,
    described: Described | Missing | None,
    region: str,
    now: datetime,
) -> Stack | Missing:
    """The second wave: what the first answer makes worth reading."""
    if isinstance(described, Missing):
        return described
    if described is None:
        return _by_another_name_or_nowhere(wave, account, region)
    created = described["CreationTime"].astimezone(UTC)
    deleted: datetime | Missing | None = None
    if now - created < _DELETIONS_MATTER_FOR:
        deleted = _deleted_at(account)
    failure = _failure(account, STACK_REGION, described)
    return IntegrationStack(
        str(described["StackStatus"]),
        created,
        failure.reason if failure else None,
        None if isinstance(deleted, Missing) else deleted,
        deletions_seen=not isinstance(deleted, Missing),
        failed_resource=(failure.resource or None) if failure else None,
    )


def _by_another_name_or_nowhere(wave: Wave, account: Account, region: str) -> Stack:
    """Every usual region, and the function's own, at once; one that hangs holds up none."""
    others = [other for other in dict.fromkeys([region, *USUAL_REGIONS]) if other != STACK_REGION]
    deletions = wave.begin(_deleted_at, account)
    similar = wave.begin(_of_similar_name, account)
    reads = {other: wave.begin(_describe, account, other) for other in others}
    answers = {other: wave.get(reads[other], within=_REGIONS_WITHIN) for other in others}
    namesake = wave.get(similar, within=_REGIONS_WITHIN)
    if isinstance(namesake, IntegrationStack):
        return namesake
    refused = {other: why for other, why in sorted(answers.items()) if isinstance(why, Missing)}
    if stack := _elsewhere(account, answers, tuple(refused)):
        return stack
    when = wave.get(deletions, within=_REGIONS_WITHIN)
    return NoStack(
        None if isinstance(when, Missing) else when,
        tuple(sorted(set(others) - set(refused))),
        tuple(refused),
        tuple(dict.fromkeys(refused.values())),
        other_names_seen=namesake is None,
    )


def _elsewhere(
    account: Account, answers: Mapping[str, Described | Missing | None], hidden: tuple[str, ...]
) -> StackElsewhere | None:
    """The stack of the first region that has one; `hidden` are those that did not say."""
    for region, described in answers.items():
        if described and not isinstance(described, Missing):
            failure = _failure(account, region, described) or Failure("", "")
            status = str(described["StackStatus"])
            return StackElsewhere(
                region, status, failure.reason or None, hidden, failure.resource or None
            )
    return None


def _failure(account: Account, region: str, described: Described) -> Failure | None:
    """Why it failed: the resource that failed first, else the stack's own reason."""
    reason = described.get("StackStatusReason")
    own = Failure("", plain(reason)) if reason else None
    status = str(described["StackStatus"])
    if state_of(status) not in FAILED:
        return own
    failure = why_failed(account, region, status)
    return Failure(identifier(failure.resource), plain(failure.reason)) if failure else own


def resembles(name: str) -> bool:
    """StackSet-serverless-inc-role-stack-…, core-ServerlessIncRoleStack-1A2B (nested)."""
    return _LETTERS.sub("", STACK_NAME.lower()) in _LETTERS.sub("", name.lower())


def _of_similar_name(account: Account) -> IntegrationStack | Missing | None:
    """A stack in us-east-1 whose name resembles ours, a sound one first."""

    def read() -> IntegrationStack | Missing | None:
        stacks, complete = _listed(account, _ALIVE)
        similar = [
            stack
            for stack in stacks
            if resembles(stack["StackName"]) and stack["StackStatus"] not in _DELETED
        ]
        similar.sort(key=lambda stack: state_of(stack["StackStatus"]) not in SOUND)
        if similar:
            return _summarized(similar[0])
        return None if complete else _TOO_MANY

    return or_missing(LIST_STACKS, STACK_REGION, read)


def _summarized(summary: Described) -> IntegrationStack:
    """Of such a stack the events may not be read; its own reason is in the list."""
    reason = summary.get("StackStatusReason")
    return IntegrationStack(
        str(summary["StackStatus"]),
        summary["CreationTime"].astimezone(UTC),
        plain(reason) if reason else None,
        deletions_seen=True,
        name=identifier(summary["StackName"]),
    )


def _deleted_at(account: Account) -> datetime | Missing | None:
    """When the newest of the deleted ones went; None where none did in 90 days."""

    def read() -> datetime | Missing | None:
        stacks, complete = _listed(account, _DELETED)
        ours = (stack for stack in stacks if stack["StackName"] == STACK_NAME)
        times = (stack["DeletionTime"] for stack in ours if stack.get("DeletionTime"))
        newest: datetime | None = max((at.astimezone(UTC) for at in times), default=None)
        return newest if newest or complete else _TOO_MANY

    return or_missing(LIST_STACKS, STACK_REGION, read)


def _listed(account: Account, statuses: list[str]) -> tuple[list[Described], bool]:
    """The stacks in those states, and whether these are all."""
    pages = Pages(account, STACK_REGION, LIST_STACKS, _PAGES, StackStatusFilter=statuses)
    stacks = [stack for page in pages for stack in page.get("StackSummaries") or []]
    return stacks, pages.complete
