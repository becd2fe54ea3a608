"""A settings file is read as the environment would be, or refused in one sentence that repeats no value."""

from __future__ import annotations

import json
from functools import partial

import pytest

from bot.errors import UsageError
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.settings_file import KEYS, looked_up, read, secret_arns, variable, with_placeholders

ROLE = "arn:aws:iam::111122223333:role/slsdiag-reader"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slsdiag/{}-AbCdEf"
PLANTED = "xoxb-planted-1234567890"


@pytest.fixture
def file(tmp_path):
    def file(text):
        path = tmp_path / "slsdiag.toml"
        path.write_text(text)
        return path

    return file


def variables(document, folder, environment=None, secret=lambda *_: ""):
    resolve = partial(looked_up, folder=folder, environment=environment or {}, secret=secret)
    return {name: variable(name, value, resolve) for name, value in document.items()}


WHOLE = f"""
slack_bot_token = "file:bot-token"
slack_app_token = "env:MY_APP_TOKEN"
redis_url = "secretsmanager:{ARN.format("redis")}"
aws_region = "eu-west-1"
org_id = "org-1"
regions = ["eu-west-2", "us-east-1"]
aws_rate = 0.25
port = 3001
shared_channels = ["C0PARTNER", "C0OTHER"]

[limits]
user = 10
channel = 30

[roles]
admin = ["U0ADA"]

[accounts.prod]
role_arn = "{ROLE}"
external_id = "env:EXTERNAL_ID"
channels = ["C0PROD"]
"""


def test_every_kind_of_setting_is_read(file, tmp_path):
    (tmp_path / "bot-token").write_text("xoxb-1\n")
    environment = {"MY_APP_TOKEN": "xapp-1", "EXTERNAL_ID": "long-enough"}
    found = variables(read(file(WHOLE)), tmp_path, environment, lambda place, _: f"unix:///{place}")
    bot, aws = serving_settings(found), read_aws_settings(found)

    assert (bot.bot_token, bot.app_token, bot.port) == ("xoxb-1", "xapp-1", 3001)
    assert bot.store.redis_url == "unix:///redis_url"
    assert bot.limits == {"user": 10, "channel": 30}
    assert bot.shared_channels == ("C0PARTNER", "C0OTHER")
    assert (aws.org_id, aws.aws_rate, aws.regions) == ("org-1", 0.25, ("eu-west-2", "us-east-1"))
    assert aws.accounts["prod"].external_id == "long-enough"
    assert found["AWS_REGION"] == "eu-west-1"


@pytest.mark.parametrize(
    "line",
    [
        f'slack_bot_token = "{PLANTED}"',
        f'slack_signing_secret = "{"ab12" * 8}"',
        'slack_app_token = "envv:NAME"',
        'redis_url = "rediss://user:planted@cache.example.com:6379"',
        'redis_url = "rediss://cache.example.com:6379?password=planted"',
        'aws_endpoint_url = "https://user:planted@example.com"',
        f'org_id = "{PLANTED}"',
        f'accounts.prod.external_id = "{PLANTED}"',
        f'accounts.prod.channels = ["{PLANTED}"]',
    ],
)
def test_a_secret_itself_is_refused_by_its_key(file, line):
    with pytest.raises(UsageError) as refused:
        read(file(line))
    key = line.partition(" =")[0]

    assert str(refused.value).startswith(f"{key} in the settings file must be a reference")
    assert "planted" not in str(refused.value)
    assert "ab12" not in str(refused.value)


def test_an_address_without_a_password_may_stand_in_the_file(file, tmp_path):
    document = read(file('redis_url = "redis://localhost:6379"'))

    assert variables(document, tmp_path) == {"REDIS_URL": "redis://localhost:6379"}


def test_only_secrets_and_external_ids_refer(file, tmp_path):
    document = read(file('owner_tag = "env:team"'))

    assert variables(document, tmp_path) == {"SLSDIAG_OWNER_TAG": "env:team"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('slack_bot_tokn = "env:A"', "no setting. Did you mean slack_bot_token?"),
        ('SLSDIAG_ORG_ID = "x"', "no setting. Did you mean org_id?"),
        (
            'accounts.prod.rol_arn = "x"',
            "'rol_arn' in the settings file is no setting. Did you mean role_arn?",
        ),
        ('accounts.prod.channel = ["C0A"]', "Did you mean channels?"),
        ('zzz = "x"', "'zzz' in the settings file is no setting."),
        ("port = true", "port in the settings file must be text, a number, a list or a table."),
        ("port = 2026-11-30", "port in the settings file must be text,"),
        ("accounts.prod.regions = [1979-05-27]", "accounts.prod.regions in the settings file must"),
        (f'org_id = "{PLANTED}', "is not TOML ("),
        (f"org_id = {PLANTED}", "is not TOML (line 1, column"),
    ],
)
def test_what_is_no_setting_is_refused(file, line, sentence):
    with pytest.raises(UsageError) as refused:
        read(file(line))

    assert sentence in str(refused.value)
    assert "planted" not in str(refused.value)


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, why in (("none", "No such file"), ("", "Is a directory"), ("binary", "not UTF-8")):
        with pytest.raises(UsageError, match=why):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("env:NOBODY", "that variable is not set"),
        ("env:EMPTY", "that variable is not set"),
        ("env:no name", "that variable is not set"),
        ("file:none", "that file cannot be read: No such file or directory"),
        ("file:empty", "that file is empty"),
        ("file:binary", "that file cannot be read: it is not text"),
        ("file:~nobody-of-this-name/x", "that file cannot be read"),
        ("secretsmanager:slsdiag/bot-token", "takes a secret's whole ARN"),
        (f"secretsmanager:{ARN.format('a')[:-7]}", "takes a secret's whole ARN"),
        (f"secretsmanager:{ARN.format('bytes')}", "that secret has no text"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(file, tmp_path, reference, why):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    document = read(file(f'slack_bot_token = "{reference}"'))

    with pytest.raises(UsageError, match=why) as refused:
        variables(document, tmp_path, {"EMPTY": ""})
    assert str(refused.value).startswith("slack_bot_token in the settings file")


def test_secrets_that_are_referred_to_are_listed_once(file):
    document = read(file(f'slack_signing_secret = "secretsmanager:{ARN.format("redis")}"' + WHOLE))

    assert secret_arns(document) == (ARN.format("redis"),)


def test_the_policy_needs_no_reference(file):
    given = with_placeholders(read(file(WHOLE)))

    assert read_aws_settings(given).accounts["prod"].role_arn == ROLE
    assert "xoxb" not in json.dumps(given)


def test_no_two_settings_have_one_key():
    assert len(KEYS) == len(set(KEYS.values()))
