"""`slsdiag setup --print`: each part of the guide, complete without questions; and what is refused."""

from __future__ import annotations

import json
import tomllib

import pytest

from bot.cli import main
from bot.serving_settings import Mode
from bot.settings_file import read
from bot.setup.installation import Installation, OtherAccount, settings_text
from bot.setup.parts import Part, laid_out
from bot.slack.manifest import document


def printed(capsys, *words):
    assert main(("setup", "--print", *words)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("part", Part)
def test_each_part_is_printed(capsys, part):
    assert printed(capsys, part)


def test_the_app_is_printed_with_its_manifest_and_places(capsys):
    text = printed(capsys, "slack")

    assert json.loads(text[text.index("{") :]) == document(Mode.SOCKET)
    for place in (
        "https://api.slack.com/apps?new_app=1",
        "OAuth & Permissions",
        "App-Level Tokens",
    ):
        assert place in text


def test_the_address_is_filled_in_for_http(capsys):
    text = printed(capsys, "slack", "--url", "https://bot.example.com/")
    manifest = json.loads(text[text.index("{") :])

    assert manifest["settings"]["interactivity"]["request_url"] == (
        "https://bot.example.com/slack/events"
    )
    assert "slsdiag.example.com" not in text
    assert "Signing Secret" in text
    assert "App-Level Tokens" not in text


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example.com",
        "bot.example.com",
        "https://",
        "https://[",
        "https://user:planted@a.example",
        "https://a.example/other",
        "https://a.example/slack/events?x=1",
    ],
)
def test_an_address_that_slack_does_not_take_is_refused(capsys, url):
    for words in (("setup", "--url", url), ("manifest", "--mode", "http", "--url", url)):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith("slsdiag: The address must be one that Slack reaches over TLS")


def test_a_manifest_for_sockets_has_no_address(capsys):
    assert main(("manifest", "--url", "https://bot.example.com")) == 2
    assert "add --mode http" in capsys.readouterr().err


@pytest.mark.parametrize("url", [[], ["--url", "https://bot.example.com"]])
def test_the_printed_settings_can_be_read(capsys, tmp_path, url):
    path = tmp_path / "slsdiag.toml"
    path.write_text(printed(capsys, "config", *url))
    given = read(path)
    path.write_text(path.read_text().replace("# [", "[").replace("# role", "role"))

    assert given["SLACK_BOT_TOKEN"] == "env:SLACK_BOT_TOKEN"
    assert ("SLSDIAG_MODE" in given) is bool(url)
    assert "accounts" in tomllib.loads(path.read_text())


def test_without_a_terminal_it_says_what_to_print(capsys):
    assert main(("setup",)) == 2
    assert "slsdiag setup --print slack (or aws, accounts, " in capsys.readouterr().err


def test_the_written_settings_are_those_that_were_answered(tmp_path):
    answers = Installation(
        Mode.SOCKET,
        {"slack_bot_token": "file:slack-bot-token"},
        "us-gov-west-1",
        regions=("us-gov-east-1",),
        accounts=[OtherAccount("prod", "111122223333", "e" * 40)],
        channels={"own": ["C0A"]},
    )
    path = tmp_path / "slsdiag.toml"
    path.write_text(settings_text(answers, "aws-us-gov"))

    assert read(path)["SLSDIAG_ACCOUNTS"] == {
        "prod": {
            "role_arn": "arn:aws-us-gov:iam::111122223333:role/slsdiag-reader",
            "external_id": "e" * 40,
        },
        "own": {"channels": ["C0A"]},
    }


def test_what_is_to_be_copied_is_never_broken():
    text = f"{'word ' * 20}\n  {'command ' * 20}\n1. {'word ' * 20}"
    lines = laid_out(text, 45)

    assert f"  {'command ' * 20}" in lines
    assert max(len(line) for line in lines if not line.startswith("  c")) <= 45
    assert lines[-1].startswith("   word")
    assert list(laid_out(text, None)) == text.split("\n")
