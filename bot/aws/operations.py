"""
Every AWS operation that slsdiag uses; the IAM policy follows from them (`permissions.py`).

All calls go through `client.Account.call` with one of these, so this table is the whole truth;
a test compares it with what the code really calls. Rates are AWS's published quotas for each
account and region (requests a second); None where none is published.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    serves: str = ""
    """What is read with it, for people who decide whether to allow the action."""
    optional: bool = False
    """Without it reports lack a line, and nothing else changes."""


_FUNCTION = ("arn:{partition}:lambda:*:{account}:function:*",)
_GROUPS = (
    "arn:{partition}:logs:*:{account}:log-group:*",
    "arn:{partition}:logs:*:{account}:log-group:*:*",
)
_STACK = ("arn:{partition}:cloudformation:*:{account}:stack/Serverless-Inc-Role-Stack/*",)
_TRAILS = ("arn:{partition}:cloudtrail:*:*:trail/*",)
"""An organization's trail is its management account's."""
_LAMBDA_RATE, _LAMBDA = 15.0, "lambda control plane"

FUNCTION_CONFIGURATION = Operation(
    "lambda",
    "get_function_configuration",
    "lambda:GetFunctionConfiguration",
    _FUNCTION,
    _LAMBDA_RATE,
    _LAMBDA,
    serves="The function's runtime, layers, variables and limits; every check needs them",
)
LIST_FUNCTIONS = Operation(
    "lambda",
    "list_functions",
    "lambda:ListFunctions",
    ANYTHING,
    _LAMBDA_RATE,
    _LAMBDA,
    serves="All functions of the account: for scans, digests and the search by name",
)
LIST_ALIASES = Operation(
    "lambda",
    "list_aliases",
    "lambda:ListAliases",
    _FUNCTION,
    _LAMBDA_RATE,
    _LAMBDA,
    serves="Which published versions are invoked by way of an alias",
)
DESCRIBE_STACKS = Operation(
    "cloudformation",
    "describe_stacks",
    "cloudformation:DescribeStacks",
    _STACK,
    serves="Whether the integration's stack exists and is complete",
)
STACK_EVENTS = Operation(
    "cloudformation",
    "describe_stack_events",
    "cloudformation:DescribeStackEvents",
    _STACK,
    serves="Why the integration's stack failed",
)
LIST_STACKS = Operation(
    "cloudformation",
    "list_stacks",
    "cloudformation:ListStacks",
    serves="Whether the integration's stack was deleted, or has another name",
)
METRIC_DATA = Operation(
    "cloudwatch",
    "get_metric_data",
    "cloudwatch:GetMetricData",
    ANYTHING,
    50.0,
    serves="How often functions are invoked, and what log filters and the Firehose delivered",
)
LIST_METRICS = Operation(
    "cloudwatch",
    "list_metrics",
    "cloudwatch:ListMetrics",
    ANYTHING,
    25.0,
    serves="Which versions are invoked by their numbers, and which log filters forward anything",
)
METRIC_STREAMS = Operation(
    "cloudwatch",
    "list_metric_streams",
    "cloudwatch:ListMetricStreams",
    serves="Whether the integration's metric stream runs",
)
FILTERS = Operation(
    "logs",
    "describe_subscription_filters",
    "logs:DescribeSubscriptionFilters",
    _GROUPS,
    5.0,
    serves="Whether a subscription filter sends the function's log to Serverless",
)
LOG_EVENTS = Operation(
    "logs",
    "filter_log_events",
    "logs:FilterLogEvents",
    _GROUPS,
    10.0,
    serves="What the SDK wrote into the function's log: telemetry payloads and errors",
)
LOG_GROUPS = Operation(
    "logs",
    "describe_log_groups",
    "logs:DescribeLogGroups",
    ANYTHING,
    10.0,
    serves="Whether the function's log group exists, and its class",
)
ACCOUNT_POLICIES = Operation(
    "logs",
    "describe_account_policies",
    "logs:DescribeAccountPolicies",
    serves="Whether a subscription filter of the whole account takes the log",
)
"""Called only where no filter of ours is on the log group."""
DELIVERY_STREAM = Operation(
    "firehose",
    "describe_delivery_stream",
    "firehose:DescribeDeliveryStream",
    ("arn:{partition}:firehose:*:{account}:deliverystream/serverless_*",),
    5.0,
    serves="Whether the integration's Firehose streams exist and are active",
)
ROLE = Operation(
    "iam",
    "get_role",
    "iam:GetRole",
    ("arn:{partition}:iam::{account}:role/ServerlessRole",),
    serves="Whether the integration's role exists",
)
FUNCTIONS_ROLE = Operation(
    "iam",
    "get_role",
    "iam:GetRole",
    ("arn:{partition}:iam::{account}:role/*",),
    serves="Whether CloudFront may run the function (Lambda@Edge): its role says so",
)
"""Called only of what may be a Lambda@Edge function."""
TAGGED = Operation(
    "resourcegroupstaggingapi",
    "get_resources",
    "tag:GetResources",
    ANYTHING,
    15.0,
    serves="A function's owner (SLSDIAG_OWNER_TAG), and its stack where CloudFormation changed it",
)
"""Called where an owner's tag is set, and of a function that CloudFormation has changed. Its rate is from memory."""
LOOKUP_EVENTS = Operation(
    "cloudtrail",
    "lookup_events",
    "cloudtrail:LookupEvents",
    ANYTHING,
    2.0,
    serves="Optional: who made the change that broke a function, by role, and how",
    optional=True,
)
"""Called at most three times, and only where the cause is about a change. AWS does not raise its rate."""
DESCRIBE_TRAILS = Operation(
    "cloudtrail",
    "describe_trails",
    "cloudtrail:DescribeTrails",
    serves="Optional: whether a trail records deployments, for Dashboard's repair and for watching",
    optional=True,
)
TRAIL_STATUS = Operation(
    "cloudtrail",
    "get_trail_status",
    "cloudtrail:GetTrailStatus",
    _TRAILS,
    serves="Optional: whether that trail is logging, or was stopped",
    optional=True,
)
EVENT_SELECTORS = Operation(
    "cloudtrail",
    "get_event_selectors",
    "cloudtrail:GetEventSelectors",
    _TRAILS,
    serves="Optional: whether another trail logs calls that change something",
    optional=True,
)
"""Called only where Dashboard's own trail is not logging."""
EVENT_RULES = Operation(
    "events",
    "list_rules",
    "events:ListRules",
    serves="Optional: whether the rules by which Dashboard hears of deployments are enabled",
    optional=True,
)
"""Called, as those of trails are, only where layer or variables are missing after a deployment."""
WHO_AM_I = Operation(
    "sts", "get_caller_identity", "sts:GetCallerIdentity", serves="The account's number"
)
"""Needs no permission (AWS STS, GetCallerIdentity)."""

OPERATIONS = tuple(value for value in list(globals().values()) if isinstance(value, Operation))

SECRET_VALUE = Operation(
    "secretsmanager",
    "get_secret_value",
    "secretsmanager:GetSecretValue",
    (),
    serves="The secrets that the settings file refers to",
)
"""None of OPERATIONS: only the bot's own role may have it, on the secrets that its settings file names."""

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
