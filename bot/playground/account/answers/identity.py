"""IAM and STS: the integration's role, who calls, and keys of another account."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from bot.playground.account.answers.call import Answer, Call, iso
from bot.playground.account.faults import AwsError, caller_arn
from bot.playground.account.model import KEY_PREFIX

_LONG_AGO = datetime.now(UTC) - timedelta(days=30)


def _role(call: Call) -> Answer:
    name = str(call.arguments["RoleName"])
    services = call.account.trusts.get(name)
    if name not in call.account.roles and services is None:
        raise AwsError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": "AROAEXAMPLE",
            "Arn": f"arn:aws:iam::{call.account.id}:role/{name}",
            "CreateDate": iso(call.account.roles_made_at or _LONG_AGO),
            "AssumeRolePolicyDocument": quote(json.dumps(_trust(services or ()))),
        }
    }


def _trust(services: tuple[str, ...]) -> Answer:
    statements = [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        for service in services
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _caller(call: Call) -> Answer:
    account = call.account.id
    return {"UserId": "AROAEXAMPLE:demo", "Account": account, "Arn": caller_arn(account)}


def _assume(call: Call) -> Answer:
    """Keys that say which account they open; a refusal does not say which half was wrong."""
    arn = str(call.arguments["RoleArn"])
    number, name = arn.split(":")[4], arn.rpartition("/")[2]
    account = call.accounts.get(number)
    trusted = account is not None and name in account.trusted
    wanted = account.trusted.get(name) if account else None
    if account is None or not trusted or wanted not in {None, call.arguments.get("ExternalId")}:
        who = caller_arn(call.account.id)
        message = f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise AwsError("AccessDenied", message, 403)
    account.assumed_by.append(str(call.arguments["RoleSessionName"]))
    session = f"arn:aws:sts::{number}:assumed-role/{name}/{call.arguments['RoleSessionName']}"
    return {
        "Credentials": {
            "AccessKeyId": f"{KEY_PREFIX}{number}",
            "SecretAccessKey": "fake",
            "SessionToken": "fake",
            "Expiration": iso(call.now + timedelta(hours=1)),
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLE:session", "Arn": session},
    }


IAM = {"GetRole": _role}
STS = {"GetCallerIdentity": _caller, "AssumeRole": _assume}
