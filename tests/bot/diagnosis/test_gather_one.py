"""Where the settings lead, before anything is asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.app.authorization import Access
from bot.aws.accounts import Accounts
from bot.conversation import Conversation, Owner
from bot.diagnosis.gather import function_check
from bot.errors import UsageError
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.settings import read_aws_settings
from bot.target import Target, parse
from checks.instrumentation_errors import FUNCTION_ERRORS
from checks.model import Overall, Symptom

OWN = "123456789012"
HERE, MINE = ["C0MINE"], "eu-west-1"


def role(number):
    return {"role_arn": f"arn:aws:iam::{number}:role/slsdiag", "external_id": "a-long-one"}


@pytest.fixture
def accounts(aws):
    return lambda **accounts: Accounts(
        read_aws_settings({"SLSDIAG_ACCOUNTS": json.dumps(accounts)})
    )


def test_own_account_has_the_org_and_regions_that_are_said_of_it(accounts):
    ours = accounts(us={"org_id": "org-x", "regions": ["us-east-1"]})
    places = ours.locations(Target("orders"))

    assert [(place.region, place.org_id) for place in places] == [
        ("eu-west-1", "org-x"),
        ("us-east-1", "org-x"),
    ]
    assert ours.account_regions((), ()) == [(None, "eu-west-1"), (None, "us-east-1")]


def test_own_account_is_for_the_channels_that_are_said_of_it(accounts):
    ours = accounts(us={"channels": HERE}, prod=role("999999999999"))

    assert [place.account.id for place in ours.locations(Target("orders"), "C0OTHER")] == [
        "999999999999"
    ]
    assert [name for name, _ in ours.account_regions((), (), "C0OTHER")] == ["prod"]
    ours.identify_own()
    assert (ours.hidden(OWN, "C0OTHER"), ours.hidden(OWN, "C0MINE")) == (True, False)
    assert "the bot's own" not in "\n".join(ours.listing("C0OTHER"))
    assert "the bot's own" in "\n".join(ours.listing("C0MINE"))
    with pytest.raises(UsageError, match="may not see the bot's own account"):
        accounts(us={"channels": HERE}).locations(Target("orders"), "C0OTHER")


def test_buttons_of_what_named_no_account_are_not_of_our_own(accounts):
    """It may have been found in another one: where it is looked for is decided at each look."""
    access = Access(None, None, None, accounts(us={"channels": HERE}, prod=role("999999999999")))
    owned = Owner("C0OTHER", "U0ADA")

    assert access.record_refusal(Conversation("T", "C0OTHER", "U0ADA"), owned) is None


def test_role_that_leads_back_is_no_second_place(accounts):
    ours = accounts(us=role(OWN), prod=role("999999999999"))
    ours.identify_own()

    assert ours.account_regions((), ()) == [(None, "eu-west-1"), ("prod", "eu-west-1")]


@pytest.mark.parametrize("given", ["prod", "nobody", "999999999999"])
def test_arn_of_another_account_than_the_one_beside_it_is_refused(accounts, given):
    arn = f"arn:aws:lambda:eu-west-1:{OWN}:function:orders"
    with pytest.raises(UsageError, match=f"account {OWN}, but '?{given}"):
        function_check(parse(arn, account=given), accounts=accounts(prod=role("999999999999")))


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_REGION", "mars-1"), ("AWS_ENDPOINT_URL", "localhost:4566")]
)
def test_what_the_sdk_would_stumble_over_is_named(accounts, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name):
        accounts()


def test_pasted_error_is_void_once_a_payload_is_newer(aws):
    """`check --wait` reads the function again and again, with what was pasted before."""
    wanted = DEMO_FUNCTIONS["healthy"]
    bed = plant(aws.account(), wanted, wanted.languages[0])
    ask = function_check(Target(bed.name), answers={FUNCTION_ERRORS: "Rate exceeded"})
    before = ask.report(Symptom.BOTH)
    bed.log(bed.payload(), ago=bed.now - datetime.now(UTC))
    after = ask.report(Symptom.BOTH)

    assert (before.verdict, before.cause) == (Overall.PROBLEM, FUNCTION_ERRORS)
    assert after.verdict is Overall.HEALTHY
