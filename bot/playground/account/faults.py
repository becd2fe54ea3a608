"""
Errors in AWS's words, faults to order, and AWS's published rates.

Each service spells refusals and throttling in its own way and with its own HTTP status; a
fault may be ordered by either spelling and is answered in the service's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_XML = frozenset({"cloudformation", "iam", "sts"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})
_THROTTLED = frozenset(
    {"Throttling", "ThrottlingException", "TooManyRequestsException", "ThrottledException"}
)
_UNAVAILABLE = frozenset({"ServiceUnavailable", "ServiceUnavailableException"})
_BROKEN = frozenset({"InternalFailure", "InternalServerError", "ServiceException", "InternalError"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})
_INVALID_KEY = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
_WORDS = (
    (_THROTTLED, "Rate exceeded"),
    (_UNAVAILABLE, "Service is temporarily unavailable."),
    (_BROKEN, "An internal error occurred."),
    (_EXPIRED, "The security token included in the request is expired"),
    (_INVALID_KEY, "The security token included in the request is invalid."),
)

RATES: Mapping[str, float] = {
    "lambda": 15.0,
    "logs:DescribeSubscriptionFilters": 5.0,
    "logs:FilterLogEvents": 10.0,
    "logs:DescribeLogGroups": 10.0,
    "cloudwatch:GetMetricData": 50.0,
    "cloudwatch:ListMetrics": 25.0,
    "firehose:DescribeDeliveryStream": 5.0,
    "resourcegroupstaggingapi:GetResources": 15.0,
    "organizations": 10.0,
    "cloudtrail:LookupEvents": 2.0,
}
"""Requests a second for an account and region, as published; Lambda's share one."""


@dataclass
class AwsError(Exception):
    """An error in AWS's words."""

    code: str
    message: str
    status: int = 400


@dataclass(frozen=True, slots=True)
class Fault:
    """An error to answer with."""

    service: str
    operation: str
    code: str
    probability: float = 1.0
    region: str | None = None
    message: str | None = None
    status: int | None = None
    account: str | None = None

    def fits(self, service: str, operation: str, region: str, account: str) -> bool:
        """Whether it is meant for such a call."""
        return (
            self.service == service
            and self.operation in {"*", operation}
            and self.region in {None, region}
            and self.account in {None, account}
        )

    def error(
        self, operation: str, account: str, region: str, arguments: Mapping[str, Any]
    ) -> AwsError:
        """What AWS would answer."""
        code = spelled(self.service, self.code)
        message = self.message
        if message is None and code in _DENIED:
            message = denial(self.service, operation, account, region, arguments)
        message = message or next((text for codes, text in _WORDS if code in codes), code)
        return AwsError(code, message, self.status or status_of(self.service, code))


def spelled(service: str, code: str) -> str:
    """`code` as `service` spells it."""
    if code in _DENIED:
        return "AccessDenied" if service in _XML else "AccessDeniedException"
    if code not in _THROTTLED:
        return code
    if service in {"lambda", "organizations"}:
        return "TooManyRequestsException"
    return "Throttling" if service in _XML | {"cloudwatch"} else "ThrottlingException"


def status_of(service: str, code: str) -> int:
    """The HTTP status that goes with `code`."""
    if code in _UNAVAILABLE:
        return 503
    if code in _BROKEN:
        return 500
    if code == "TooManyRequestsException" and service == "lambda":
        return 429
    forbidden = code in _DENIED | _EXPIRED | _INVALID_KEY
    return 403 if forbidden and service in _XML | {"lambda"} else 400


def denial(
    service: str, operation: str, account: str, region: str, arguments: Mapping[str, Any]
) -> str:
    """The sentence of a refusal, as IAM words it."""
    action = f"{service}:{operation}"
    return (
        f"User: {caller_arn(account)} is not authorized to perform: {action} on resource: "
        f"{_resource(service, account, region, arguments)} because no identity-based policy "
        f"allows the {action} action"
    )


def caller_arn(account: str) -> str:
    """Whoever calls, as STS names them."""
    return f"arn:aws:sts::{account}:assumed-role/slsdiag/demo"


def _resource(service: str, account: str, region: str, arguments: Mapping[str, Any]) -> str:
    kinds = {
        "FunctionName": "function:{}",
        "logGroupName": "log-group:{}:log-stream:",
        "DeliveryStreamName": "deliverystream/{}",
        "StackName": "stack/{}/*",
    }
    if "RoleName" in arguments:
        return f"arn:aws:iam::{account}:role/{arguments['RoleName']}"
    for argument, kind in kinds.items():
        if argument in arguments:
            return f"arn:aws:{service}:{region}:{account}:{kind.format(arguments[argument])}"
    return "*"


class Quotas:
    """A bucket of one second's requests for each account, region and rate."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, service: str, operation: str, region: str, account: str) -> bool:
        """Whether the call is within the rate."""
        name = service if service in RATES else f"{service}:{operation}"
        rate = RATES.get(name)
        if rate is None:
            return True
        with self._lock:
            now = time.monotonic()
            left, last = self._buckets.get((account, region, name), (rate, now))
            left = min(rate, left + (now - last) * rate)
            self._buckets[account, region, name] = (left - 1 if left >= 1 else left, now)
            return left >= 1
