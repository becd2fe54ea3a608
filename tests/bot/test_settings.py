"""Settings are understood, or refused in one sentence that repeats no value."""

from __future__ import annotations

import json

import pytest

from bot.errors import UsageError
from bot.settings import AccountSettings, LookingSettings, looking_settings

ROLE = "arn:aws:iam::123456789012:role/r"


def test_nothing_is_required():
    assert looking_settings({}) == LookingSettings()


def test_everything_is_read():
    environment = {
        "SLSDIAG_ORG_ID": "org-1",
        "SLSDIAG_REGIONS": "eu-west-1, us-east-1,",
        "SLSDIAG_FILTER_LIMIT": "3",
        "SLSDIAG_AWS_RATE": "0.25",
        "SLSDIAG_ACCOUNTS": json.dumps(
            {"prod": {"role_arn": ROLE, "external_id": "e-1", "regions": ["eu-west-2"]}}
        ),
    }

    assert looking_settings(environment) == LookingSettings(
        org_id="org-1",
        accounts={"prod": AccountSettings(ROLE, "e-1", regions=("eu-west-2",))},
        regions=("eu-west-1", "us-east-1"),
        filter_limit=3,
        aws_rate=0.25,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLSDIAG_FILTER_LIMIT", "0"),
        ("SLSDIAG_FILTER_LIMIT", "many"),
        ("SLSDIAG_AWS_RATE", "2"),
        ("SLSDIAG_AWS_RATE", "nan"),
        ("SLSDIAG_ACCOUNTS", "[]"),
        ("SLSDIAG_ACCOUNTS", "{nope"),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"role": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"role_arn": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"channels": "x-secret"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"regions": "eu-west-1"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": 7}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": "x-secret\\u0000"}}'),
        ("SLSDIAG_ACCOUNTS", '{"prod": {"regions": ["x-secret"]}}'),
        ("SLSDIAG_REGIONS", "eu-west-1,us-east-1.x-secret"),
    ],
)
def test_bad_value_is_named_and_not_repeated(name, value):
    with pytest.raises(UsageError) as refused:
        looking_settings({name: value})
    assert name in str(refused.value)
    assert "x-secret" not in str(refused.value)


@pytest.mark.parametrize("external", [{}, {"external_id": ""}, {"external_id": None}])
def test_role_needs_an_external_id(external):
    with pytest.raises(UsageError, match="prod has a role_arn and no external_id"):
        looking_settings({"SLSDIAG_ACCOUNTS": json.dumps({"prod": {"role_arn": ROLE, **external}})})


def test_account_of_the_credentials_own_needs_none():
    accounts = '{"prod": {"channels": ["C1"]}}'

    assert looking_settings({"SLSDIAG_ACCOUNTS": accounts}).accounts["prod"].role_arn is None
