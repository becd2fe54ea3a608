"""
AWS's errors → why a part is missing, each in a sentence of its own.

AWS's own message is not passed on: it may hold names and values of the account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    LoginError,
    MissingDependencyException,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    ReadTimeoutError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)
from botocore.parsers import ResponseParserError

from bot.aws.error_codes import DENIED, EXPIRED, NOT_ENABLED, SKEWED, THROTTLED
from bot.aws.operations import Operation
from bot.aws.texts import code as spelled
from bot.aws.texts import identifier
from bot.proxy import without_credentials
from checks.evidence import Missing
from checks.facts.denials import DeniedBy, denied_by

Part = TypeVar("Part")

NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    CredentialRetrievalError,
    TokenRetrievalError,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
    LoginError,
    MissingDependencyException,  # of `aws login`, which only the AWS CLI brings
)
NO_CONNECTION = (
    EndpointConnectionError,
    ConnectTimeoutError,
    BotoConnectionError,
    HTTPClientError,
)


_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Incomplete(LookupError):
    """AWS answered, but not completely."""


GARBLED = (ResponseParserError, LookupError, TypeError, ValueError)
"""What parsing raises when an answer does not come from AWS."""


NO_CREDENTIALS_MESSAGE = (
    "There are no usable AWS credentials: set AWS_PROFILE or the AWS_… variables."
)

FAILED = (ClientError, BotoCoreError)
"""AWS refused, or could not be reached."""

UNUSABLE = Missing("There are no usable AWS credentials.")
RENEW = Missing("The AWS session has expired and must be renewed.")
WRONG_KEY = Missing("AWS refused the signature: this machine's clock or secret key is wrong.")
NO_SESSION = frozenset({UNUSABLE.why, RENEW.why, WRONG_KEY.why})
"""Reasons that lie with the credentials, not the account."""


def code_of(error: ClientError) -> str:
    """AWS's error code, as "ThrottlingException"."""
    return spelled(error.response.get("Error", {}).get("Code"))


def or_missing(operation: Operation, region: str, read: Callable[[], Part]) -> Part | Missing:
    """What `read` finds, or why it could not be read."""
    try:
        return read()
    except ClientError as error:
        return refusal(error, operation, region)
    except BotoCoreError as error:
        return failure(error, operation, region)
    except Incomplete:
        return Missing(f"AWS answered {operation.action} in {region} only in part.")
    except GARBLED:
        return garbled(operation, region)


def garbled(operation: Operation, region: str) -> Missing:
    """What answered was not AWS, or a page of some proxy."""
    return Missing(f"What answered {operation.action} in {region} could not be read.")


def refusal(error: ClientError, operation: Operation, region: str) -> Missing:
    """AWS answered, but not with what was requested."""
    code, text = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
    if code in DENIED:
        return _denied(denied_by(text), operation, assuming=error.operation_name == "AssumeRole")
    if code in THROTTLED:
        return Missing(
            f"AWS is rate-limiting this account in {region}; other tools share its quota."
        )
    if code in NOT_ENABLED:
        return Missing(f"The region {region} or the service is not enabled for these credentials.")
    if code in EXPIRED:
        return RENEW
    if code in SKEWED:
        return WRONG_KEY
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500:  # noqa: PLR2004 - HTTP's server errors
        return Missing(f"AWS had a fault of its own in {region} ({operation.service}, {code}).")
    return Missing(f"AWS answered {operation.action} in {region} with {code}.")


def _denied(by: DeniedBy | None, operation: Operation, *, assuming: bool) -> Missing:
    """Who refuses decides what helps, so each has its own sentence."""
    if assuming and by is None:
        why = "the account's role does not let slsdiag in: check its trust policy and external id."
        return Missing(why, "sts:AssumeRole", DeniedBy.TRUST_POLICY)
    action = "sts:AssumeRole" if assuming else operation.action
    match by:
        case None:
            return Missing(f"AWS does not allow {action}.", action)
        case DeniedBy.KMS_KEY:
            return Missing(f"{action} needs a KMS key that slsdiag may not use.", "kms:Decrypt", by)
        case DeniedBy.SERVICE_CONTROL_POLICY | DeniedBy.RESOURCE_CONTROL_POLICY:
            return Missing(f"A {by} of the organization denies {action}.", action, by)
        case DeniedBy.EXPLICIT_DENY:
            return Missing(f"An explicit deny in a policy forbids {action}.", action, by)
    return Missing(f"The {by} does not allow {action}.", action, by)


def failure(error: BotoCoreError, operation: Operation, region: str) -> Missing:
    """AWS was not reached, or did not answer."""
    if isinstance(error, NO_CREDENTIALS):
        return UNUSABLE
    if isinstance(error, ReadTimeoutError):
        return Missing(f"{operation.service} in {region} did not answer in time.")
    if isinstance(error, NO_CONNECTION):
        return Missing(f"{operation.service} in {region} cannot be reached {_by_way_of(error)}.")
    return Missing(f"The request to {operation.service} failed ({type(error).__name__}).")


def _by_way_of(error: BotoCoreError) -> str:
    """Where the connection failed, if that is not an address of AWS: a proxy, or AWS_ENDPOINT_URL."""
    if isinstance(error, ProxyConnectionError):
        return f"through the proxy {without_credentials(str(error.kwargs.get('proxy_url')))}"
    address = urlsplit(str(error.kwargs.get("endpoint_url", "")))
    host = address.hostname or ""
    if not host or host.endswith(_AWS_HOSTS):
        return "from here"
    return f"at {address.scheme}://{identifier(address.netloc.rpartition('@')[2])}"
