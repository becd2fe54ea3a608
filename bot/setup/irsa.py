"""Which pods of a Kubernetes cluster get the bot's role by IRSA: IAM roles for service accounts (Amazon EKS User Guide)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import UsageError
from bot.text.redaction import shown

AUDIENCE = "sts.amazonaws.com"
"""Whom the cluster's tokens are for, unless the service account names another audience."""
DEFAULT = "default/slsdiag"
"""The service account of the chart, where its release is called slsdiag."""
_ISSUER = re.compile(r"(?:https://)?([a-z0-9.-]+(?:/[\w./-]*[\w-])?)/?", re.ASCII)
_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """One of a cluster whose tokens IAM trusts."""

    issuer: str
    """Of the cluster's tokens, without https://, as IAM names its OIDC provider."""
    namespace: str
    name: str

    @property
    def equal(self) -> dict[str, str]:
        """What a token must say, by the key of the trust policy's condition."""
        subject = f"system:serviceaccount:{self.namespace}:{self.name}"
        return {f"{self.issuer}:aud": AUDIENCE, f"{self.issuer}:sub": subject}

    def provider(self, partition: str, account: str) -> str:
        """The ARN of the cluster's OIDC provider, in the account of the role."""
        return f"arn:{partition}:iam::{account}:oidc-provider/{self.issuer}"


def service_account(issuer: str, name: str = DEFAULT) -> ServiceAccount:
    """From the words of the command line."""
    cluster = _ISSUER.fullmatch(issuer)
    if cluster is None:
        raise UsageError(
            f"--irsa {shown(issuer)} is not the address of a cluster's OIDC issuer. This prints it: "
            "aws eks describe-cluster --name CLUSTER --query cluster.identity.oidc.issuer"
        )
    names = re.fullmatch(f"({_NAME})/({_NAME})", name, re.ASCII)
    if names is None:
        raise UsageError(f"--service-account {shown(name)} is not NAMESPACE/NAME, as {DEFAULT} is.")
    return ServiceAccount(cluster[1], names[1], names[2])
