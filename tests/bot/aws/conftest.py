"""One session for all tests: making its clients anew costs 3 ms, a new session 100 and more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from bot.aws.client import Account
from bot.aws.evidence.gather import FunctionRequest, gather
from bot.aws.parallel import Rates
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION, FakeFunction, healthy, healthy_account
from checks.evidence import Evidence, Expected
from checks.function_ref import FunctionRef

Gather = Callable[..., Evidence]


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session("demo", "demo", region_name=REGION)


@pytest.fixture
def account(aws: FakeAws, session: boto3.Session) -> Account:
    return Account(session, Rates(1.0), "123456789012")


@pytest.fixture
def bed(aws: FakeAws) -> FakeFunction:
    """A healthy function, to spoil."""
    healthy_account(aws.account(), datetime.now(UTC))
    return healthy(aws.account(), "checkout")


@pytest.fixture
def gathered(account: Account, bed: FakeFunction) -> Gather:
    """The evidence of `checkout`."""

    def read(qualifier: str | None = None, **more: Any) -> Evidence:
        asked = FunctionRequest(
            account, REGION, FunctionRef("checkout", qualifier), datetime.now(UTC)
        )
        return gather(asked, expected=Expected(), answers={}, **more)

    return read
