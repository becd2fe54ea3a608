"""Each of AWS's errors has a sentence of its own, and AWS's words stay outside."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from bot.aws.errors import or_missing, refusal
from bot.aws.operations import FILTERS
from checks.evidence import Missing
from checks.facts.denials import DeniedBy, denied_by
from checks.model import granting

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
        (EndpointConnectionError(endpoint_url="x"), "cannot be reached from here", None),
        (
            EndpointConnectionError(endpoint_url="https://logs.eu-west-1.amazonaws.com/"),
            "logs in eu-west-1 cannot be reached from here.",
            None,
        ),
        (
            EndpointConnectionError(endpoint_url="http://u:hunter2@127.0.0.1:9/"),
            "logs in eu-west-1 cannot be reached at http://127.0.0.1:9.",
            None,
        ),
        (
            ProxyConnectionError(proxy_url="http://u:hunter2@proxy.internal:3128"),
            "cannot be reached through the proxy http://proxy.internal:3128.",
            None,
        ),
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


DENIALS = {
    DeniedBy.EXPLICIT_DENY: (
        "with an explicit deny in an identity-based policy",
        "Remove the statement that denies",
    ),
    DeniedBy.SERVICE_CONTROL_POLICY: (
        "with an explicit deny in a service control policy",
        "organization's administrators",
    ),
    DeniedBy.RESOURCE_CONTROL_POLICY: (
        "because no resource control policy allows the action",
        "organization's administrators",
    ),
    DeniedBy.PERMISSIONS_BOUNDARY: (
        "because no permissions boundary allows the action",
        "permissions boundary of slsdiag's role",
    ),
    DeniedBy.SESSION_POLICY: ("because no session policy allows the action", "session policy"),
    DeniedBy.ENDPOINT_POLICY: ("explicit deny in a VPC endpoint policy", "VPC endpoint"),
    DeniedBy.RESOURCE_POLICY: ("because no resource-based policy allows", "resource's own policy"),
    DeniedBy.KMS_KEY: (
        "The specified KMS key does not exist or is not allowed to be used with LogGroup 'x'",
        "KMS key's policy, allow kms:Decrypt",
    ),
}


@pytest.mark.parametrize("by", DENIALS)
def test_denial_that_no_permission_of_ours_can_lift_has_its_own_next_step(by):
    message, step = DENIALS[by]
    found = refusal(refused("AccessDeniedException", f"hunter2 {message}"), FILTERS, REGION)
    actions = granting(found)

    assert found.denied_by is by
    assert found.action == ("kms:Decrypt" if by is DeniedBy.KMS_KEY else ACTION)
    assert str(found.action) in found.why or ACTION in found.why
    assert [step in action.do for action in actions] == [True]
    assert "to slsdiag's role" not in actions[0].do
    assert "hunter2" not in found.why


def test_denial_by_want_of_a_permission_is_cured_by_it():
    message = f"because no identity-based policy allows the {ACTION} action"
    found = refusal(refused("AccessDenied", message), FILTERS, REGION)

    assert (found.denied_by, found.why) == (None, f"AWS does not allow {ACTION}.")
    assert granting(found)[0].do == f"Allow {ACTION} to slsdiag's role"


def test_role_that_cannot_be_assumed_wants_its_trust_policy_unless_another_policy_is_named():
    plain = refusal(refused("AccessDenied", operation="AssumeRole"), FILTERS, REGION)
    message = "with an explicit deny in a service control policy"
    denied = refusal(refused("AccessDenied", message, operation="AssumeRole"), FILTERS, REGION)

    assert "trust policy" in granting(plain)[0].do
    assert denied.denied_by is DeniedBy.SERVICE_CONTROL_POLICY
    assert (plain.action, denied.action) == ("sts:AssumeRole", "sts:AssumeRole")


def test_every_denial_has_its_sentence_and_its_step():
    for by in DeniedBy:
        assert by in {*DENIALS, DeniedBy.TRUST_POLICY}
        assert granting(Missing("Denied.", ACTION, by))[0].do != granting(Missing("", ACTION))[0].do


def test_policy_is_named_before_the_key_that_it_is_about():
    text = (
        "not authorized to perform: kms:Decrypt with an explicit deny in a service control policy"
    )

    assert denied_by(text) is DeniedBy.SERVICE_CONTROL_POLICY
    assert denied_by("not authorized to perform: kms:Decrypt") is DeniedBy.KMS_KEY


def test_mistake_of_our_own_is_not_hidden():
    def read() -> None:
        raise AttributeError

    with pytest.raises(AttributeError):
        or_missing(FILTERS, REGION, read)
