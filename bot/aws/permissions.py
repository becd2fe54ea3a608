"""The least IAM policy that lets every check read what it needs; it follows from `operations.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.aws.operations import OPERATIONS, WHO_AM_I, Operation
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.queue_operations import QUEUE_OPERATIONS, RULE_OPERATIONS

VERSION = "2012-10-17"
"""Of the language of policies (IAM User Guide, "Version")."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One IAM action, and what it is needed for."""

    action: str
    serves: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Permissions on one set of resources."""

    sid: str
    permissions: tuple[Permission, ...]
    resources: tuple[str, ...]
    """ARN patterns with {partition} and {account}."""
    equal: Mapping[str, str] = field(default_factory=dict)
    """Condition keys and what they must equal."""

    def on(self, partition: str, account: str) -> list[str]:
        """The resources there."""
        return [arn.format(partition=partition, account=account) for arn in self.resources]


def reads() -> tuple[Statement, ...]:
    """
    What slsdiag reads, one statement for each set of resources.

    What reports can do without has statements of its own, so that whoever deploys them can leave these out.
    """
    return (
        *_statements("SlsdiagReads", (each for each in OPERATIONS if not each.optional)),
        *_statements("SlsdiagOptional", (each for each in OPERATIONS if each.optional)),
    )


def lists() -> tuple[Statement, ...]:
    """What lists the accounts of an organization, likewise."""
    return _statements("SlsdiagListsOrganization", ORGANIZATION_OPERATIONS)


def _statements(sid: str, operations: Iterable[Operation]) -> tuple[Statement, ...]:
    needs: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for operation in operations:
        if operation is not WHO_AM_I:
            actions = needs.setdefault(operation.resources, {})
            actions.setdefault(operation.action, []).append(operation.serves)
    return tuple(
        Statement(
            f"{sid}{number}",
            tuple(Permission(action, "; ".join(why)) for action, why in sorted(actions.items())),
            resources,
        )
        for number, (resources, actions) in enumerate(needs.items(), 1)
    )


def watches() -> tuple[Statement, ...]:
    """What watching takes besides: the only permission by which anything is changed, and reads."""
    return tuple(
        Statement(
            sid,
            tuple(Permission(each.action, each.serves) for each in operations),
            operations[0].resources,
        )
        for sid, operations in (
            ("SlsdiagTakesEvents", QUEUE_OPERATIONS),
            ("SlsdiagReadsRules", RULE_OPERATIONS),
        )
    )


def document(statements: Iterable[Statement], partition: str, account: str) -> dict[str, Any]:
    """The IAM policy document that allows `statements`."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": [permission.action for permission in statement.permissions],
                "Resource": statement.on(partition, account),
                **conditions(statement),
            }
            for statement in statements
        ],
    }


def conditions(statement: Statement) -> dict[str, Any]:
    """Its conditions as a policy has them; nothing where there are none."""
    return {"Condition": {"StringEquals": dict(statement.equal)}} if statement.equal else {}


def policy(partition: str = "aws", account: str = "*", *, watch: bool = False) -> dict[str, Any]:
    """What slsdiag reads, as a policy; with `watch` also what takes events off their queue."""
    return document((*reads(), *(watches() if watch else ())), partition, account)
