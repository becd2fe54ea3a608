"""
Whether each action of bot/aws/operations.py is allowed, by calling it harmlessly.

The calls are those that a check makes anyway, about things that need not exist: "no such
function" comes only from an AWS that would have let us read it. Nothing is simulated, so no
further permission is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import operations as aws
from bot.aws.client import Account
from bot.aws.error_codes import EXPIRED, NOT_ENABLED, SKEWED, THROTTLED
from bot.aws.errors import GARBLED, code_of, failure, garbled, refusal
from bot.aws.operations import Operation
from bot.aws.parallel import Wave
from checks.evidence import Missing
from checks.evidence.account import ROLE_NAME, STACK_NAME
from checks.evidence.region import RULE_PREFIX, TRAIL

NOBODY = "slsdiag-doctor-asks-for-no-such-function"
_GROUP = f"/aws/lambda/{NOBODY}"
_METRIC = {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": []}
_ALIKE: Mapping[Operation, Mapping[str, Any]] = {
    aws.WHO_AM_I: {},
    aws.DESCRIBE_TRAILS: {},
    aws.TRAIL_STATUS: {"Name": TRAIL},
    aws.EVENT_SELECTORS: {"TrailName": TRAIL},
    aws.EVENT_RULES: {"NamePrefix": RULE_PREFIX},
}
UNSAID = THROTTLED | NOT_ENABLED | EXPIRED | SKEWED
"""Codes that say nothing of what is allowed."""


def probes(now: datetime) -> Mapping[Operation, Mapping[str, Any]]:
    """The arguments of each call."""
    query = {"Id": "q0", "MetricStat": {"Metric": _METRIC, "Period": 60, "Stat": "Sum"}}
    span = {"StartTime": now - timedelta(minutes=5), "EndTime": now}
    return {
        aws.FUNCTION_CONFIGURATION: {"FunctionName": NOBODY},
        aws.LIST_FUNCTIONS: {"MaxItems": 1},
        aws.LIST_ALIASES: {"FunctionName": NOBODY},
        aws.DESCRIBE_STACKS: {"StackName": STACK_NAME},
        aws.STACK_EVENTS: {"StackName": STACK_NAME},
        aws.LIST_STACKS: {},
        aws.METRIC_DATA: {"MetricDataQueries": [query], **span},
        aws.LIST_METRICS: {"Namespace": "AWS/Lambda", "MetricName": "Invocations"},
        aws.METRIC_STREAMS: {},
        aws.FILTERS: {"logGroupName": _GROUP},
        aws.LOG_EVENTS: {"logGroupName": _GROUP, "limit": 1},
        aws.LOG_GROUPS: {"logGroupNamePrefix": _GROUP, "limit": 1},
        aws.ACCOUNT_POLICIES: {"policyType": "SUBSCRIPTION_FILTER_POLICY"},
        aws.DELIVERY_STREAM: {"DeliveryStreamName": "serverless_logs-firehose"},
        aws.ROLE: {"RoleName": ROLE_NAME},
        aws.FUNCTIONS_ROLE: {"RoleName": NOBODY},
        aws.TAGGED: {"ResourceTypeFilters": ["lambda:function"], "ResourcesPerPage": 1},
        aws.LOOKUP_EVENTS: {"MaxResults": 1, **span},
        **_ALIKE,
    }


def credentials(account: Account) -> bool:
    """Whether any are set; what is set wrongly counts, and `entered` says so."""
    try:
        return account.session.get_credentials() is not None
    except BotoCoreError:
        return True


def entered(account: Account, region: str) -> Missing | None:
    """Whether these credentials, or the role, open the account at all; finds out its number."""
    refused = _probed(aws.WHO_AM_I, region, lambda: account.call(aws.WHO_AM_I, region))
    if refused is None:
        account.identify(region)
    return refused


def permitted(account: Account, region: str, *, tags: bool) -> Mapping[Operation, Missing | None]:
    """
    Of each operation None when it is allowed, or why not; all at once, within 45 seconds.

    `tags`: whether owners' tags are read at all.
    """
    wave = Wave(lambda _: None)

    def probe(operation: Operation, arguments: Mapping[str, Any]) -> Missing | None:
        return _probed(operation, region, lambda: account.call(operation, region, **arguments))

    calls = {
        operation: wave.begin(lambda probed=(operation, given): probe(*probed))  # type: ignore[misc]
        for operation, given in probes(datetime.now(UTC)).items()
        if tags or operation is not aws.TAGGED
    }
    return {operation: wave.get(future) for operation, future in calls.items()}


def _probed(operation: Operation, region: str, call: Callable[[], object]) -> Missing | None:
    try:
        call()
    except ClientError as error:
        missing = refusal(error, operation, region)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        says_something = missing.action or code_of(error) in UNSAID or status >= 500  # noqa: PLR2004 - HTTP's
        return missing if says_something else None
    except BotoCoreError as error:
        return failure(error, operation, region)
    except GARBLED:
        return garbled(operation, region)
    return None
