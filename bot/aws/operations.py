"""
Every AWS operation that slsdiag uses, and the IAM policy that follows from them.

All calls go through `client.Account.call` with one of these, so this table is the whole truth;
a test compares it with what the code really calls. Rates are AWS's published quotas for each
account and region (requests a second); None where none is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ANYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation."""

    service: str
    method: str
    """As boto3 spells it."""
    action: str
    """The IAM action that allows it."""
    resources: tuple[str, ...] = ANYTHING
    """ARN patterns with {partition} and {account}."""
    rate: float | None = None
    shares: str | None = None
    """The quota that it shares with other operations."""


_FUNCTION = ("arn:{partition}:lambda:*:{account}:function:*",)
_GROUPS = (
    "arn:{partition}:logs:*:{account}:log-group:*",
    "arn:{partition}:logs:*:{account}:log-group:*:*",
)
_STACK = ("arn:{partition}:cloudformation:*:{account}:stack/Serverless-Inc-Role-Stack/*",)
_LAMBDA_RATE, _LAMBDA = 15.0, "lambda control plane"

FUNCTION_CONFIGURATION = Operation(
    "lambda",
    "get_function_configuration",
    "lambda:GetFunctionConfiguration",
    _FUNCTION,
    _LAMBDA_RATE,
    _LAMBDA,
)
LIST_FUNCTIONS = Operation(
    "lambda", "list_functions", "lambda:ListFunctions", ANYTHING, _LAMBDA_RATE, _LAMBDA
)
LIST_ALIASES = Operation(
    "lambda", "list_aliases", "lambda:ListAliases", _FUNCTION, _LAMBDA_RATE, _LAMBDA
)
DESCRIBE_STACKS = Operation(
    "cloudformation", "describe_stacks", "cloudformation:DescribeStacks", _STACK
)
STACK_EVENTS = Operation(
    "cloudformation", "describe_stack_events", "cloudformation:DescribeStackEvents", _STACK
)
LIST_STACKS = Operation("cloudformation", "list_stacks", "cloudformation:ListStacks")
METRIC_DATA = Operation("cloudwatch", "get_metric_data", "cloudwatch:GetMetricData", ANYTHING, 50.0)
LIST_METRICS = Operation("cloudwatch", "list_metrics", "cloudwatch:ListMetrics", ANYTHING, 25.0)
METRIC_STREAMS = Operation("cloudwatch", "list_metric_streams", "cloudwatch:ListMetricStreams")
FILTERS = Operation(
    "logs", "describe_subscription_filters", "logs:DescribeSubscriptionFilters", _GROUPS, 5.0
)
LOG_EVENTS = Operation("logs", "filter_log_events", "logs:FilterLogEvents", _GROUPS, 10.0)
LOG_GROUPS = Operation("logs", "describe_log_groups", "logs:DescribeLogGroups", ANYTHING, 10.0)
ACCOUNT_POLICIES = Operation("logs", "describe_account_policies", "logs:DescribeAccountPolicies")
"""Called only where no filter of ours is on the log group."""
DELIVERY_STREAM = Operation(
    "firehose",
    "describe_delivery_stream",
    "firehose:DescribeDeliveryStream",
    ("arn:{partition}:firehose:*:{account}:deliverystream/serverless_*",),
    5.0,
)
ROLE = Operation(
    "iam", "get_role", "iam:GetRole", ("arn:{partition}:iam::{account}:role/ServerlessRole",)
)
FUNCTIONS_ROLE = Operation(
    "iam", "get_role", "iam:GetRole", ("arn:{partition}:iam::{account}:role/*",)
)
"""Called only of what may be a Lambda@Edge function."""
TAGGED = Operation("resourcegroupstaggingapi", "get_resources", "tag:GetResources", ANYTHING, 15.0)
"""Called only where an owner's tag is set. Its rate is from memory."""
WHO_AM_I = Operation("sts", "get_caller_identity", "sts:GetCallerIdentity")

OPERATIONS = tuple(value for value in list(globals().values()) if isinstance(value, Operation))

_LOG_EVENTS_ELSEWHERE = {
    "us-east-1": 25.0,
    "eu-central-1": 5.0,
    "ap-northeast-3": 5.0,
    "ap-southeast-3": 5.0,
    "ca-west-1": 5.0,
    "il-central-1": 5.0,
}


def published_rate(operation: Operation, region: str) -> float | None:
    """Requests a second that AWS allows an account in `region`."""
    if operation is LOG_EVENTS:
        return _LOG_EVENTS_ELSEWHERE.get(region, operation.rate)
    return operation.rate


def policy(partition: str = "aws", account: str = "*") -> dict[str, Any]:
    """The least policy, one statement for each set of resources."""
    statements: dict[tuple[str, ...], list[str]] = {}
    for operation in OPERATIONS:
        if operation is not WHO_AM_I:  # needs no permission (AWS STS)
            statements.setdefault(operation.resources, []).append(operation.action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"SlsdiagReads{number}",
                "Effect": "Allow",
                "Action": sorted(set(actions)),
                "Resource": [
                    pattern.format(partition=partition, account=account) for pattern in resources
                ],
            }
            for number, (resources, actions) in enumerate(statements.items(), 1)
        ],
    }
