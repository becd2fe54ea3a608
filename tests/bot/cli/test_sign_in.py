"""Where AWS's credentials are missing or have expired, the sentence ends with what to type."""

from __future__ import annotations

import json
import logging

import pytest

from bot.cli import main
from bot.playground.account.demo_functions import demo

CONFIG = """
[profile prod]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
[profile older]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Dev
[profile signed-in]
login_session = arn:aws:iam::123456789012:user/sam
[profile outside]
credential_process = /bin/false
[profile empty]
output = json
[profile keys]
aws_access_key_id = demo
aws_secret_access_key = demo
"""


@pytest.fixture
def profiles(aws, monkeypatch, tmp_path):
    """The demo account, profiles, and no credentials in variables."""
    demo(aws.account())
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # of a bot that ran before
    monkeypatch.setattr(logging, "raiseExceptions", False)  # one may write to what is closed
    file = tmp_path / "config"
    file.write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    return file


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ("prod", "The SSO session of profile prod has expired: aws sso login --profile prod"),
        ("older", "The SSO session of profile older has expired: aws sso login --profile older"),
        ("signed-in", "aws login --profile signed-in && eval "),
        ("outside", "This shows why: aws sts get-caller-identity --profile outside"),
        ("empty", "Profile empty has no usable credentials."),
        ("pord", "There is no AWS profile 'pord'. Did you mean 'prod'?"),
    ],
)
def test_profile_without_credentials(profiles, monkeypatch, capsys, profile, message):
    monkeypatch.setenv("AWS_PROFILE", profile)

    assert main(["check", "orders"]) == 4
    assert message in (err := capsys.readouterr().err)
    assert err.count("\n") == 1
    assert main(["scan", "--json"]) == 4
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], message in error["message"]) == ("no_credentials", True)


def test_no_profile_chosen(profiles, capsys):
    assert main(["check", "orders"]) == 4
    assert "Choose a profile: export AWS_PROFILE=prod (or older, signed-in)" in (
        capsys.readouterr().err
    )
    profiles.write_text("")
    assert main(["check", "orders"]) == 4
    assert "aws configure sso" in capsys.readouterr().err


def test_session_in_variables_has_expired(aws, capsys):
    aws.fail("lambda", "GetFunctionConfiguration", "ExpiredTokenException", status=403)

    assert main(["check", "orders"]) == 4
    assert "credentials in the AWS_… variables have expired" in capsys.readouterr().err


def test_commands_are_of_the_profile_that_was_used(profiles, monkeypatch, capsys):
    monkeypatch.setenv("AWS_PROFILE", "prod")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")  # half a pair, which --profile overrules

    assert main(["check", "billing", "--profile", "keys"]) == 1
    assert capsys.readouterr().out.count("aws --profile keys lambda ") == 2
    assert main(["check", "billing", "--json"]) == 1
    assert "--profile" not in capsys.readouterr().out


def test_commands_about_the_account_of_a_role_name_no_profile(profiles, aws, monkeypatch, capsys):
    other = aws.account("999999999999")
    arn = other.trust("slsdiag", "agreed")
    demo(other)
    prod = {"role_arn": arn, "external_id": "agreed", "regions": ["eu-west-1"]}
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", json.dumps({"prod": prod}))
    monkeypatch.setenv("AWS_PROFILE", "keys")

    assert main(["check", "billing", "--account", "prod"]) == 1
    out = capsys.readouterr().out
    assert "aws lambda update-function-configuration" in out
    assert "--profile" not in out
