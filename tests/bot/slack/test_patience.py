"""Slack is slow to tell who somebody is: its own three seconds are kept all the same."""

from __future__ import annotations

import json
import time

import pytest

from bot.playground.workspace import Person
from bot.search import picker
from bot.slack.manifest import SCOPES
from bot.slack.roles import GUEST, UNSURE

pytestmark = pytest.mark.slow

GROUPS = [f"S0OPS{n}" for n in range(6)]
ACKNOWLEDGED_WITHIN = 2.5
"""Seconds: half of Slack's three for its own answers, the rest for a busy machine."""


@pytest.fixture
def mode():
    return "http"


@pytest.fixture
def scopes():
    return (*SCOPES, "usergroups:read")


@pytest.fixture
def settings():
    return {"SLSDIAG_ROLES": json.dumps({"admin": ["U0ROOT"], "runner": GROUPS})}


@pytest.fixture
def bob(slack, ada):
    """Nobody has asked about him yet."""
    slack.store.groups.update({each: {"U0ADA"} for each in GROUPS[:-1]} | {GROUPS[-1]: {"U0BOB"}})
    return Person(slack, "U0BOB", name="bob")


def test_groups_are_asked_at_once(bob, slack):
    slack.latencies = {"users.info": 0.95, "usergroups.users.list": 0.95}
    response = bob.types("/slsdiag orders")

    assert response.text == "Checking orders. The card appears in this channel."
    assert response.seconds < ACKNOWLEDGED_WITHIN


@pytest.mark.parametrize("slow", ["users.info", "usergroups.users.list"])
def test_what_comes_too_late_is_refused_in_time_and_there_for_the_next_act(bob, slack, slow, until):
    slack.latencies = {slow: 2.5}
    response = bob.types("/slsdiag orders")
    assert response.text == UNSURE or "could not see who is in the user group" in response.text
    assert response.seconds < ACKNOWLEDGED_WITHIN

    until(lambda: bob.types("/slsdiag orders").text.startswith("Checking orders"), 10)
    assert slack.calls[slow] == (1 if slow == "users.info" else len(GROUPS))


def test_one_group_that_answers_is_enough(bob, slack):
    """Slack tells nothing of the others."""
    for each in GROUPS[:-1]:
        del slack.store.groups[each]

    assert bob.types("/slsdiag orders").text.startswith("Checking orders")


@pytest.mark.parametrize("settings", [{}])
@pytest.mark.parametrize("restricted", [True, False])
def test_guest_that_slack_is_slow_to_tell_of_counts_by_the_team(ada, slack, restricted):
    guy = Person(slack, "U0GUY", name="guy")
    slack.store.users["U0GUY"]["is_restricted"] = restricted
    slack.latencies = {"users.info": 0.95}
    response = guy.types("/slsdiag orders")

    assert (response.text == GUEST) is restricted
    assert response.seconds < ACKNOWLEDGED_WITHIN


@pytest.mark.parametrize("settings", [{}])
def test_windows_wait_for_slack_and_the_acknowledgement_does_not(ada, slack, until):
    ada.opens_home()
    until(lambda: ada.user in slack.store.homes, 10)
    slack.latencies = {"views.open": 2.0, "views.update": 2.0, "conversations.open": 9.0}
    began = time.monotonic()
    ada.clicks_in(slack.store.homes[ada.user], "Diagnose")
    assert time.monotonic() - began < 1
    until(lambda: ada.user in slack.store.views, 5)
    view = slack.store.views[ada.user]
    typed = ada.searches(view, picker.FUNCTION, "billing")[0]
    response = ada.submits(**{picker.FUNCTION: typed})

    assert response.seconds < ACKNOWLEDGED_WITHIN
    assert "could not open a direct message" in str(response.payload["errors"])
