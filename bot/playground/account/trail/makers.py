"""
Who changes something, and how: CloudTrail's userIdentity and what stands around it.

Every maker carries canaries where real events carry what is private.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

EMAIL = "canary.jo@mail.example"
ADDRESS = "203.0.113.77"
KEY = "ASIACANARY0000000077"
SESSION = "canary-session-of-jo"
PRINCIPAL = "AROACANARYPRINCIPAL77"
PRIVATE = (EMAIL, ADDRESS, KEY, SESSION, PRINCIPAL)
"""What may be seen nowhere outside the AWS door."""
CLOUDFORMATION = "cloudformation.amazonaws.com"
_MOZILLA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
_CLI = "aws-cli/2.15.0 Python/3.11.6 Linux/6.1 prompt/off"
_BOTO = "Boto3/1.34.0 md/Botocore#1.34.0 lang/python#3.11"


@dataclass(frozen=True, slots=True)
class Maker:
    """One caller."""

    identity: Mapping[str, Any]
    agent: str = _CLI
    address: str = ADDRESS


def user(account: str, name: str = "jo", *, agent: str = _CLI) -> Maker:
    """An IAM user, with an access key."""
    return Maker(
        {
            "type": "IAMUser",
            "principalId": PRINCIPAL,
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": KEY,
            "userName": name,
        },
        agent,
    )


def root(account: str) -> Maker:
    """The account's owner, in the console."""
    identity = {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
        "accessKeyId": KEY,
    }
    return in_console(Maker(identity))


def role(account: str, name: str, session: str = SESSION, *, agent: str = _CLI) -> Maker:
    """A session of a role."""
    context = {
        "sessionIssuer": {
            "type": "Role",
            "principalId": PRINCIPAL,
            "arn": f"arn:aws:iam::{account}:role/{name}",
            "accountId": account,
            "userName": name,
        },
        "attributes": {"creationDate": "2026-11-02T14:20:01Z", "mfaAuthenticated": "false"},
        "sourceIdentity": EMAIL,
    }
    identity = {
        "type": "AssumedRole",
        "principalId": f"{PRINCIPAL}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "accessKeyId": KEY,
        "sessionContext": context,
    }
    return Maker(identity, agent)


def sso(account: str, permission_set: str) -> Maker:
    """A person by IAM Identity Center; the session is called by the person's address."""
    return role(account, f"AWSReservedSSO_{permission_set}_0123456789abcdef", EMAIL)


def in_console(maker: Maker) -> Maker:
    """The same in the AWS console."""
    marked = {**maker.identity, "sessionCredentialFromConsole": "true"}
    return replace(maker, identity=marked, agent=_MOZILLA)


def by_oidc(
    account: str, name: str, provider: str = "token.actions.githubusercontent.com"
) -> Maker:
    """A role that a CI has taken by its provider's token."""
    maker = role(account, name, "GitHubActions", agent=_BOTO)
    federation = {
        "federatedProvider": f"arn:aws:iam::{account}:oidc-provider/{provider}",
        "attributes": {},
    }
    context = {**maker.identity["sessionContext"], "webIdFederationData": federation}
    return replace(maker, identity={**maker.identity, "sessionContext": context})


def terraform(account: str, name: str) -> Maker:
    """A role that Terraform uses."""
    agent = (
        "APN/1.0 HashiCorp/1.0 Terraform/1.6.6 (+https://www.terraform.io) "
        "terraform-provider-aws/5.31.0 (+https://registry.terraform.io/providers/hashicorp/aws)"
    )
    return role(account, name, agent=agent)


def serverless(account: str, name: str) -> Maker:
    """`serverless deploy function`, which calls Lambda itself."""
    return role(account, name, agent="serverless-framework/4.4.18 aws-sdk-js/3.600.0")


def dashboard(account: str) -> Maker:
    """Serverless Framework Dashboard, which enters by the integration's role."""
    return role(account, "ServerlessRole", agent="aws-sdk-nodejs/2.1500.0")


def stack_of(maker: Maker) -> Maker:
    """CloudFormation on behalf of `maker`, whose own identity it keeps."""
    return Maker({**maker.identity, "invokedBy": CLOUDFORMATION}, CLOUDFORMATION, CLOUDFORMATION)


def service_role(account: str, name: str) -> Maker:
    """CloudFormation by a role of its own: who started it is in another event."""
    return stack_of(role(account, name, "AWSCloudFormation"))
