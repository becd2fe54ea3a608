"""The roles as CloudFormation templates in YAML, each action with what it is needed for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.account_settings import ROLE_ARN
from bot.aws.permissions import VERSION, Statement, conditions
from bot.setup import instructions
from bot.setup.commented_yaml import Short, commented, written
from bot.setup.documents import trust, web_identity
from bot.setup.roles import (
    EXTERNAL_ID,
    EXTERNAL_ID_LENGTHS,
    SERVICES,
    AssumedRole,
    BotRole,
    ReaderRole,
    Service,
)

_RUNS_AS = "The role that slsdiag runs as"


def reader(role: AssumedRole) -> str:
    """The template of a role that the bot assumes, for one account."""
    return instructions.reader_template(role) + written(_reader(role))


def stack_set(role: ReaderRole) -> str:
    """The same template, for the accounts of an organization."""
    return instructions.stack_set(role) + written(_reader(role))


def bot(role: BotRole) -> str:
    """The template of the bot's own role."""
    return instructions.bot_template(role) + written(_of_pods(role) or _of_service(role))


def _of_pods(role: BotRole) -> dict[str, Any] | None:
    if role.pods is None:
        return None
    provider = Short("Sub", role.pods.provider("${AWS::Partition}", "${AWS::AccountId}"))
    trusted = web_identity(provider, role.pods)
    return {**_head(_RUNS_AS), "Resources": {"Role": _role(role, trusted)}, **_OUTPUTS}


def _of_service(role: BotRole) -> dict[str, Any]:
    service = {
        "Type": "String",
        "Description": "What runs the bot",
        "Default": Service.ECS_TASKS.value,
        "AllowedValues": list(SERVICES),
    }
    return {
        **_head(_RUNS_AS, {"Service": service}),
        "Conditions": {"InPods": _runs(Service.EKS_PODS), "OnEc2": _runs(Service.EC2)},
        "Resources": {"Role": _role(role, _RUN), "InstanceProfile": _PROFILE},
        **_OUTPUTS,
    }


def _reader(role: AssumedRole) -> dict[str, Any]:
    shortest, longest = EXTERNAL_ID_LENGTHS
    bot_role_arn = {
        "Type": "String",
        "Description": "The ARN of the role that slsdiag runs as",
        "AllowedPattern": ROLE_ARN.pattern,
        **({"Default": role.bot} if role.bot else {}),
    }
    external_id = {
        "Type": "String",
        "Description": "A long random text; slsdiag has it as external_id",
        "NoEcho": True,
        "MinLength": shortest,
        "MaxLength": longest,
        "AllowedPattern": f"{EXTERNAL_ID}+",
    }
    parameters = {"BotRoleArn": bot_role_arn, "ExternalId": external_id}
    trusted = trust(Short("Ref", "BotRoleArn"), Short("Ref", "ExternalId"))
    return {
        **_head(f"The role by which slsdiag {role.does}", parameters),
        "Resources": {"Role": _role(role, trusted)},
        **_OUTPUTS,
    }


def _head(description: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        **({"Parameters": parameters} if parameters else {}),
    }


def _role(role: BotRole | AssumedRole, trusted: Mapping[str, Any]) -> dict[str, Any]:
    policy = {
        "Version": VERSION,
        "Statement": [_statement(statement) for statement in role.statements],
    }
    properties = {
        "RoleName": role.name,
        "AssumeRolePolicyDocument": trusted,
        "Policies": [{"PolicyName": role.name, "PolicyDocument": policy}],
    }
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "Sid": statement.sid,
        "Effect": "Allow",
        "Action": [
            commented(permission.action, permission.serves) for permission in statement.permissions
        ],
        "Resource": [
            Short("Sub", arn) if "${" in arn else arn
            for arn in statement.on("${AWS::Partition}", "${AWS::AccountId}")
        ],
        **conditions(statement),
    }


def _runs(service: Service) -> Short:
    return Short("Equals", [Short("Ref", "Service"), service.value])


_TAGS = Short("If", ["InPods", "sts:TagSession", Short("Ref", "AWS::NoValue")])
"""EKS Pod Identity tags its sessions (Amazon EKS User Guide, "EKS Pod Identity role")."""
_RUN = {
    "Version": VERSION,
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": Short("Ref", "Service")},
            "Action": ["sts:AssumeRole", _TAGS],
        }
    ],
}
_PROFILE = {
    "Type": "AWS::IAM::InstanceProfile",
    "Condition": "OnEc2",
    "Properties": {"Roles": [Short("Ref", "Role")]},
}
_OUTPUTS = {"Outputs": {"RoleArn": {"Value": Short("GetAtt", "Role.Arn")}}}
