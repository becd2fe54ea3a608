"""Each of AWS's errors has a sentence of its own, and AWS's words stay outside."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from bot.aws.operations import FILTERS
from bot.aws.refusals import or_missing
from checks.evidence import Missing

REGION = "eu-west-1"
ACTION = "logs:DescribeSubscriptionFilters"


def refused(code: str, message: str = "hunter2\x1b[2J", operation: str = "X", status: int = 400):
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, operation)


@pytest.mark.parametrize(
    ("error", "words", "action"),
    [
        (refused("AccessDeniedException"), "does not allow logs:Describe", ACTION),
        (refused("AccessDenied", "with an explicit deny in a"), "(by explicit deny)", ACTION),
        (refused("AccessDenied", "in a service control policy"), "service control policy", ACTION),
        (refused("AccessDenied", operation="AssumeRole"), "trust policy", "sts:AssumeRole"),
        (refused("ThrottlingException"), "rate-limiting", None),
        (refused("TooManyRequestsException"), "rate-limiting", None),
        (refused("OptInRequired"), "not enabled", None),
        (refused("UnrecognizedClientException"), "not enabled", None),
        (refused("ExpiredTokenException"), "expired", None),
        (refused("RequestTimeTooSkewed"), "clock", None),
        (refused("InternalFailure", status=500), "a fault of its own", None),
        (refused("SomethingNewException"), "with SomethingNewException", None),
        (refused("<b>\x1b[2J"), "an unknown error", None),
        (NoCredentialsError(), "no usable AWS credentials", None),
        (ReadTimeoutError(endpoint_url="x"), "did not answer in time", None),
        (EndpointConnectionError(endpoint_url="x"), "cannot be reached", None),
        (ResponseParserError("<html>"), "could not be read", None),
        (KeyError("Stacks"), "could not be read", None),
    ],
)
def test_error_becomes_a_sentence(error, words, action):
    def read() -> None:
        raise error

    found = or_missing(FILTERS, REGION, read)

    assert isinstance(found, Missing)
    assert words in found.why
    assert found.action == action
    assert found.why.isprintable()
    assert "hunter2" not in found.why


def test_mistake_of_our_own_is_not_hidden():
    def read() -> None:
        raise AttributeError

    with pytest.raises(AttributeError):
        or_missing(FILTERS, REGION, read)
