"""Which accounts of an organization are read, and which channels see each."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.errors import UsageError
from bot.organization import NOBODY, Listing, Member, Unit, roster
from bot.settings import read_aws_settings

ROOT, WORK, PROD, SANDBOX = "r-abcd", "ou-abcd-workload", "ou-abcd-prodprod", "ou-abcd-sandbox1"
SHOP, PAY, TRY, LOST = "111111111111", "222222222222", "333333333333", "444444444444"
MEMBERS = (
    Member(SHOP, (ROOT, WORK, PROD), "Workloads / Production", ("env=prod",)),
    Member(PAY, (ROOT, WORK), "Workloads", ("env=prod",)),
    Member(TRY, (ROOT, SANDBOX), "Sandbox"),
)
UNPLACED = Member(LOST)
A, B, C = "C0A", "C0B", "C0C"


def settings(**given):
    given = {"external_id": "a-long-one", **given}
    return read_aws_settings({"SLSDIAG_ORGANIZATION": json.dumps(given)}).organization


def chosen(*members, **given):
    listing = Listing(datetime.now(UTC), members or MEMBERS)
    return roster(settings(**given), listing, "aws")


def channels(*members, **given):
    return {name: account.channels for name, account in chosen(*members, **given).accounts.items()}


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        pytest.param({}, {SHOP, PAY, TRY}, id="all"),
        pytest.param({"include": [WORK]}, {SHOP, PAY}, id="a unit and those below"),
        pytest.param({"include": [ROOT], "exclude": [PROD]}, {PAY, TRY}, id="exclude wins"),
        pytest.param({"include": ["tag:env=prod"]}, {SHOP, PAY}, id="tag"),
        pytest.param({"exclude": ["tag:env=prod"]}, {TRY}, id="without a tag"),
        pytest.param({"include": [PROD, TRY]}, {SHOP, TRY}, id="any of them"),
        pytest.param({"exclude": [TRY]}, {SHOP, PAY}, id="one account"),
        pytest.param({"include": ["tag:env=dev"]}, set(), id="none"),
    ],
)
def test_accounts_are_chosen_by_unit_tag_and_number(given, numbers):
    found = chosen(**given)

    assert set(found.accounts) == numbers
    assert found.left_out == len(MEMBERS) - len(numbers)


def test_account_is_read_by_the_reader_role_of_its_number():
    account = chosen(reader_role="audit").accounts[SHOP]

    assert account.role_arn == f"arn:aws:iam::{SHOP}:role/audit"
    assert account.external_id == "a-long-one"
    assert chosen().units[SHOP] == Unit(PROD, "Workloads / Production")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        pytest.param(None, {SHOP: (), PAY: (), TRY: ()}, id="everybody"),
        pytest.param([A], {SHOP: (A,), PAY: (A,), TRY: (A,)}, id="the whole organization"),
        pytest.param({WORK: [A]}, {SHOP: (A,), PAY: (A,), TRY: NOBODY}, id="nobody sees the rest"),
        pytest.param({ROOT: [A], PROD: [B]}, {SHOP: (B,), PAY: (A,), TRY: (A,)}, id="nearest unit"),
        pytest.param({PROD: [A], SHOP: [B, C]}, {SHOP: (B, C), PAY: NOBODY, TRY: NOBODY}, id="own"),
    ],
)
def test_most_specific_entry_says_who_sees_an_account(given, seen):
    assert channels(**({} if given is None else {"channels": given})) == seen


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        pytest.param({}, (), id="everybody sees all"),
        pytest.param({"channels": [A]}, (A,), id="one list for all"),
        pytest.param({"channels": {LOST: [A]}}, (A,), id="by its number"),
        pytest.param({"channels": {ROOT: [A]}}, NOBODY, id="a unit may hide it"),
        pytest.param({"channels": {LOST: [B], PROD: [A]}}, (B,), id="the number decides"),
    ],
)
def test_account_whose_unit_is_not_known_is_hidden_where_units_decide(given, seen):
    assert channels(UNPLACED, **given) == {LOST: seen}


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({}, "read"),
        ({"include": [PROD]}, "unplaced"),
        ({"exclude": [PROD]}, "unplaced"),
        ({"include": [LOST]}, "read"),
        ({"include": [LOST, PROD], "exclude": ["tag:env=prod"]}, "read"),
        ({"include": [SHOP]}, "left out"),
        ({"include": [PROD], "exclude": [LOST]}, "left out"),
    ],
)
def test_account_whose_unit_is_not_known_is_reported_where_its_unit_decides(given, outcome):
    found = chosen(UNPLACED, **given)
    outcomes = {"read": set(found.accounts), "unplaced": set(found.unplaced)}

    assert [name for name, numbers in outcomes.items() if numbers] == (
        [] if outcome == "left out" else [outcome]
    )
    assert found.left_out == (outcome == "left out")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[]", "must be a JSON object"),
        ("{", "not JSON from character 2"),
        ('{"external_id": "ab", "channel": []}', "channel is none of these"),
        ("{}", "external_id must be"),
        ('{"external_id": "a b"}', "external_id must be"),
        ('{"external_id": "ab", "role_arn": "x"}', "role_arn must be"),
        ('{"external_id": "ab", "reader_role": "a/b"}', "reader_role must be"),
        ('{"external_id": "ab", "include": "ou-abcd-prodprod"}', "include must be"),
        ('{"external_id": "ab", "include": []}', "include is an empty list"),
        ('{"external_id": "ab", "exclude": ["prod"]}', "exclude must be"),
        ('{"external_id": "ab", "exclude": ["tag:env"]}', "exclude must be"),
        ('{"external_id": "ab", "channels": {"prod": ["C0A"]}}', "channels must be"),
        ('{"external_id": "ab", "channels": {"": ["C0A"]}}', "channels must be"),
        ('{"external_id": "ab", "channels": {"r-abcd": ["#general"]}}', "channels must be"),
        ('{"external_id": "ab", "channels": {"r-abcd": []}}', "channels is empty"),
        ('{"external_id": "ab", "channels": []}', "channels is empty"),
        ('{"external_id": "ab", "channels": null}', "channels must be"),
        (" ", "is set and empty"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_not_repeated(text, field):
    with pytest.raises(UsageError, match="SLSDIAG_ORGANIZATION") as refused:
        read_aws_settings({"SLSDIAG_ORGANIZATION": text})

    assert field in str(refused.value)
    assert "#general" not in str(refused.value)


def test_name_of_a_configured_account_is_not_the_number_of_another():
    role = {"role_arn": f"arn:aws:iam::{SHOP}:role/r", "external_id": "a-long-one"}
    organization = json.dumps({"external_id": "a-long-one"})

    def read(name, **more):
        return read_aws_settings({"SLSDIAG_ACCOUNTS": json.dumps({name: role}), **more})

    assert read(SHOP, SLSDIAG_ORGANIZATION=organization)
    assert read(PAY)
    with pytest.raises(UsageError, match="called like the number of another one"):
        read(PAY, SLSDIAG_ORGANIZATION=organization)
