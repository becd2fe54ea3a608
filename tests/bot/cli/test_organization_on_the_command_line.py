"""An organization as doctor and scan show it: an account that may not be read is a line, never silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.cli import main
from bot.playground.account import FakeOrganization
from bot.playground.account.demo_functions import NODE, healthy, healthy_account

HOME, ID = "123456789012", "a-long-external-id"
SHOP, PAY, BARE = "111111111111", "222222222222", "333333333333"


@pytest.fixture
def organization(aws, monkeypatch, tmp_path):
    """The bot's own account manages it; one of three other accounts has no reader role."""
    made = aws.account().organization = FakeOrganization()
    unit = made.unit("Production", made.unit("Workloads"))
    made.join(HOME)
    for number in (SHOP, PAY, BARE):
        made.join(number, unit)
        healthy(aws.account(number), f"orders-{number[0]}", NODE)
        healthy_account(aws.account(number), datetime.now(UTC))
    aws.account(SHOP).trust("slsdiag-reader", ID)
    aws.account(PAY).trust("slsdiag-reader", ID)
    monkeypatch.setenv("SLSDIAG_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("SLSDIAG_ORGANIZATION", json.dumps({"external_id": ID}))
    return made


@pytest.fixture
def run(organization, capsys):
    def run(*words):
        status = main(words)
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def scanned(run):
    def scanned(*more):
        status, out = run("scan", "--json", "--quick", *more)
        return status, json.loads(out)

    return scanned


def test_scan_has_each_account_once(scanned, aws):
    status, document = scanned()

    assert {each["name"] for each in document["coverage"]["by"]["account"]} == {SHOP, PAY}
    assert [(each["account"], each["region"]) for each in document["unreadable"]] == [
        (BARE, "eu-west-1")
    ]
    assert document["coverage"]["by"]["ou"][0]["path"] == "Workloads / Production"
    assert document["coverage"]["by"]["ou"][0]["of"] == 2
    assert status == 3
    assumed = [call for call in aws.calls if call.operation == "AssumeRole"]
    assert len(assumed) == 3  # once each, also where it is refused


def test_scan_of_one_account_names_it_by_its_number(scanned):
    _, document = scanned("--account", SHOP)

    assert [each["name"] for each in document["coverage"]["by"]["account"]] == [SHOP]


def test_organization_that_cannot_be_listed_is_a_line_of_a_scan(scanned, aws):
    healthy(aws.account(), "checkout", NODE)
    healthy_account(aws.account(), datetime.now(UTC))
    aws.fail("organizations", "ListAccounts", "AccessDeniedException")
    status, document = scanned()

    (line,) = document["unreadable"]
    assert (line["account"], line["region"]) == ("organization", "us-east-1")
    assert "none of them is checked" in line["why"]
    assert status == 3


def test_own_account_alone_is_not_all_well(scanned, aws):
    """Which is empty here, and was read."""
    aws.fail("organizations")
    status, document = scanned()

    assert status == 4
    assert document["error"]["code"] == "denied"
    assert "organization's accounts could not be listed" in document["error"]["message"]


def test_owners_are_read_where_a_tag_is_set(scanned, aws, monkeypatch):
    monkeypatch.setenv("SLSDIAG_OWNER_TAG", "team")
    aws.account(SHOP).region("eu-west-1").tags["orders-1"] = {"team": "shop"}
    _, document = scanned()

    assert [(each["name"], each["of"]) for each in document["coverage"]["by"]["owner"]] == [
        ("shop", 1),
        (None, 1),
    ]


def test_doctor_has_a_line_for_each_account_without_the_role(run):
    status, out = run("doctor", "--json")
    checks = {each["check"]: each for each in json.loads(out)["checks"]}

    assert status == 1
    assert checks[f"aws_role:{BARE}"]["outcome"] == "problem"
    assert "policy --format stackset" in checks[f"aws_role:{BARE}"]["remedy"]
    assert not {f"aws_role:{number}" for number in (HOME, SHOP, PAY)} & checks.keys()
    assert checks["aws_role:organization"]["saw"].startswith("2 of 3 accounts")
    assert "4 accounts chosen, 0 left out" in checks["aws_organization"]["saw"]


def test_doctor_says_why_nothing_is_listed(run, aws):
    aws.fail("organizations", code="AccessDeniedException")
    status, out = run("doctor", "--json")
    checks = {each["check"]: each for each in json.loads(out)["checks"]}

    assert status == 1
    assert checks["aws_organization"]["outcome"] == "problem"
    assert "policy --role organization" in checks["aws_organization"]["remedy"]
    assert "aws_role:organization" not in checks


def test_doctor_says_that_no_account_is_chosen(run, monkeypatch):
    nothing = {"external_id": ID, "include": ["tag:team=nobody"]}
    monkeypatch.setenv("SLSDIAG_ORGANIZATION", json.dumps(nothing))
    _, out = run("doctor", "--json")
    checks = {each["check"]: each for each in json.loads(out)["checks"]}

    assert checks["aws_organization"]["outcome"] == "problem"
    assert "4 left out" in checks["aws_organization"]["saw"]
