"""A CloudTrail event at the AWS door: who, how, about what; nothing private passes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.trail.reading import event_of, read
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import event
from checks.change import Actor, Means

ACCOUNT, PLACE = "123456789012", ("123456789012", "eu-west-1")
AT = datetime(2026, 11, 2, 14, 21, 7, tzinfo=UTC)
NAME = "UpdateFunctionConfiguration20150331v2"
BARE = {"functionName": "orders", "environment": {}}


def seen(maker, name=NAME, service="lambda", request=BARE, response=None, users=True, **more):
    return event_of(event(service, name, maker, AT, PLACE, request, response, **more), users=users)


SSO = makers.sso(ACCOUNT, "Power_Users")
ROLE = makers.role(ACCOUNT, "deploy-prod")
OLD_CONSOLE = makers.role(ACCOUNT, "ops", agent="console.amazonaws.com")
TOFU = makers.role(ACCOUNT, "ops", agent="APN/1.0 OpenTofu/1.8.0 terraform-provider-aws/5.31.0")


@pytest.mark.parametrize(
    ("maker", "actor", "name", "means"),
    [
        pytest.param(makers.user(ACCOUNT), Actor.USER, "jo", Means.API, id="a user"),
        pytest.param(makers.root(ACCOUNT), Actor.OTHER, "the root user", Means.CONSOLE, id="root"),
        pytest.param(SSO, Actor.PERMISSION_SET, "Power_Users", Means.API, id="a permission set"),
        pytest.param(ROLE, Actor.ROLE, "deploy-prod", Means.API, id="a role"),
        pytest.param(OLD_CONSOLE, Actor.ROLE, "ops", Means.CONSOLE, id="the console, long ago"),
        pytest.param(TOFU, Actor.ROLE, "ops", Means.TERRAFORM, id="OpenTofu"),
        pytest.param(
            makers.dashboard(ACCOUNT), Actor.ROLE, "ServerlessRole", Means.DASHBOARD, id="Dashboard"
        ),
        pytest.param(
            makers.role(ACCOUNT, "build", "AWSCodeBuild-1a2b"),
            Actor.ROLE,
            "build",
            Means.CI,
            id="CodeBuild",
        ),
        pytest.param(
            makers.by_oidc(ACCOUNT, "app", "oidc.eks.eu-west-1.amazonaws.com/id/1A2B"),
            Actor.ROLE,
            "app",
            Means.API,
            id="a pod, which is no CI",
        ),
    ],
)
def test_who_and_how(maker, actor, name, means):
    found = seen(maker)

    assert (found.identity.actor, found.identity.name) == (actor, name)
    assert found.way.means is means


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "an AWS service"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {}}, "an IAM Identity Center user"),
        ({"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/jo"}, "a federated user"),
        ({"type": "Unknown"}, "an identity that CloudTrail does not name"),
        ({}, "an identity that CloudTrail does not name"),
        ({"type": "AssumedRole"}, "an identity that CloudTrail does not name"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/ops/jo@x.example"}, "ops"),
        ({"type": "Role", "arn": "arn:aws:iam::1:role/path/ops"}, "ops"),
        ({"type": "IAMUser", "userName": makers.EMAIL}, "an IAM user"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/jo@x.example/s"}, "a role"),
    ],
)
def test_identities_that_lack_something(identity, name):
    assert seen(makers.Maker(identity)).identity.name == name


def test_users_are_named_only_where_that_is_wanted():
    assert seen(makers.user(ACCOUNT, "jo"), users=False).identity.name == "an IAM user"


def test_nothing_private_passes():
    every = [SSO, ROLE, makers.user(ACCOUNT), makers.service_role(ACCOUNT, "cfn")]
    every += [makers.by_oidc(ACCOUNT, "ci"), makers.in_console(SSO), makers.root(ACCOUNT)]
    said = "\n".join(repr(seen(maker)) for maker in every)

    assert not [word for word in makers.PRIVATE if word in said]


@pytest.mark.parametrize(
    "written",
    [
        "orders",
        "orders:live",
        "123456789012:function:orders",
        "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        "arn:aws:lambda:eu-west-1:123456789012:function:orders:7",
    ],
)
def test_function_is_named_as_callers_may_write_it(written):
    assert seen(ROLE, request={"functionName": written}).resource == "orders"


@pytest.mark.parametrize(
    ("service", "name", "request_", "expected"),
    [
        ("lambda", NAME, BARE, ("UpdateFunctionConfiguration", "orders", "")),
        (
            "lambda",
            "UpdateFunctionConfiguration",
            BARE,
            ("UpdateFunctionConfiguration", "orders", ""),
        ),
        (
            "lambda",
            "UpdateAlias20150331",
            {"functionName": "orders", "name": "live", "functionVersion": "7"},
            ("UpdateAlias", "orders", "live 7"),
        ),
        (
            "logs",
            "DeleteSubscriptionFilter",
            {"logGroupName": "/aws/lambda/orders", "filterName": "f"},
            ("DeleteSubscriptionFilter", "/aws/lambda/orders", "f"),
        ),
        (
            "cloudformation",
            "UpdateStack",
            {"stackName": "arn:aws:cloudformation:eu-west-1:1:stack/shop-prod/1a2b"},
            ("UpdateStack", "shop-prod", ""),
        ),
        ("monitoring", "StopMetricStreams", {"names": ["s"]}, ("StopMetricStreams", "s", "")),
        ("monitoring", "StopMetricStreams", {"names": ["s", "t"]}, ("StopMetricStreams", "", "")),
        ("lambda", NAME, None, ("UpdateFunctionConfiguration", "", "")),
        ("lambda", NAME, "cut off at 100 KB", ("UpdateFunctionConfiguration", "", "")),
    ],
)
def test_what_it_is_about(service, name, request_, expected):
    found = seen(ROLE, name, service, request_)

    assert (found.name, found.resource, found.detail) == expected


def test_variables_are_not_said_to_be_set_whatever_stands_there():
    for environment in ({}, "HIDDEN_DUE_TO_SECURITY_REASONS", None):
        request = {"functionName": "orders", "environment": environment, "layers": []}
        assert seen(ROLE, request=request).sent == ("layers",)


def test_skew_between_call_and_change_is_kept():
    response = {"functionName": "orders", "lastModified": "2026-11-02T14:21:05.000+0000"}
    found = seen(ROLE, response=response)

    assert found.at - found.modified_at == timedelta(seconds=2)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", "{", '"text"', json.dumps({"eventID": 1})]
)
def test_what_is_no_event_is_none(text):
    assert read(text, users=True) is None


@pytest.mark.parametrize("spoiled", ["eventID", "eventName", "eventTime"])
def test_event_with_hostile_parts_is_none(spoiled):
    raw = event("lambda", NAME, ROLE, AT, PLACE, BARE)

    assert event_of({**raw, spoiled: "<!channel> ✗\n"}, users=True) is None
