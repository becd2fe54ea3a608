"""`slsdiag policy`: what is printed without options, and what is refused."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from bot.aws import remedy_permissions
from bot.aws.permissions import policy
from bot.cli import main

ROOT = Path(__file__).parents[3]
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
ARN = "arn:aws:iam::123456789012:role/slsdiag-bot"


def run(capsys, *words):
    status = main(("policy", *words))
    return status, *capsys.readouterr()


def test_without_options_it_is_what_it_always_was(capsys, monkeypatch):
    """Whatever is set: scripts attach it as it is."""
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", "not read")

    assert run(capsys) == (0, json.dumps(policy(), indent=2) + "\n", "")
    assert run(capsys, "--format", "json") == run(capsys)
    assert run(capsys, "--fix") == (0, json.dumps(remedy_permissions.policy(), indent=2) + "\n", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--fix --role bot", "--fix prints a policy for people, as JSON: leave out --role."),
        ("--fix --format terraform", "as JSON: leave out --format."),
        ("--fix --account 111122223333", "leave out --account."),
        ("--format cloudformation", "prints a role: add --role bot or --role reader."),
        ("--role bot --format stackset", "the other roles are in one account"),
        ("--account 111122223333", "it needs --role bot."),
        ("--role reader --account 111122223333", "it needs --role bot."),
        ("--role bot --account 1234", "'1234' is not the 12 digits of an AWS account."),
        ("--role bot --account ١٢٣٤٥٦٧٨٩٠١٢", "is not the 12 digits"),
        (f"--role bot --bot-role {ARN}", "it needs --role reader or organization."),
        (f"--bot-role {ARN}", "it needs --role reader or organization."),
        ("--role reader --bot-role slsdiag-bot", "is not the ARN of an IAM role"),
        (
            "--role reader --bot-role arn:aws:iam::123456789012:root",
            "is not the ARN of an IAM role",
        ),
        ("--role reader --bot-role arn:aws:iam::123456789012:role/*", "is not the ARN"),
        ("--role reader --reader-role a/b", "is not a role's name"),
        ("--role reader --reader-role *", "is not a role's name"),
        ("--role bot --account 111122223333 --reader-role ${x}", "is not a role's name"),
        ("--role bot --reader-role audit", "--role reader, or --role bot with --account."),
        ("--reader-role audit", "--role reader, or --role bot with --account."),
        (f"--role bot --irsa {ISSUER}", "--format cloudformation or terraform."),
        (f"--role reader --format terraform --irsa {ISSUER}", "it needs --role bot"),
        ("--role bot --service-account ops/bot", "add --irsa."),
        ("--role bot --format terraform --irsa ${x}", "is not the address of a cluster's OIDC"),
        (
            f"--role bot --format terraform --irsa {ISSUER} --service-account ops",
            "is not NAMESPACE/NAME",
        ),
        (
            f"--role bot --format terraform --irsa {ISSUER} --service-account */*",
            "is not NAMESPACE/NAME",
        ),
        ("--role admin", "is not one of 'bot', 'reader'"),
        ("--format yaml", "is not one of 'json'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(capsys, words, sentence):
    status, out, err = run(capsys, *words.split())

    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


def test_settings_that_are_wrong_are_refused_without_their_value(capsys, monkeypatch):
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", '{"prod": {"external_id": "x-planted", "role_arn": 1}}')
    status, out, err = run(capsys, "--role", "bot")

    assert (status, out) == (2, "")
    assert "SLSDIAG_ACCOUNTS: role_arn of prod must be" in err
    assert "x-planted" not in err


def test_the_trust_policy_names_who_fills_it_in(capsys):
    document = json.loads(run(capsys, "--role", "reader")[1])
    (statement,) = document["trust"]["Statement"]

    assert list(document) == ["policy", "trust"]
    assert statement["Principal"] == {"AWS": "BOT_ROLE_ARN"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "EXTERNAL_ID"}}


@pytest.mark.parametrize(
    ("words", "region", "partition"),
    [
        ("--role reader", "us-gov-west-1", "aws-us-gov"),
        ("--role reader", "nowhere-1", "aws"),
        ("--role reader --bot-role arn:aws-cn:iam::123456789012:role/b", "eu-west-1", "aws-cn"),
        ("--role bot --account 111122223333", "cn-north-1", "aws-cn"),
    ],
)
def test_json_is_for_one_partition(capsys, monkeypatch, words, region, partition):
    monkeypatch.setenv("AWS_REGION", region)
    text = run(capsys, *words.split())[1]

    assert f'"arn:{partition}:lambda:*:*:function:*"' in text
    assert {each.split(":")[1] for each in text.split('"') if each.startswith("arn:")} == {
        partition
    }


def test_the_settings_partition_comes_before_the_regions(capsys, monkeypatch):
    role = {"role_arn": "arn:aws-us-gov:iam::111122223333:role/r", "external_id": "long-enough"}
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", json.dumps({"prod": role}))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    text = run(capsys, "--role", "bot")[1]

    assert "arn:aws-us-gov:lambda" in text
    assert "arn:aws:" not in text


def test_the_default_region_counts_where_no_other_is_set(capsys, monkeypatch):
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")

    assert "arn:aws-cn:lambda" in run(capsys, "--role", "reader")[1]


def test_where_accounts_are_given_the_settings_are_not_read(capsys, monkeypatch):
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", "no JSON")

    assert run(capsys, "--role", "bot", "--account", "111122223333")[0] == 0
    assert run(capsys, "--role", "bot")[0] == 2


def test_a_stack_set_is_of_the_reader_role(capsys):
    assert run(capsys, "--format", "stackset") == run(
        capsys, "--role", "reader", "--format", "stackset"
    )


def shown_commands():
    for page in ("README.md", "docs/operator.md", "docs/install.md", "helm/README.md"):
        text = (ROOT / page).read_text().replace("\\\n", "")
        for line in re.findall(r"^ *slsdiag policy .*|`slsdiag policy .*?`", text, re.MULTILINE):
            if "…" not in line and "FILE" not in line:
                yield pytest.param(line.strip(" `"), id=f"{page}: {line.strip(' `')}")


@pytest.mark.parametrize("line", [*shown_commands()])
def test_the_commands_of_the_documents_work(capsys, line):
    words = shlex.split(line, comments=True)
    words = words[: words.index(">")] if ">" in words else words
    status, out, err = run(capsys, *words[2:])

    assert (status, err) == (0, "")
    assert out
