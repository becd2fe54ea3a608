"""IAM's answer → the role by which the platform enters the account."""

from __future__ import annotations

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.operations import ROLE
from bot.aws.refusals import code_of, or_missing
from checks.evidence import IntegrationRole, Missing
from checks.evidence.account import ROLE_NAME


def role(account: Account, region: str) -> IntegrationRole | Missing | None:
    """The role; None where it is gone. `region` only tells the partition."""

    def ask() -> IntegrationRole | None:
        try:
            return IntegrationRole(account.call(ROLE, region, RoleName=ROLE_NAME)["Role"]["Arn"])
        except ClientError as error:
            if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
                return None
            raise

    return or_missing(ROLE, region, ask)
