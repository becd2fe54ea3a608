"""Who fixed what a deployment broke: a person is named only where they said so themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.account.trail import makers
from bot.slack.actions import ActionId
from bot.watch.fixes import COUNTS_FOR, MOST, said_fixed
from bot.watch.model import Fix
from bot.watch.service import CHECKING, GONE
from bot.watch.work import YIELD
from tests.bot.watch.watched import HOME, SETTLE

OVER = SETTLE + 2


@pytest.fixture
def broken(watched):
    """A function that a deployment broke, as two channels were told."""
    watched.watch("C2")
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.polls()
    watched.runs(OVER)
    return function


def clicks(watched, user="U7", channel="C1"):
    (deploy, *_) = watched.all()
    return watched.service.fixed(deploy.id, channel, user)


def test_the_message_offers_it_while_something_is_broken(watched, broken):
    assert ActionId.DEPLOY_FIXED in watched.newest()
    watched.repaired(broken, watched.at)
    watched.polls()
    watched.runs(10)

    assert ActionId.DEPLOY_FIXED not in watched.newest()


def test_who_said_so_is_named_once_it_reports(watched, broken):
    assert clicks(watched) == CHECKING
    watched.runs(1)
    assert "'U7'" in watched.newest()
    assert "that it is fixed. It is checked for 20 minutes" in watched.newest()

    watched.queue.lost = 1.0  # nothing tells who changed it
    watched.repaired(broken, watched.at, makers.role(HOME, "admin"))
    watched.runs(70)
    assert "Reports again, fixed by " in watched.newest()
    assert "'U7'" in watched.newest()
    assert "said on" not in watched.newest()


def test_the_role_that_did_it_is_named_beside_the_person(watched, broken):
    clicks(watched)
    watched.runs(1)
    watched.repaired(broken, watched.at, makers.role(HOME, "admin"))
    watched.polls()
    watched.runs(OVER)
    watched.runs(YIELD.total_seconds())

    assert "fixed by " in watched.newest()
    assert "'U7'" in watched.newest()
    assert " after a change by role admin" in watched.newest()


def test_what_dashboard_repaired_says_so_beside_the_person(watched, broken):
    """They may have turned Instrument off and on."""
    clicks(watched)
    watched.runs(1)
    watched.repaired(broken, watched.at)
    watched.polls()
    watched.runs(5)

    assert "fixed by " in watched.newest()
    assert ", Dashboard repaired it after 63 s: " in watched.newest()


def test_nobody_is_named_in_another_channel(watched, broken):
    clicks(watched)
    watched.runs(1)
    watched.repaired(broken, watched.at)
    watched.polls()
    watched.runs(5)

    assert "U7" not in watched.newest("C2")
    assert "Reports again, Dashboard repaired it" in watched.newest("C2")


def test_nobody_is_named_without_saying_so(watched, broken):
    watched.repaired(broken, watched.at, makers.role(HOME, "admin"))
    watched.polls()
    watched.runs(OVER)
    watched.runs(YIELD.total_seconds())

    assert "fixed by" not in watched.newest()
    assert "Reports again after a change by role admin" in watched.newest()


def test_a_click_does_not_count_for_what_reports_much_later(watched, broken):
    clicks(watched)
    watched.runs(1)
    watched.runs(COUNTS_FOR.total_seconds())
    watched.repaired(broken, watched.at, makers.role(HOME, "admin"))
    watched.polls()
    watched.runs(OVER)
    watched.runs(300)

    assert "Reports again after a change by role admin" in watched.newest()
    assert "fixed by" not in watched.newest()


def test_a_click_has_what_is_broken_checked_at_once(watched, broken):
    watched.runs(60)
    assert watched.all()[0].rows[0].due_at > watched.at
    clicks(watched)

    assert watched.all()[0].rows[0].due_at == watched.at


@pytest.mark.parametrize("channel", ["C3", ""])
def test_a_channel_that_was_not_told_cannot_say_so(watched, broken, channel):
    assert clicks(watched, channel=channel) == GONE
    assert watched.all()[0].fixes == ()


def test_a_channel_that_may_no_longer_see_the_account_cannot(watched, broken):
    watched.hidden_from.add("C1")

    assert "no longer see" in clicks(watched)


def test_a_deployment_that_is_gone_says_so(watched):
    assert watched.service.fixed("nothing", "C1", "U7") == GONE


def test_nothing_broken_is_nothing_to_fix(watched, broken):
    watched.repaired(broken, watched.at)
    watched.polls()
    watched.runs(10)

    assert clicks(watched) == "Nothing of that deployment is broken any more."


def test_clicks_are_bounded_and_one_of_a_person_is_kept(watched, broken):
    deploy, at = watched.all()[0], watched.at
    for number in range(MOST + 5):
        deploy = said_fixed(deploy, Fix("C1", f"U{number}", at), deploy.rows)
    again = said_fixed(deploy, Fix("C1", "U9", at + timedelta(seconds=1)), deploy.rows)

    assert len(deploy.fixes) == len(again.fixes) == MOST
    assert sum(fix.user == "U9" for fix in again.fixes) == 1
    assert replace(again, fixes=()) == replace(
        deploy, rows=said_fixed(again, again.fixes[-1], deploy.rows).rows, fixes=()
    )
