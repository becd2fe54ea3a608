"""
The guide from an empty home to a healthy bot, by a scripted person in a real terminal.

Every command is copied: those of the page from the page, those of the roles from the guide's own
screen. The AWS CLI is a stand-in that notes what it is told, and its templates are deployed to the
fake accounts as IAM would judge them.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pexpect
import pytest
from deployed_roles import from_cloudformation

from bot.playground.account.demo_functions import demo
from bot.playground.workspace import Workspace

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
HERE, OTHER = "123456789012", "111122223333"
AWS_CLI = f"""#!{sys.executable}
import json, sys
with open("deployed", "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
"""
PROMPT = "person> "
WIDTH = 100


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def machine(tmp_path, aws, slack):
    """A home with nothing in it, and the environment of a new user whose AWS and Slack are fakes."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "aws").write_text(AWS_CLI)
    (programs / "aws").chmod(0o755)
    (tmp_path / "home").mkdir()
    demo(aws.account())
    demo(aws.account(OTHER))
    kept = {name: os.environ[name] for name in os.environ if name.startswith("AWS_")}
    return {
        **kept,
        "HOME": str(tmp_path / "home"),
        "PATH": f"{programs}:{PROGRAMS}:{os.defpath}",
        "PYTHONPATH": str(ROOT),
        "SLACK_API_URL": slack.api_url,
        "SLSDIAG_ADMIN_PORT": "0",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "PS1": PROMPT,
    }


@pytest.fixture
def terminal(machine):
    """A shell to type into."""
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile"],
        env=machine,
        cwd=machine["HOME"],
        encoding="utf-8",
        timeout=60,
        dimensions=(40, WIDTH),
    )
    shell.expect_exact(PROMPT)
    yield shell
    shell.close(force=True)


