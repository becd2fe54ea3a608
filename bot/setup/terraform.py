"""The roles as Terraform configurations, each action with what it is needed for."""

from __future__ import annotations

import json

from bot.account_settings import ROLE_ARN
from bot.aws.permissions import Statement
from bot.setup import hcl, instructions
from bot.setup.roles import (
    EXTERNAL_ID,
    EXTERNAL_ID_LENGTHS,
    SERVICES,
    AssumedRole,
    BotRole,
    Service,
)

_PARTITION = "${data.aws_partition.current.partition}"
_ACCOUNT = "${data.aws_caller_identity.current.account_id}"


def reader(role: AssumedRole) -> str:
    """The configuration of a role that the bot assumes."""
    shortest, longest = EXTERNAL_ID_LENGTHS
    variables = hcl.READER_VARIABLES.substitute(
        default=f"\n  default     = {_quoted(role.bot)}" if role.bot else "",
        arn=_quoted(f"^{ROLE_ARN.pattern}$"),
        external_id=_quoted(f"^{EXTERNAL_ID}+$"),
        shortest=shortest,
        longest=longest,
    )
    return instructions.reader_configuration(role) + _configuration(role, variables, hcl.TRUST)


def bot(role: BotRole) -> str:
    """The configuration of the bot's own role."""
    head = instructions.bot_configuration(role)
    if role.pods:
        provider = _quoted(role.pods.provider(_PARTITION, _ACCOUNT))
        equal = "".join(_condition(*each) for each in role.pods.equal.items())
        trusted = hcl.WEB_IDENTITY.substitute(provider=provider, conditions=equal)
        return head + _configuration(role, "", trusted)
    services = {
        "first": _quoted(Service.ECS_TASKS),
        "all": json.dumps(SERVICES),
        "listed": ", ".join(SERVICES),
        "pods": _quoted(Service.EKS_PODS),
        "ec2": _quoted(Service.EC2),
    }
    variables, run, profile = (
        part.substitute(services) for part in (hcl.BOT_VARIABLES, hcl.RUN, hcl.PROFILE)
    )
    text = _configuration(role, variables, run)
    return f"{head}{text}\n{profile}"


def _configuration(role: BotRole | AssumedRole, variables: str, trust: str) -> str:
    return hcl.ROLE.substitute(
        variables=f"{variables}\n" if variables else "",
        trust=trust,
        permissions="\n".join(map(_statement, role.statements)),
        name=_quoted(role.name),
    )


def _statement(statement: Statement) -> str:
    actions = [
        (permission.serves, _quoted(permission.action)) for permission in statement.permissions
    ]
    return hcl.STATEMENT.substitute(
        sid=_quoted(statement.sid),
        actions="".join(f"      # {serves}\n      {action},\n" for serves, action in actions),
        resources="".join(f"      {_quoted(arn)},\n" for arn in statement.on(_PARTITION, _ACCOUNT)),
        conditions="".join(_condition(*each) for each in statement.equal.items()),
    )


def _condition(key: str, value: str) -> str:
    """&{...} is what IAM fills in, where ${...} is Terraform's (aws_iam_policy_document)."""
    iams = _quoted(value.replace("${", "&{"))
    return hcl.CONDITION.substitute(key=_quoted(key), value=iams)


def _quoted(text: str) -> str:
    """As HCL writes it: like JSON, and what is in ${...} is filled in."""
    return json.dumps(text)
