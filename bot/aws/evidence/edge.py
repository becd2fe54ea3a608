"""
IAM's answer → whether CloudFront may run the function (Lambda@Edge).

Such a function is never invoked in us-east-1: its replicas run and log elsewhere. Its role must
trust edgelambda.amazonaws.com (AWS CloudFront), so it is asked about only where nothing else
explains what is seen: in us-east-1, without instrumentation and without invocations.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from bot.aws.errors import code_of, or_missing
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.request import FunctionRequest
from bot.aws.operations import FUNCTIONS_ROLE
from checks.evidence import Invocations, Missing
from checks.evidence.account import STACK_REGION
from checks.s030_function_instrumented import signs_of

EDGE_REGION = STACK_REGION
"""CloudFront takes functions of us-east-1 only; the stack is there for reasons of its own."""
EDGE = "edgelambda.amazonaws.com"


def at_the_edge(
    request: FunctionRequest, configured: Configuration, invoked: Invocations | Missing
) -> bool | Missing | None:
    """None: it cannot be one, or it was not read."""
    if not configured.execution_role or not _may_be(configured, invoked):
        return None
    name = configured.execution_role.rpartition("/")[2]

    def read() -> bool:
        try:
            role = request.account.call(FUNCTIONS_ROLE, request.region, RoleName=name)["Role"]
        except ClientError as error:
            if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
                return False  # a role that is gone trusts nobody
            raise
        return trusts(role.get("AssumeRolePolicyDocument"), EDGE)

    return or_missing(FUNCTIONS_ROLE, request.region, read)


def _may_be(configured: Configuration, invoked: Invocations | Missing) -> bool:
    if configured.function.region != EDGE_REGION or isinstance(configured.environment, Missing):
        return False
    if signs_of(configured.function, configured.environment):
        return False
    return isinstance(invoked, Invocations) and not invoked.sums


def trusts(policy: Any, service: str) -> bool:
    """Whether a trust policy, as boto3 decodes it, lets `service` assume the role."""
    statements = policy.get("Statement") or [] if isinstance(policy, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") if statement.get("Effect") == "Allow" else None
        services = principal.get("Service") if isinstance(principal, dict) else None
        if service in ([services] if isinstance(services, str) else services or []):
            return True
    return False
