"""Accounts that are read by roles share clients, and neither credentials nor retries."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from bot.account_settings import AccountSettings
from bot.aws.client import Account
from bot.aws.opened_accounts import OpenedAccounts
from bot.aws.operations import LIST_FUNCTIONS, WHO_AM_I
from bot.aws.parallel import Rates
from bot.playground.account.demo_functions import REGION, healthy

OTHER, THIRD = "210987654321", "333333333333"
TRIES = 5


@pytest.fixture
def opened(aws):
    """Accounts by number, each with one function that is called after it."""
    accounts = OpenedAccounts(Rates(1.0, lambda *_: 0.0))

    def open_(number: str, external_id: str | None = None, who: str | None = None) -> Account:
        role = aws.account(number).trust("slsdiag", "ext-1")
        return accounts(AccountSettings(role, external_id or "ext-1"), who)

    return open_


@pytest.fixture
def hasty(monkeypatch):
    """Botocore waits for seconds between two tries."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


def test_role_is_assumed_with_its_external_id(aws, opened):
    assert opened(OTHER).call(WHO_AM_I, REGION)["Account"] == OTHER
    assert {call.region for call in aws.calls if call.operation == "AssumeRole"} == {REGION}


def test_wrong_external_id_is_refused_each_time_and_asked_once(aws, opened):
    for _ in range(2):
        with pytest.raises(ClientError, match="AssumeRole"):
            opened(OTHER, "ext-2").call(WHO_AM_I, REGION)

    assert [call.operation for call in aws.calls] == ["AssumeRole"]


def test_an_account_is_open_once_for_each_person(opened):
    assert opened(OTHER) is opened(OTHER)
    assert opened(OTHER) is not opened(OTHER, who="U1")


def test_each_call_is_signed_for_its_own_account(aws, opened):
    numbers = [f"{100000000000 + n}" for n in range(8)]
    for number in numbers:
        healthy(aws.account(number), f"of-{number}")

    def listed(number: str) -> tuple[str, list[str]]:
        functions = opened(number).call(LIST_FUNCTIONS, REGION)["Functions"]
        return number, [function["FunctionName"] for function in functions]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(listed, numbers * 10))

    assert found == [(number, [f"of-{number}"]) for number in numbers * 10]


def test_a_shared_client_that_nobody_calls_signs_nothing(aws, opened):
    client = opened(OTHER).clients("lambda", REGION)

    with pytest.raises(LookupError):
        client.list_functions()

    assert not aws.calls


def test_an_account_does_not_use_up_the_retries_of_another(aws, opened, hasty):
    """Else what fails in one account would be tried only once in all others of the region."""
    aws.fail("lambda", code="ServiceException")
    for _ in range(12):
        with pytest.raises(ClientError):
            opened(OTHER).call(LIST_FUNCTIONS, REGION)
    assert _tried(aws, OTHER) < 12 * TRIES

    with pytest.raises(ClientError):
        opened(THIRD).call(LIST_FUNCTIONS, REGION)
    assert _tried(aws, THIRD) == TRIES


def test_retries_come_back_when_calls_succeed(aws, opened, hasty):
    account = opened(OTHER)
    aws.fail("lambda", code="ServiceException")
    for _ in range(12):
        with pytest.raises(ClientError):
            account.call(LIST_FUNCTIONS, REGION)
    aws.heal()
    for _ in range(14 * TRIES):
        account.call(LIST_FUNCTIONS, REGION)
    aws.calls.clear()
    aws.fail("lambda", code="ServiceException")

    with pytest.raises(ClientError):
        account.call(LIST_FUNCTIONS, REGION)
    assert _tried(aws, OTHER) == TRIES


def test_a_hundred_accounts_have_the_clients_of_one(opened):
    def clients() -> int:
        return sum(isinstance(each, BaseClient) for each in gc.get_objects())

    opened(OTHER).call(LIST_FUNCTIONS, REGION)
    before = clients()
    for number in range(100):
        opened(f"{100000000000 + number}").call(LIST_FUNCTIONS, REGION)

    assert clients() <= before


def _tried(aws, account):
    return [call.account for call in aws.calls if call.operation == "ListFunctions"].count(account)
