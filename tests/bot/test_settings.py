"""Settings are understood, or refused in one sentence that repeats no value."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.account_settings import AccountSettings
from bot.errors import UsageError
from bot.settings import AwsSettings, EventQueue, read_aws_settings

ROLE = "arn:aws:iam::123456789012:role/r"

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/slsdiag-watch"


def test_nothing_is_required():
    assert read_aws_settings({}) == AwsSettings()


def test_everything_is_read():
    environment = {
        "SLSDIAG_ORG_ID": "org-1",
        "SLSDIAG_REGIONS": "eu-west-1, us-east-1,",
        "SLSDIAG_FILTER_LIMIT": "3",
        "SLSDIAG_AWS_RATE": "0.25",
        "SLSDIAG_WATCH_SETTLE": "300",
        "SLSDIAG_EVENTS": f"{QUEUE},{QUEUE}, ",
        "SLSDIAG_ACCOUNTS": json.dumps(
            {"prod": {"role_arn": ROLE, "external_id": "e-1", "regions": ["eu-west-2"]}}
        ),
    }

    assert read_aws_settings(environment) == AwsSettings(
        org_id="org-1",
        accounts={"prod": AccountSettings(ROLE, "e-1", regions=("eu-west-2",))},
        regions=("eu-west-1", "us-east-1"),
        filter_limit=3,
        aws_rate=0.25,
        watch_settle=timedelta(seconds=300),
        events=(EventQueue(QUEUE, "123456789012", "eu-west-1"),),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLSDIAG_ORG_ID", "undefined"),
        ("SLSDIAG_ORG_ID", "${env:SLS_ORG_ID}"),
        ("SLSDIAG_ORG_ID", "my x-secret org"),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"org_id": "none"}}'),
        ("SLSDIAG_FILTER_LIMIT", "0"),
        ("SLSDIAG_FILTER_LIMIT", "many"),
        ("SLSDIAG_AWS_RATE", "2"),
        ("SLSDIAG_EVENTS", "slsdiag-watch"),
        ("SLSDIAG_EVENTS", "http://sqs.eu-west-1.amazonaws.com/123456789012/slsdiag-watch"),
        ("SLSDIAG_EVENTS", "https://sqs.eu-nowhere-1.amazonaws.com/123456789012/slsdiag-watch"),
        ("SLSDIAG_EVENTS", "https://sqs.eu-west-1.amazonaws.com.x-secret.com/123456789012/q"),
        ("SLSDIAG_EVENTS", "https://sqs.eu-west-1.amazonaws.com/123456789012/q?x-secret"),
        ("SLSDIAG_WATCH_SETTLE", "-1"),
        ("SLSDIAG_WATCH_SETTLE", "3601"),
        ("SLSDIAG_WATCH_SETTLE", "2m"),
        ("SLSDIAG_AWS_RATE", "nan"),
        ("SLSDIAG_ACCOUNTS", "[]"),
        ("SLSDIAG_ACCOUNTS", "{nope"),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"role": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"role_arn": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"channels": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"channels": [""]}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"channels": ["C1", "#x-secret"]}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"regions": "eu-west-1"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": 7}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": "x-secret\\u0000"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"regions": ["x-secret"]}}'),
        ("SLSDIAG_REGIONS", "eu-west-1,us-east-1.x-secret"),
    ],
)
def test_bad_value_is_named_and_not_repeated(name, value):
    with pytest.raises(UsageError) as refused:
        read_aws_settings({name: value})
    assert name in str(refused.value)
    assert "x-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("{nope", "It is not JSON from character 2 on."),
        ('{"prod": []}', "prod is no object."),
        ('{"prod": {"role": "x"}}', "prod has role, which is none of these."),
        ('{"prod": {"a b": "x"}}', "prod has a field, which is none of these."),
        (
            '{"prod": {"role_arn": ""}}',
            "role_arn of prod must be the ARN of a role, as arn:aws:iam::123456789012:role/slsdiag.",
        ),
        (
            '{"a b": {"regions": ["eu"]}}',
            'regions of an account must be a list of AWS regions, as ["',
        ),
        ('{"prod": {"channels": ["#ops"]}}', "channels of prod must be a list of Slack's ids"),
        ('{"prod": {"external_id": "x"}}', "external_id of prod must be the role's external id"),
    ],
)
def test_what_is_wrong_with_an_account_is_named(value, sentence):
    with pytest.raises(UsageError) as refused:
        read_aws_settings({"SLSDIAG_ACCOUNTS": value})
    assert sentence in str(refused.value)


@pytest.mark.parametrize("external", [{}, {"external_id": ""}, {"external_id": None}])
def test_role_needs_an_external_id(external):
    with pytest.raises(UsageError, match="prod has a role_arn and no external_id"):
        read_aws_settings(
            {"SLSDIAG_ACCOUNTS": json.dumps({"prod": {"role_arn": ROLE, **external}})}
        )


def test_account_of_the_credentials_own_needs_none():
    accounts = '{"prod": {"channels": ["C1"]}}'

    assert read_aws_settings({"SLSDIAG_ACCOUNTS": accounts}).accounts["prod"].role_arn is None


@pytest.mark.parametrize("empty", [[], "", None, {}])
def test_account_that_no_channel_may_see_is_refused_and_not_open_to_all(empty):
    accounts = json.dumps({"prod": {"channels": empty}})
    with pytest.raises(
        UsageError, match="prod has an empty list of channels: list those"
    ) as raised:
        read_aws_settings({"SLSDIAG_ACCOUNTS": accounts})

    assert str(raised.value).count(". ") == 0  # one sentence


def test_own_account_is_named_once():
    """Else it would be open to whom either entry lists."""
    accounts = json.dumps({"prod": {"channels": ["C1"]}, "also-prod": {}})
    with pytest.raises(UsageError, match="more than one account has no role_arn"):
        read_aws_settings({"SLSDIAG_ACCOUNTS": accounts})


@pytest.mark.parametrize("blank", ["", " "])
def test_accounts_that_are_set_and_empty_do_not_lift_their_restrictions(blank):
    with pytest.raises(UsageError, match="SLSDIAG_ACCOUNTS is set and empty"):
        read_aws_settings({"SLSDIAG_ACCOUNTS": blank})
