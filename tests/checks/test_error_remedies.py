"""What helps against each kind of error, where it stopped a function or the whole account."""

from __future__ import annotations

import pytest
from situations import a_function

from checks.error_remedies import CODES, REMEDIES, code_of, fix, for_account, for_function
from checks.error_remedies.remedy import Then
from checks.facts.error_texts import ErrorKind, classify, quoted

FUNCTION = a_function()
TOGGLE = "Turn Instrument off, save, turn it on and save again"
INTEGRATE = "For every function of the account: remove this account's integration and add it again"
THEN = {
    Then.INTEGRATE: {
        ErrorKind.TRUST,
        ErrorKind.FIREHOSE_ROLE,
        ErrorKind.FIREHOSE_MISSING,
        ErrorKind.TRAILS,
        ErrorKind.ROLE_EXISTS,
        ErrorKind.ROLE_DELETED,
        ErrorKind.POLICIES_ATTACHED,
        ErrorKind.BUCKET_NOT_EMPTY,
        ErrorKind.CUSTOM_RESOURCE,
        ErrorKind.QUOTA,
    },
    Then.NOTHING: {
        ErrorKind.LAYER_NOT_SHARED,
        ErrorKind.EXECUTION_ROLE,
        ErrorKind.NETWORK,
        ErrorKind.IMAGE,
        ErrorKind.FILE_SYSTEM,
        ErrorKind.PACKAGE,
        ErrorKind.START,
        ErrorKind.CAPACITY,
        ErrorKind.FUNCTION_GONE,
        ErrorKind.OTHER_ORG,
        ErrorKind.REGION,
        ErrorKind.FILTER_LIMIT,
        ErrorKind.OTHER,
    },
}
BY_ITSELF = {ErrorKind.FIREHOSE_MISSING, ErrorKind.ROLE_DELETED, ErrorKind.FILTER_LIMIT}
"""Kinds whose reason nothing but the last step removes (of filters: see their step)."""


def then_of(kind):
    return next((then for then, kinds in THEN.items() if kind in kinds), Then.TOGGLE)


@pytest.mark.parametrize("kind", ErrorKind)
def test_reason_is_removed_first_and_then_what_failed_is_tried_again(kind):
    first = fix(kind, FUNCTION)
    rest = [action.do for action in for_function(kind, FUNCTION)[len(first) :]]

    assert for_function(kind, FUNCTION)[: len(first)] == first
    assert bool(first) is (kind not in BY_ITSELF)
    wanted = {Then.TOGGLE: TOGGLE, Then.INTEGRATE: INTEGRATE, Then.NOTHING: None}[then_of(kind)]
    assert [each.startswith(str(wanted)) for each in rest] == ([True] if wanted else [])


@pytest.mark.parametrize("kind", ErrorKind)
def test_for_the_account_nothing_is_toggled(kind):
    first = fix(kind, FUNCTION)
    rest = [action.do for action in for_account(kind, FUNCTION)[len(first) :]]

    again = then_of(kind) is not Then.NOTHING
    assert [each.startswith(INTEGRATE) for each in rest] == ([True] if again else [])


def test_frozen_version_is_published_again_instead():
    frozen = a_function(qualifier="live", version="7")
    actions = [action.do for action in for_function(ErrorKind.CODE_SIZE, frozen)]

    assert not any(TOGGLE in each for each in actions)


def test_every_kind_has_a_code_and_a_headline_of_its_own():
    assert set(REMEDIES) == set(ErrorKind)
    assert len(set(CODES)) == len(ErrorKind)
    assert code_of(ErrorKind.ROLE_EXISTS) == "role_exists"
    headlines = [remedy.headline for remedy in REMEDIES.values()]
    assert len(set(headlines)) == len(headlines)
    assert max(map(len, headlines)) <= 60


def test_only_what_nobody_knows_goes_to_support():
    for kind in ErrorKind:
        said = " ".join(action.do for action in for_function(kind, FUNCTION))
        assert ("Serverless's support" in said) is (kind is ErrorKind.OTHER)


TEXTS = {
    ErrorKind.SERVICE_CONTROL_POLICY: (
        "x with an explicit deny in a service control policy",
        "x because no service control policy allows the a:B action",
        "not authorized to perform: lambda:GetLayerVersion with an explicit deny in a resource "
        "control policy",
    ),
    ErrorKind.BOUNDARY: (
        "x because no permissions boundary allows the a:B action",
        "x with an explicit deny in a permissions boundary",
    ),
    ErrorKind.FIREHOSE_ROLE: ("Firehose is unable to assume role arn:x",),
    ErrorKind.FIREHOSE_NOT_READY: ("could not deliver test message to Firehose",),
    ErrorKind.CODE_SIZE: (
        "Layers consume more than the available size of 262144000 bytes",
        "exceeds the available size of 1 bytes",
    ),
    ErrorKind.LAYERS: ("more than five layers",),
    ErrorKind.KMS: ("The KMS key x is disabled", "KMSAccessDeniedException: no"),
    ErrorKind.NETWORK: ("Lambda was not able to set up VPC access", "Reason: InvalidSubnet."),
    ErrorKind.EXECUTION_ROLE: ("The role cannot be assumed by Lambda",),
    ErrorKind.START: ("FunctionError.InitTimeout", "It said FunctionError."),
    ErrorKind.ROLE_EXISTS: (
        "EntityAlreadyExists",
        "Resource of type 'AWS::IAM::Role' with identifier 'ServerlessRole' already exists.",
        "ServerlessRole already exists in stack x",
        "ServerlessMonitoringRole already exists",
    ),
    ErrorKind.POLICIES_ATTACHED: ("Cannot delete entity, must detach all policies first.",),
    ErrorKind.BUCKET_NOT_EMPTY: ("The bucket you tried to delete is not empty", "BucketNotEmpty"),
    ErrorKind.ROLE_DELETED: ("The role with name ServerlessRole cannot be found.",),
    ErrorKind.OTHER_ORG: (
        "Received response status [FAILED] from custom resource. Message returned: Account is "
        "already integrated with another organization",
    ),
    ErrorKind.CUSTOM_RESOURCE: ("Received response status [FAILED] from custom resource.",),
    ErrorKind.REGION: ("RegionDisabledException",),
    ErrorKind.THROTTLED: ("Rate (Limit) Exceeded", "TooManyRequestsException", "Throttling"),
    ErrorKind.OTHER: (
        "",
        "Oops",
        "InternalError",
        "My bucket already exists",
        "x because no identity-based policy allows the a:B action",
    ),
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in TEXTS.items() for text in texts]
)
def test_texts_of_stacks_and_updates_have_their_kind(kind, text):
    assert classify(text) is kind


def test_long_text_is_cut_and_what_aws_repeats_is_left_out():
    assert quoted("x" * 300) == "x" * 300
    assert quoted("x" * 301) == "x" * 300 + "…"
    assert quoted(" a\n b  String measured: {secret}") == "a b"
