"""
The two roles of an installation, as values: the bot's own, and the reader role in each other account.

Each has the permissions of `bot/aws/permissions.py`. The bot's own may assume the reader roles, and
nothing else; a reader role trusts the bot's role alone, and only with the external id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.account_settings import ROLE_ARN, AccountSettings
from bot.aws.operations import SECRET_VALUE
from bot.aws.permissions import Permission, Statement, document, reads
from bot.errors import UsageError
from bot.text.redaction import shown

BOT_NAME, READER_NAME = "slsdiag-bot", "slsdiag-reader"
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
_LONGEST_PARTITION, _ANY_ACCOUNT = "aws-us-gov", "0" * 12


@dataclass(frozen=True, slots=True)
class BotRole:
    """What the bot runs as."""

    readers: tuple[str, ...] = ()
    """ARN patterns of the roles that it may assume, with {partition}."""
    secrets: tuple[str, ...] = ()
    """ARNs of the secrets that it may read."""
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
        return (*reads(), *(statement for statement in more if statement.resources))


@dataclass(frozen=True, slots=True)
class ReaderRole:
    """What the bot assumes in another account."""

    name: str = READER_NAME
    bot: str | None = None
    """The ARN of the bot's role; None: whoever deploys the role says it."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it may do."""
        return reads()


def bot_role(
    numbers: Sequence[str],
    reader: str | None,
    configured: Iterable[AccountSettings],
    secrets: tuple[str, ...] = (),
) -> BotRole:
    """The bot's role for the accounts of these numbers, else for those of the settings."""
    for number in numbers:
        if not re.fullmatch("[0-9]{12}", number, re.ASCII):
            raise UsageError(f"--account {shown(number)} is not the 12 digits of an AWS account.")
    name = _name(reader)
    arns = [f"arn:{{partition}}:iam::{number}:role/{name}" for number in numbers]
    arns = arns or [account.role_arn for account in configured if account.role_arn]
    return _short_enough(BotRole(tuple(dict.fromkeys(arns)), secrets))


def reader_role(name: str | None, bot: str | None) -> ReaderRole:
    """The reader role of that name, which trusts the role with the ARN `bot`."""
    if bot is not None and not ROLE_ARN.fullmatch(bot):
        raise UsageError(
            f"--bot-role {shown(bot)} is not the ARN of an IAM role, as in "
            f"arn:aws:iam::123456789012:role/{BOT_NAME}."
        )
    return ReaderRole(_name(name), bot)


def _name(given: str | None) -> str:
    if given is None:
        return READER_NAME
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", given, re.ASCII):
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
            f"{LONGEST_POLICY:,} characters that AWS allows for a role: name fewer accounts."
        )
    return role
