"""Settings are understood, or refused in one sentence that repeats no value."""

from __future__ import annotations

import pytest

from bot.errors import UsageError
from bot.settings import AccountSettings, LookingSettings, looking_settings


def test_nothing_is_required():
    assert looking_settings({}) == LookingSettings()


def test_everything_is_read():
    environment = {
        "SLSDIAG_ORG_ID": "org-1",
        "SLSDIAG_REGIONS": "eu-west-1, us-east-1,",
        "SLSDIAG_FILTER_LIMIT": "3",
        "SLSDIAG_AWS_RATE": "0.25",
        "SLSDIAG_ACCOUNTS": '{"prod": {"role_arn": "arn:aws:iam::1:role/r", "regions": ["a"]}}',
    }

    assert looking_settings(environment) == LookingSettings(
        org_id="org-1",
        accounts={"prod": AccountSettings("arn:aws:iam::1:role/r", regions=("a",))},
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
        ("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": 7}}'),
    ],
)
def test_bad_value_is_named_and_not_repeated(name, value):
    with pytest.raises(UsageError) as refused:
        looking_settings({name: value})
    assert name in str(refused.value)
    assert "x-secret" not in str(refused.value)
