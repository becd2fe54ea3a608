"""The policies of a role as the JSON documents that IAM takes."""

from __future__ import annotations

from typing import Any

from bot.aws.permissions import VERSION, document
from bot.setup.irsa import ServiceAccount
from bot.setup.roles import AssumedRole, BotRole

BOT, EXTERNAL_ID = "BOT_ROLE_ARN", "EXTERNAL_ID"
"""Placeholders: IAM refuses the first, and the second is no secret's value."""
EVERY_ACCOUNT = "*"


def of_bot(role: BotRole, partition: str) -> dict[str, Any]:
    """The policy of the bot's role; who may assume that role depends on where the bot runs."""
    return document(role.statements, _partition_of(_arns(role), partition), EVERY_ACCOUNT)


def of_reader(role: AssumedRole, partition: str) -> dict[str, Any]:
    """Both policies of a role that the bot assumes."""
    bots = [role.bot] if role.bot else []
    policy = document(role.statements, _partition_of(bots, partition), EVERY_ACCOUNT)
    return {"policy": policy, "trust": trust(role.bot or BOT, EXTERNAL_ID)}


def trust(bot: Any, external_id: Any) -> dict[str, Any]:
    """Who may assume a reader role: the bot's role alone, and only with the external id."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": bot},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }


def web_identity(provider: Any, pods: ServiceAccount) -> dict[str, Any]:
    """Who may assume the bot's role by IRSA: pods with that service account alone."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": pods.equal},
            }
        ],
    }


def _arns(role: BotRole) -> tuple[str, ...]:
    lister = role.organization.role_arn if role.organization else None
    return (*role.readers, *([lister] if lister else []), *role.secrets)


def _partition_of(arns: list[str] | tuple[str, ...], otherwise: str) -> str:
    """Roles of one installation are in one partition: none can be assumed from another."""
    named = [arn.split(":")[1] for arn in arns]
    return next((partition for partition in named if partition != "{partition}"), otherwise)
