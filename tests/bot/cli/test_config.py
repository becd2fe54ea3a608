"""`--config FILE`: the verbs take their settings from it, the environment first, and its secrets from AWS."""

from __future__ import annotations

import json
import os

import pytest

from bot.cli import main
from bot.playground.account.demo_functions import demo
from bot.playground.workspace import Workspace

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slsdiag/bot-AbCdEf"
OTHER = "arn:aws:iam::111122223333:role/slsdiag-reader"


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture(autouse=True)
def environment(aws, tmp_path):
    """Restored afterwards: a file's settings become variables of the process."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("SLACK_", "SLSDIAG_", "REDIS_")):
            del os.environ[name]
    os.environ["SLSDIAG_STATE_DIR"] = str(tmp_path)
    demo(aws.account())
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def file(tmp_path):
    def file(text):
        path = tmp_path / "slsdiag.toml"
        path.write_text(text)
        return str(path)

    return file


def doctor(capsys, path):
    status = main(("doctor", "--json", "--config", path))
    out, err = capsys.readouterr()
    assert err == ""
    return status, {each["check"]: each for each in json.loads(out)["checks"]}


def test_secrets_come_from_secrets_manager(aws, slack, file, capsys):
    aws.account().region("eu-central-1").secrets[ARN] = slack.bot_token
    path = file(f'slack_bot_token = "secretsmanager:{ARN}"\nslack_api_url = "{slack.api_url}"\n')
    status, checks = doctor(capsys, path)

    assert (status, checks["slack_token"]["outcome"]) == (0, "ok")
    assert [c.region for c in aws.calls if c.operation == "GetSecretValue"] == ["eu-central-1"]
    assert aws.mutations() == []


def test_secrets_are_read_with_the_files_own_profile(aws, slack, file, capsys, tmp_path):
    aws.account().region("eu-central-1").secrets[ARN] = slack.bot_token
    (tmp_path / "credentials").write_text("[bot]\naws_access_key_id=a\naws_secret_access_key=b\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SHARED_CREDENTIALS_FILE"):
        del os.environ[name]
    path = file(
        f'slack_bot_token = "secretsmanager:{ARN}"\nslack_api_url = "{slack.api_url}"\n'
        f'aws_profile = "bot"\naws_shared_credentials_file = "{tmp_path}/credentials"\n'
    )

    assert doctor(capsys, path)[1]["slack_token"]["outcome"] == "ok"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("AccessDeniedException", "AWS does not allow secretsmanager:GetSecretValue."),
        (
            "ResourceNotFoundException",
            "secretsmanager:GetSecretValue in eu-central-1 with Resource",
        ),
    ],
)
def test_a_secret_that_aws_does_not_give_is_named(aws, file, capsys, code, why):
    aws.fail("secretsmanager", "GetSecretValue", code)

    assert main(("serve", "--config", file(f'slack_bot_token = "secretsmanager:{ARN}"'))) == 2
    out, err = capsys.readouterr()
    assert err.startswith("slsdiag: slack_bot_token in the settings file: AWS ")
    assert (out, err.count("\n"), why in err) == ("", 1, True)


def test_without_credentials_it_says_how_to_sign_in(file, capsys, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    assert main(("worker", "--config", file(f'slack_bot_token = "secretsmanager:{ARN}"'))) == 4
    assert "aws configure sso" in capsys.readouterr().err


def test_the_environment_comes_first(aws, slack, file, capsys, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    path = file(
        f'slack_bot_token = "secretsmanager:{ARN}"\naws_region = "us-west-2"\n'
        f'slack_api_url = "{slack.api_url}"\n'
    )
    _, checks = doctor(capsys, path)

    assert checks["slack_token"]["outcome"] == "ok"
    assert {call.region for call in aws.calls} == {"eu-west-1"}


def test_a_check_needs_no_token_and_knows_the_accounts(aws, file, capsys):
    other = aws.account("111122223333")
    demo(other)
    other.trust("slsdiag-reader", "long-enough")
    path = file(
        f'slack_bot_token = "secretsmanager:{ARN}"\nredis_url = "env:NOBODY"\n'
        f'[accounts.prod]\nrole_arn = "{OTHER}"\nexternal_id = "long-enough"\n'
    )
    status = main(("check", "orders", "--account", "prod", "--config", path, "--json"))

    assert (status, json.loads(capsys.readouterr().out)["function"]["account"]) == (
        1,
        "111122223333",
    )
    assert not [call for call in aws.calls if call.operation == "GetSecretValue"]


def test_a_scan_searches_the_files_regions(aws, file, capsys):
    status = main(("scan", "--quick", "--config", file('regions = ["us-east-1"]'), "--json"))
    capsys.readouterr()

    assert status == 1
    assert {c.region for c in aws.calls if c.operation == "ListFunctions"} == {
        "eu-west-1",
        "us-east-1",
    }


@pytest.mark.parametrize("verb", ["serve", "worker", "doctor", "check orders", "scan"])
def test_a_wrong_file_is_one_line_and_calls_nothing(aws, file, capsys, verb):
    assert main((*verb.split(), "--config", file('slack_bot_token = "xoxb-planted-12345"'))) == 2
    out, err = capsys.readouterr()

    assert (out, err.count("\n"), aws.calls) == ("", 1, [])
    assert err.startswith("slsdiag: slack_bot_token in the settings file must be a reference")
    assert "planted" not in err


def test_the_bots_role_may_read_exactly_the_secrets_of_the_file(aws, file, capsys):
    path = file(
        f'slack_bot_token = "secretsmanager:{ARN}"\n'
        f'[accounts.prod]\nrole_arn = "{OTHER}"\nexternal_id = "env:NOBODY"\n'
    )
    assert main(("policy", "--role", "bot", "--config", path)) == 0
    *_, assumes, reads = json.loads(capsys.readouterr().out)["Statement"]

    assert (assumes["Action"], assumes["Resource"]) == (["sts:AssumeRole"], [OTHER])
    assert (reads["Action"], reads["Resource"]) == (["secretsmanager:GetSecretValue"], [ARN])
    assert aws.calls == []