def commands(section):
    """Those of the page's blocks, one by one."""
    text = (ROOT / "docs" / "install.md").read_text().split(f"## {section}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def answer(terminal, question, text=""):
    terminal.expect_exact(question)
    terminal.sendline(text)


def deployed(screen, machine, aws):
    """What the screen says to type in another terminal; each stack is made in its account."""
    shown = re.findall(r"^  (\S.*?)\r?$", screen, re.MULTILINE)
    for line in shown:
        subprocess.run(line, shell=True, check=True, env=machine, cwd=machine["HOME"])  # noqa: S602 - as a person
    stacks = [
        json.loads(line) for line in (Path(machine["HOME"]) / "deployed").read_text().splitlines()
    ]
    for words in stacks:
        template = (Path(machine["HOME"]) / words[words.index("--template-file") + 1]).read_text()
        given = dict(w.split("=") for w in words if w.startswith("ExternalId="))
        role = from_cloudformation(template, account=OTHER if given else HERE, **given)
        if given:
            bot = f"arn:aws:iam::{HERE}:role/slsdiag-bot"
            assert role.lets_in(bot, given["ExternalId"])
            assert not role.lets_in(bot)
            aws.account(OTHER).trust(role.name, given["ExternalId"])
        else:
            assert role.may("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/slsdiag-reader")
    return len(stacks)


def answer_all(terminal, slack):
    """Until the guide shows how to create the roles."""
    answer(terminal, "by socket (no open port) or by http [socket]:")
    answer(terminal, "SLACK_BOT_TOKEN (xoxb-…):", "not a token")
    terminal.expect_exact("must be a token that begins with xoxb-")
    answer(terminal, "SLACK_BOT_TOKEN (xoxb-…):", slack.bot_token)
    answer(terminal, "SLACK_APP_TOKEN (xapp-…):", slack.app_token)
    answer(terminal, "Region to search first [eu-west-1]:")
    answer(terminal, "Other regions", "mars-1")
    answer(terminal, "Other regions", "us-east-1")
    terminal.expect_exact(f"These credentials are of the account {HERE}")
    answer(terminal, "Org id")
    answer(terminal, "Another account to read", OTHER)
    answer(terminal, "A name for it", "prod")
    answer(terminal, "Another account to read")
    answer(terminal, "Which store: own or redis [own]:")
    answer(terminal, "Channels that may see the bot's own account")
    answer(terminal, "Channels that may see prod", "C0GENERAL")


@pytest.mark.slow
def test_from_an_empty_home_to_a_healthy_bot(terminal, machine, slack, aws):
    setup, doctor, serve = commands("The bot, with a guide")[:3]
    terminal.sendline(setup)
    answer_all(terminal, slack)
    terminal.expect_exact("Role that the bot runs as")
    screen = terminal.before
    terminal.sendline()
    terminal.expect_exact("Press Enter when the roles are there:")
    assert deployed(screen.split("5 of 5")[1] + terminal.before, machine, aws) == 2
    terminal.sendline()
    terminal.expect_exact("Everything that is set is healthy.")
    assert not re.search(r"^(problem|unknown) ", terminal.before, re.MULTILINE)
    for check in (
        "slack_token",
        "slack_channels",
        "aws_role:own",
        "aws_role:prod",
        "aws_actions:prod",
    ):
        assert f"ok       {check}: " in terminal.before
    terminal.expect_exact(PROMPT)

    terminal.sendline(f"{doctor}; echo status $?")
    terminal.expect_exact("status 0")
    terminal.sendline(serve)
    terminal.expect_exact("slsdiag serves Slack by Socket Mode")
    slack.sockets.wait()
    terminal.sendintr()
    terminal.expect_exact(PROMPT)
    assert aws.mutations() == []
    holds_no_secret(Path(machine["HOME"]) / ".config" / "slsdiag", slack)


def holds_no_secret(folder, slack):
    settings = folder / "slsdiag.toml"
    text = settings.read_text()

    assert slack.bot_token not in text
    assert slack.app_token not in text
    assert tomllib.loads(text)["slack_bot_token"] == "file:slack-bot-token"
    assert {path.name for path in folder.iterdir()} == {
        "slsdiag.toml",
        "slack-bot-token",
        "slack-app-token",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_behind_and_the_terminal_as_it_was(terminal, machine):
    terminal.sendline("slsdiag setup")
    answer(terminal, "by socket (no open port) or by http [socket]:")
    terminal.expect_exact("SLACK_BOT_TOKEN (xoxb-…):")
    terminal.sendintr()
    terminal.expect_exact("Stopped: nothing was written.")
    terminal.expect_exact(PROMPT)
    terminal.sendline("echo status $?; stty -a | grep -o ' echo '; find ~ -type f")
    terminal.expect_exact("status 130\r\n echo \r\n" + PROMPT)


@pytest.mark.slow
def test_nothing_is_replaced_without_asking(terminal, machine):
    path = Path(machine["HOME"]) / "mine.toml"
    path.write_text("port = 1\n")
    terminal.sendline("slsdiag setup --config mine.toml; echo status $?")
    answer(terminal, "Replace ~/mine.toml? [y/N]:")
    terminal.expect_exact("status 130")

    assert path.read_text() == "port = 1\n"


@pytest.mark.slow
def test_http_mode_with_references_and_redis(terminal, machine, slack, redis_url):
    """What is not there yet is said at the end, and may be checked again."""
    terminal.sendline("export SLACK_BOT_TOKEN=xoxb-demo")
    terminal.sendline(
        "slsdiag setup --url https://bot.example.com --config at/slsdiag.toml; echo status $?"
    )
    terminal.expect_exact('"request_url": "https://bot.example.com/slack/events"')
    terminal.expect_exact("SLACK_BOT_TOKEN is set: the settings file refers to it.")
    answer(terminal, "SLACK_SIGNING_SECRET:", "secretsmanager:short")
    terminal.expect_exact("a whole ARN")
    answer(terminal, "SLACK_SIGNING_SECRET:", "file:~/signing-secret")
    answer(terminal, "Region to search first")
    answer(terminal, "Other regions")
    answer(terminal, "Org id", "org-1")
    answer(terminal, "Another account to read")
    answer(terminal, "Which store", "redis")
    answer(terminal, "REDIS_URL", "redis://cache.example.com:6379")
    terminal.expect_exact("without TLS")
    answer(terminal, "REDIS_URL", redis_url)
    answer(terminal, "Channels that may see the bot's own account", "C0GENERAL")
    answer(terminal, "Press Enter when the roles are there")
    terminal.expect_exact(
        "slack_signing_secret in the settings file is a reference, and that file cannot be read"
    )
    (Path(machine["HOME"]) / "signing-secret").write_text("a-signing-secret")
    answer(terminal, "Not everything is healthy yet. Check again? [Y/n]:")
    terminal.expect_exact("Everything that is set is healthy.")
    terminal.expect_exact("status 0")
    assert tomllib.loads((Path(machine["HOME"]) / "at" / "slsdiag.toml").read_text()) == {
        "mode": "http",
        "slack_bot_token": "env:SLACK_BOT_TOKEN",
        "slack_signing_secret": "file:~/signing-secret",
        "redis_url": redis_url,
        "aws_region": "eu-west-1",
        "org_id": "org-1",
        "accounts": {"own": {"channels": ["C0GENERAL"]}},
    }
