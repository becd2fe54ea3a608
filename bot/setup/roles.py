"""
The roles of an installation, as values: the bot's own, the reader role in each other account, and
the one that lists an organization's accounts.

Each has the permissions of `bot/aws/permissions.py`, and takes messages off the queue of events only
where that is asked for. The bot's own may assume the others, and nothing else; they trust the bot's
role alone, and only with the external id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.account_settings import ROLE_ARN, ROLE_NAME, AccountSettings
from bot.aws.operations import SECRET_VALUE
from bot.aws.permissions import Permission, Statement, document, lists, reads, watches
from bot.errors import UsageError
from bot.organization_settings import READER_NAME, OrganizationSettings
from bot.setup.irsa import ServiceAccount
from bot.text.redaction import shown

BOT_NAME, LISTER_NAME = "slsdiag-bot", "slsdiag-organization"
EXTERNAL_ID = r"[\w+=,.@:/-]"
"""Characters of an external id (AWS STS, AssumeRole)."""
EXTERNAL_ID_LENGTHS = 16, 1224
"""AWS takes 2 characters and more (IAM and STS quotas); few can be guessed."""


class Service(StrEnum):
    """
    What may run the bot and give it its role.

    These names hold in all partitions (AWS CDK API reference, ServicePrincipalOpts).
    """

    ECS_TASKS = "ecs-tasks.amazonaws.com"
    EC2 = "ec2.amazonaws.com"
    EKS_PODS = "pods.eks.amazonaws.com"


SERVICES = tuple(service.value for service in Service)
LONGEST_POLICY = 10_240
"""Characters of a role's inline policies without white space (IAM and STS quotas)."""
IN_OUR_ORGANIZATION = {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}
"""
Only roles of the bot's own organization: a role elsewhere may be called alike (IAM User Guide, "AWS
global condition context keys").
"""
_LONGEST_PARTITION, _ANY_ACCOUNT = "aws-us-gov", "0" * 12


@dataclass(frozen=True, slots=True)
class BotRole:
    """What the bot runs as."""

    readers: tuple[str, ...] = ()
    """ARN patterns of the roles that it may assume, with {partition}."""
    secrets: tuple[str, ...] = ()
    """ARNs of the secrets that it may read."""
    organization: OrganizationSettings | None = None
    """Whose reader roles it may assume besides, in whichever of its accounts they are."""
    watch: bool = False
    """It takes events off the queue of its own account."""
    pods: ServiceAccount | None = None
    """Who gets the role by IRSA; None: a service of AWS gives it."""
    name: ClassVar[str] = BOT_NAME

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it may do."""
        why = "Reading the other accounts, each by its reader role"
        secret = Permission(SECRET_VALUE.action, SECRET_VALUE.serves)
        more = (
            Statement("SlsdiagAssumesReaders", (Permission("sts:AssumeRole", why),), self.readers),
            Statement("SlsdiagReadsItsSecrets", (secret,), self.secrets),
        )
        named = (statement for statement in more if statement.resources)
        own = (*reads(), *(watches() if self.watch else ()))
        return (*own, *named, *self._of_organization())

    @property
    def others(self) -> bool:
        """Whether it reads other accounts, too."""
        return bool(self.readers or self.organization)

    def _of_organization(self) -> Iterator[Statement]:
        if self.organization is None:
            return
        members = f"arn:{{partition}}:iam::*:role/{self.organization.reader_role}"
        why = "Reading the organization's accounts, each by its reader role"
        assume = (Permission("sts:AssumeRole", why),)
        yield Statement("SlsdiagAssumesMembers", assume, (members,), IN_OUR_ORGANIZATION)
        if self.organization.role_arn is None:
            yield from lists()
            return
        why = "Listing the organization's accounts, by a role that may"
        assume = (Permission("sts:AssumeRole", why),)
        yield Statement("SlsdiagAssumesLister", assume, (self.organization.role_arn,))


@dataclass(frozen=True, slots=True)
class ReaderRole:
    """What the bot assumes in another account."""

    name: str = READER_NAME
    bot: str | None = None
    """The ARN of the bot's role; None: whoever deploys the role says it."""
    does: ClassVar[str] = "reads this account"
    watch: bool = False
    """By it events are taken off the account's queue."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it may do."""
        return (*reads(), *(watches() if self.watch else ()))


@dataclass(frozen=True, slots=True)
class ListerRole:
    """What the bot assumes in the management account, or in a delegated administrator's."""

    name: str = LISTER_NAME
    bot: str | None = None
    """As of `ReaderRole`."""
    does: ClassVar[str] = "lists the organization's accounts"

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it may do."""
        return lists()


AssumedRole = ReaderRole | ListerRole


def bot_role(
    numbers: Sequence[str],
    reader: str | None,
    configured: Iterable[AccountSettings],
    secrets: tuple[str, ...] = (),
    organization: OrganizationSettings | None = None,
    *,
    watch: bool = False,
    pods: ServiceAccount | None = None,
) -> BotRole:
    """The bot's role for the accounts of these numbers, else for those of the settings."""
    for number in numbers:
        if not re.fullmatch("[0-9]{12}", number, re.ASCII):
            raise UsageError(f"--account {shown(number)} is not the 12 digits of an AWS account.")
    name = _name(reader)
    arns = [f"arn:{{partition}}:iam::{number}:role/{name}" for number in numbers]
    arns = arns or [account.role_arn for account in configured if account.role_arn]
    return _short_enough(BotRole(tuple(dict.fromkeys(arns)), secrets, organization, watch, pods))


def reader_role(name: str | None, bot: str | None, *, watch: bool = False) -> ReaderRole:
    """The reader role of that name, which trusts the role with the ARN `bot`."""
    return ReaderRole(_name(name), _bot(bot), watch)


def lister_role(bot: str | None) -> ListerRole:
    """The role that lists an organization's accounts, and trusts the role with the ARN `bot`."""
    return ListerRole(bot=_bot(bot))


def _bot(bot: str | None) -> str | None:
    if bot is not None and not ROLE_ARN.fullmatch(bot):
        raise UsageError(
            f"--bot-role {shown(bot)} is not the ARN of an IAM role, as in "
            f"arn:aws:iam::123456789012:role/{BOT_NAME}."
        )
    return bot


def _name(given: str | None) -> str:
    if given is None:
        return READER_NAME
    if not ROLE_NAME.fullmatch(given):
        raise UsageError(
            f"--reader-role {shown(given)} is not a role's name: up to 64 letters, digits and "
            "any of _+=,.@- (IAM)."
        )
    return given


def _short_enough(role: BotRole) -> BotRole:
    policy = document(role.statements, _LONGEST_PARTITION, _ANY_ACCOUNT)
    if len(json.dumps(policy, separators=(",", ":"))) > LONGEST_POLICY:
        raise UsageError(
            f"A policy that names {len(role.readers)} reader roles is longer than the "
            f"{LONGEST_POLICY:,} characters that AWS allows for a role: name fewer accounts, or "
            "have them listed by SLSDIAG_ORGANIZATION."
        )
    return role
