"""An organization's accounts, as AWS lists them: whole, again after a while, and what is said where it does not."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access import UNSAID
from bot.aws import parallel
from bot.aws.accounts import Accounts
from bot.aws.organization import FRESH, KEPT, NAME
from bot.diagnosis.gather import function_check
from bot.errors import NoSuchFunction, UsageError
from bot.playground.account import FakeOrganization
from bot.settings import read_aws_settings
from bot.store.organization import SharedListing
from bot.target import parse
from checks.model import Symptom

HOME, MANAGEMENT, REGION = "123456789012", "999999999999", "eu-west-1"
ID = "a-long-external-id"
A, B = "C0A", "C0B"


def number(at):
    return f"{200000000000 + at}"


@pytest.fixture(autouse=True)
def unheld(monkeypatch):
    """How fast it goes is of no interest."""
    monkeypatch.setattr(parallel, "published_rate", lambda *_: None)


@pytest.fixture
def members(aws):
    """Forty-five accounts in two of three units, which is three pages; one more is closed."""
    organization = aws.account(MANAGEMENT).organization = FakeOrganization()
    work = organization.unit("Workloads")
    units = [organization.unit("Production", work), organization.unit("Sandbox")]
    for at in range(45):
        organization.join(number(at), units[at % 2], tags={"env": "prod", "team": f"t{at}"})
        aws.account(number(at)).trust("slsdiag-reader", ID)
    organization.join(number(99), units[0], state="CLOSED")
    organization.join(MANAGEMENT)
    aws.account(MANAGEMENT).trust("lister", ID)
    return organization


@pytest.fixture
def accounts(aws, members):
    def made(shelf=None, named=None, **given):
        role = f"arn:aws:iam::{MANAGEMENT}:role/lister"
        settings = {"external_id": ID, "role_arn": role, "exclude": [MANAGEMENT], **given}
        environment = {"SLSDIAG_ORGANIZATION": json.dumps(settings), "SLSDIAG_REGIONS": REGION}
        if named:
            environment["SLSDIAG_ACCOUNTS"] = json.dumps(named)
        read = read_aws_settings(environment)
        return Accounts(read, shelf=shelf(read.organization) if shelf else None)

    return made


def listings(aws):
    return sum(call.operation == "ListAccounts" for call in aws.calls)


def aged(ours, by):
    """As if time had passed since it was listed last."""
    organization = ours.organization
    organization.listing = replace(organization.listing, read_at=organization.listing.read_at - by)
    organization._tried_at = float("-inf")  # noqa: SLF001 - likewise


def test_all_active_accounts_are_found_over_all_pages(accounts, members):
    ours = accounts()
    ours.list_organization()

    assert set(ours.configured) == {number(at) for at in range(45)}
    assert ours.organization.listing.inactive == 1
    assert ours.roster.units[number(0)].path == "Workloads / Production"
    assert ours.location(number(7), REGION).account.identify(REGION) == number(7)


def test_tags_are_read_only_where_a_selector_names_one(aws, accounts):
    plain, tagged = accounts(), accounts(include=["tag:team=t3"])
    plain.list_organization()
    assert not any(call.operation == "ListTagsForResource" for call in aws.calls)
    tagged.list_organization()

    assert set(tagged.configured) == {number(3)}
    assert sum(call.operation == "ListTagsForResource" for call in aws.calls) == 45


def test_throttled_calls_are_made_again(aws, accounts):
    aws.fail("organizations", code="TooManyRequestsException", probability=0.3)
    ours = accounts()
    ours.list_organization()

    assert len(ours.configured) == 45


@pytest.mark.parametrize("operation", ["ListAccounts", "ListRoots", "ListAccountsForParent"])
def test_refusal_is_a_sentence_and_never_no_accounts(aws, accounts, operation):
    aws.fail("organizations", operation, "AccessDeniedException")
    ours = accounts()
    ours.list_organization()

    (complaint,) = ours.organization.complaints()
    assert "none of them is checked" in complaint
    assert "does not allow" in complaint
    assert ours.configured == {}


def test_role_that_does_not_let_us_in_is_a_sentence(accounts):
    ours = accounts(external_id="another-one")
    ours.list_organization()

    assert "does not let slsdiag in" in next(ours.organization.complaints())


def test_what_was_listed_last_is_used_for_a_day_where_aws_refuses(aws, accounts):
    ours = accounts()
    ours.list_organization()
    aws.fail("organizations")
    aged(ours, timedelta(hours=3))
    ours.list_organization()
    assert len(ours.configured) == 45
    assert "those of 3 h ago are used" in next(ours.organization.complaints())
    aged(ours, KEPT)
    ours.list_organization()

    assert ours.configured == {}
    assert "none of them is checked" in next(ours.organization.complaints())


def test_list_is_read_again_when_it_is_old_and_nobody_waits_for_that(aws, accounts, members, until):
    ours = accounts()
    ours.list_organization()
    ours.list_organization()
    assert listings(aws) == 4  # pages, of which the first is empty
    del members.members[number(0)]
    aged(ours, FRESH)
    aws.latency = 0.05
    assert number(0) in ours.configured

    until(lambda: number(0) not in ours.configured, 20)


def test_account_that_moves_meanwhile_is_in_no_unit(aws, accounts, members):
    unit = members.members[number(4)].unit
    members.members[number(4)].unit = "ou-fake-elsewhere"
    ours = accounts(include=[unit])
    ours.list_organization()

    assert number(4) not in ours.configured
    assert number(4) in next(ours.organization.complaints())
    assert list(ours.organization.complaints(A)) == []


def test_account_of_the_settings_wins_over_the_organization(accounts):
    role = {"role_arn": f"arn:aws:iam::{number(0)}:role/mine", "external_id": ID, "channels": [A]}
    ours = accounts(named={"shop": role})
    ours.list_organization()

    assert number(0) not in ours.configured
    assert ours.hidden(number(0), B)
    assert not ours.hidden(number(1), B)
    assert ours.location("shop", REGION).account.role.endswith("/mine")


def test_own_account_is_hidden_like_any_other_of_the_organization(aws, accounts, members):
    members.join(HOME)
    ours = accounts(channels={HOME: [A]})
    assert ours.own_settings(B) is None  # nothing is known yet, so nothing is shown
    ours.identify_own()

    assert ours.own_settings(A) is UNSAID
    assert ours.own_settings(B) is None
    assert ours.hidden(HOME, B)


def test_processes_of_a_bot_list_once(aws, redis, accounts):
    ours = [accounts(lambda settings: SharedListing(redis, settings)) for _ in range(3)]
    threads = [threading.Thread(target=each.list_organization) for each in ours]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(each.configured) for each in ours] == [45] * 3
    assert listings(aws) == 4


def test_other_settings_share_no_list(redis, accounts):
    one = accounts(lambda settings: SharedListing(redis, settings))
    other = accounts(lambda settings: SharedListing(redis, settings), include=["tag:team=t3"])
    one.list_organization()
    other.list_organization()

    assert len(other.configured) == 1


def test_process_that_did_not_list_knows_the_accounts_of_a_scan(redis, accounts):
    one, other = (accounts(lambda settings: SharedListing(redis, settings)) for _ in range(2))
    one.list_organization()

    assert other.location(number(5), REGION).account.id == number(5)


def test_process_that_did_not_list_hides_nothing_that_another_one_listed(redis, accounts):
    """Its answer may be to a click, so it waits for the store alone."""
    one, other = (accounts(lambda settings: SharedListing(redis, settings)) for _ in range(2))
    one.list_organization()

    assert len(other.roster.accounts) == 45
    assert not other.hidden(number(5), A)


def test_organization_in_a_scan_is_hidden_from_channels_that_see_none_of_it(accounts):
    ours = accounts(channels={number(0): [A]})

    assert not ours.hidden(NAME, A)
    assert ours.hidden(NAME, B)


def test_function_is_found_in_the_organization_where_that_is_small(aws, accounts):
    aws.account(number(9)).region(REGION).function("ledger", modified_at=aws.clock())
    report = function_check(parse("ledger"), accounts=accounts()).report(Symptom.BOTH)

    assert report.function.account == number(9)


def test_large_organization_is_not_asked_for_a_bare_name(aws, accounts, members):
    for at in range(45, 70):
        members.join(number(at))
    with pytest.raises(NoSuchFunction, match="70 accounts were not asked: add --account"):
        function_check(parse("ledger"), accounts=accounts()).report(Symptom.BOTH)
    assert not any(call.account == number(9) for call in aws.calls)


def test_unknown_account_is_refused_with_a_few_names(accounts):
    with pytest.raises(UsageError, match="and 25 more"):
        accounts().locations(parse("ledger", account="nobody"))


def test_list_of_accounts_for_a_channel_is_short_and_says_what_is_not_known(aws, accounts):
    ours = accounts(channels={number(at): [A] for at in range(40)})
    aws.fail("organizations", code="AccessDeniedException")
    ours.list_organization()
    assert "could not be listed" in ours.listing(A)[-1]
    assert "could not be listed" not in str(ours.listing(B))
    aws.heal()
    ours.organization._tried_at = float("-inf")  # noqa: SLF001 - as if a minute had passed
    ours.list_organization()

    assert ours.listing(A)[-1] == "• 10 more accounts of the organization"
    assert number(0) in ours.listing(A)[2]
    assert number(0) not in str(ours.listing(B))


def test_channel_that_sees_the_organization_alone_may_give_a_bare_name(aws, accounts):
    named = {"own": {"channels": ["C0NOBODY"]}}
    ours = accounts(named=named, channels={number(9): [A]})
    aws.account(number(9)).region(REGION).function("ledger", modified_at=aws.clock())

    report = function_check(parse("ledger"), accounts=ours, channel=A).report(Symptom.BOTH)
    assert report.function.account == number(9)
    with pytest.raises(UsageError, match="may not see the bot's own account"):
        function_check(parse("ledger"), accounts=ours, channel=B)
    aws.fail("organizations", code="AccessDeniedException")
    with pytest.raises(UsageError, match="could not be listed"):
        function_check(parse("x"), accounts=accounts(named=named, channels=[A]), channel=A)


def test_account_is_not_said_to_be_unknown_where_nothing_is_listed(aws, accounts):
    aws.fail("organizations", code="AccessDeniedException")
    with pytest.raises(UsageError, match=r"not of .*could not be listed"):
        accounts().locations(parse("orders", account=number(3)))
