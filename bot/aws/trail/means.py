"""
How a change was made, by what one CloudTrail event shows.

A user agent is the caller's claim; `invokedBy`, and a service as the source of a request, are AWS's. Sources: AWS
CloudTrail User Guide; events in public repositories; the code of Serverless Framework 4, AWS CDK and AWS
SAM CLI. No real account was ever read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.aws.trail.event import Way
from bot.aws.trail.identity import DASHBOARD_ROLE, role_of, session_name, session_of
from checks.change import Means

_CLOUDFORMATION = "cloudformation.amazonaws.com"
_TEMPLATE = re.compile(
    r"/[^/]+/[^/]+/\d{13}-\d{4}-\d\d-\d\dT[\d:.%A-Fa-f]+Z/compiled-cloudformation-template\.json"
)
"""Where Serverless Framework uploads a stack's template (generate-artifact-directory-name.js)."""
_CDK_ROLE = re.compile(r"cdk-[a-z0-9]+-(?:cfn-exec|deploy)-role-\d{12}-[a-z0-9-]+")
_CDK_ASSETS = re.compile(r"\bcdk-[a-z0-9]+-assets-\d{12}-")
_TOOLS = (
    (
        re.compile(r"\b(?:Terraform|OpenTofu|terraform-provider-aws)/", re.IGNORECASE),
        Means.TERRAFORM,
    ),
    (re.compile(r"\bserverless-framework/", re.IGNORECASE), Means.SERVERLESS),
    (re.compile(r"\baws-cdk\b|\bcdk-cli\b", re.IGNORECASE), Means.CDK),
    (re.compile(r"\baws-sam-cli\b", re.IGNORECASE), Means.SAM),
)
_CONSOLE = re.compile(r"Mozilla/|console\.(?:amazonaws|aws\.amazon)\.com|signin\.amazonaws\.com")
_PROVIDERS = (
    ("token.actions.githubusercontent.com", "GitHub Actions"),
    ("gitlab", "GitLab CI"),
    ("bitbucket.org", "Bitbucket Pipelines"),
    ("circleci.com", "CircleCI"),
    ("buildkite.com", "Buildkite"),
    ("vstoken.dev.azure.com", "Azure Pipelines"),
)
_CODEBUILD = "AWSCodeBuild-"
"""How the sessions of AWS CodeBuild begin."""


def way_of(event: Mapping[str, Any], identity: Mapping[str, Any]) -> Way:
    """By one event. What a stack's update changed is CloudFormation's, whoever started it and however."""
    role, provider = role_of(identity) or "", _provider(identity)
    if role == DASHBOARD_ROLE:
        return Way(Means.DASHBOARD)
    if _by_cloudformation(event, identity):
        means = Means.CDK if _CDK_ROLE.fullmatch(role) else Means.CLOUDFORMATION
        return Way(means, provider, delegated=session_name(identity) == "AWSCloudFormation")
    agent = str(event.get("userAgent") or "")
    tool = _of_template(event) or next((means for at, means in _TOOLS if at.search(agent)), None)
    if tool is None and _CDK_ROLE.fullmatch(role):
        tool = Means.CDK
    if tool is None and _in_console(identity, agent):
        tool = Means.CONSOLE
    return Way(tool or (Means.CI if provider else Means.API), provider)


def _by_cloudformation(event: Mapping[str, Any], identity: Mapping[str, Any]) -> bool:
    """AWS's own word for it, of a change that a stack's update made."""
    return _CLOUDFORMATION in {identity.get("invokedBy"), event.get("sourceIPAddress")}


def _of_template(event: Mapping[str, Any]) -> Means | None:
    request = event.get("requestParameters")
    url = str(request.get("templateURL") or "") if isinstance(request, Mapping) else ""
    if _TEMPLATE.search(url):
        return Means.SERVERLESS
    return Means.CDK if _CDK_ASSETS.search(url) else None


def _in_console(identity: Mapping[str, Any], agent: str) -> bool:
    """Older events have no mark of their own, and name the console as the agent."""
    marked = str(identity.get("sessionCredentialFromConsole") or "").lower() == "true"
    marked = marked or str(session_of(identity).get("sessionCredentialFromConsole")) == "true"
    return marked or agent == "AWS Internal" or bool(_CONSOLE.search(agent))


def _provider(identity: Mapping[str, Any]) -> str | None:
    federation = session_of(identity).get("webIdFederationData")
    issuer = str(federation.get("federatedProvider")) if isinstance(federation, Mapping) else ""
    if session_name(identity).startswith(_CODEBUILD):
        return "CodeBuild"
    host = issuer.rpartition("oidc-provider/")[2].lower()
    return next((name for part, name in _PROVIDERS if part in host), None)
