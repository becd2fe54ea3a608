"""What one channel may see, as a value: every account by name and number, and the bot's own."""

from __future__ import annotations

import pytest

from bot.access import NOTHING, UNSAID, View, number_of, view_of
from bot.account_settings import AccountSettings

OWN, RED = "123456789012", "111111111111"
ROLE = f"arn:aws:iam::{RED}:role/slsdiag"
BACK = f"arn:aws:iam::{OWN}:role/slsdiag"


def own(*channels):
    return AccountSettings(org_id="org-own", channels=channels)


def red(*channels, arn=ROLE):
    return AccountSettings(role_arn=arn, channels=channels)


def test_nothing_shows_nothing():
    assert [NOTHING.shows(each) for each in ("", OWN, RED, "red")] == [False] * 4


def test_command_line_sees_all_and_an_unlisted_account_is_everybodys():
    accounts = {"us": own("C1"), "red": red("C2"), "blue": red(arn=ROLE)}

    assert set(view_of(accounts, None).accounts) == {"us", "red", "blue"}
    assert set(view_of(accounts, "C2").accounts) == {"red", "blue"}
    assert set(view_of(accounts, "").accounts) == {"blue"}


def test_account_is_shown_by_its_name_and_by_its_number():
    seen = view_of({"red": red("C1")}, "C1", OWN)

    assert [seen.shows(each) for each in ("red", RED, OWN)] == [True, True, True]
    assert [seen.shows(each) for each in ("", "nobody", "999999999999")] == [False] * 3


def test_own_number_that_aws_has_not_told_shows_nothing():
    assert not View({}, UNSAID, "").shows("")
    assert not View({"us": own()}, UNSAID, "").shows("")
    assert not view_of({"us": own()}, None).shows(OWN)


def test_own_account_is_everybodys_where_no_setting_is_about_it():
    assert view_of({}, "C1", OWN).own is UNSAID
    assert view_of({"red": red("C2")}, "C1", OWN).own is UNSAID


def test_own_account_is_hidden_by_its_entry_and_by_a_role_that_leads_back():
    assert view_of({"us": own("C1")}, "C1", OWN).own == own("C1")
    assert view_of({"us": own("C1")}, "C2", OWN).own is None
    assert not view_of({"us": own("C1")}, "C2", OWN).shows(OWN)
    back = {"back": red("C1", arn=BACK)}
    assert view_of(back, "C1", OWN).own is UNSAID
    assert view_of(back, "C2", OWN).own is None
    # while its number is not known, no role is known to lead back to it
    assert view_of(back, "C2").own is UNSAID


def test_own_account_is_shown_where_one_of_its_entries_is_open():
    accounts = {"back": red("C2", arn=BACK), "us": own("C1")}

    assert view_of(accounts, "C2", OWN).own == own("C1")
    assert view_of(accounts, "C3", OWN).own is None


@pytest.mark.parametrize(("role", "number"), [(ROLE, RED), (None, "")])
def test_number_of_an_account_is_its_roles(role, number):
    assert number_of(AccountSettings(role_arn=role)) == number


def test_scope_differs_by_what_is_read_and_not_by_the_order_of_settings():
    one, two = red(), red(arn=BACK)
    both = view_of({"a": one, "b": two}, None)

    assert both.scope == view_of({"b": two, "a": one}, None).scope
    assert len(both.scope) == 32
    differing = [
        both,
        View({}, None),
        View({}, UNSAID),
        View({}, AccountSettings(org_id="o")),
        View({}, AccountSettings(regions=("eu-west-1",))),
        View({"a": one}, None),
        View({"b": one}, None),
        View({"a": two}, None),
        View({"a": AccountSettings(role_arn=ROLE, org_id="o")}, None),
        View({"a": AccountSettings(role_arn=ROLE, regions=("eu-west-1",))}, None),
    ]
    assert len({each.scope for each in differing}) == len(differing)
