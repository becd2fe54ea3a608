"""The gate in front of every listener, with the real bot behind it."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from bot.app.requests import mention_in
from bot.playground.workspace import Person
from bot.playground.workspace.delivery import FORM
from bot.serving_settings import Role
from bot.slack.manifest import DIAGNOSE, SCOPES
from bot.slack.roles import GUEST, LACKING, STRANGER

pytestmark = pytest.mark.slow

ROLES = {"admin": ["U0ROOT"], "runner": ["U0ADA"], "viewer": ["*"]}


@pytest.fixture
def mode():
    return "http"


@pytest.fixture
def card(slack):
    def of(name):
        return slack.waits_for(lambda m: f"{name} is " in m.text and m.buttons(), timeout=20)[0]

    return of


def wait_for_notice(slack, user, words):
    return slack.waits_for(lambda m: m.seen_by == user and words in m.text)


@pytest.fixture
def with_roles(settings):
    settings["SLSDIAG_ROLES"] = json.dumps(ROLES)


@pytest.fixture
def with_group(settings):
    settings["SLSDIAG_ROLES"] = json.dumps(ROLES | {"runner": ["U0ADA", "S0OPS"]})


def test_viewer_looks_on(with_roles, ada, slack, aws):
    eve = Person(slack, "U0EVE", name="eve")

    assert eve.types("/slsdiag help").text.startswith("Type /slsdiag")
    assert eve.types("/slsdiag orders").text == LACKING[Role.RUNNER]
    eve.mentions("orders")
    wait_for_notice(slack, "U0EVE", "Only runners")
    said = slack.store.keep("C0GENERAL", "U0X", text="`orders`", blocks=[])
    before = len(slack.messages)
    eve.chooses(DIAGNOSE, said)
    slack.waits_for(lambda m: m.seen_by == "U0EVE" and slack.messages.index(m) >= before)
    assert aws.calls == []
    assert not [m for m in slack.public() if m.user == "U0SLSDIAG"]


def test_viewer_moves_no_button_and_no_window(with_roles, ada, slack, card):
    ada.types("/slsdiag triage checkout")
    ada.clicks(slack.waits_for(lambda m: "What is missing" in m.text and m.buttons())[0], "Both")
    asked = slack.waits_for(lambda m: "this function only" in m.text and m.buttons())[0]
    eve = Person(slack, "U0EVE", name="eve")
    for label in ("Stop", "Only this one, always"):
        eve.clicks(asked, label)
    wait_for_notice(slack, "U0EVE", "Only runners")
    time.sleep(0.5)

    assert slack.waits_for(lambda m: m.ts == asked.ts and m.buttons())


def test_runner_stops_no_triage_of_anothers(with_group, ada, slack):
    bob = Person(slack, "U0BOB", name="bob")
    slack.store.groups["S0OPS"] = {"U0BOB"}
    slack._api.scopes.add("usergroups:read")  # noqa: SLF001 - the workspace's admin adds it
    ada.types("/slsdiag triage checkout")
    asked = slack.waits_for(lambda m: "What is missing" in m.text and m.buttons())[0]
    bob.clicks(asked, "Stop")
    wait_for_notice(slack, "U0BOB", "Only admins")
    assert bob.types("/slsdiag stop").text == LACKING[Role.ADMIN]

    root = Person(slack, "U0ROOT", name="root")
    assert root.types("/slsdiag stop").text == "Stopped the triage of checkout."


def test_user_group_without_its_scope_is_said(with_group, ada, slack, aws):
    response = Person(slack, "U0BOB", name="bob").types("/slsdiag orders")

    assert "S0OPS" in response.text
    assert "usergroups:read" in response.text
    assert aws.calls == []


def test_guest_may_look_and_not_run(ada, slack, aws):
    guest = Person(slack, "U0GUY", name="guy")
    slack.store.users["U0GUY"]["is_restricted"] = True

    assert guest.types("/slsdiag help").text.startswith("Type /slsdiag")
    assert guest.types("/slsdiag orders").text == GUEST
    assert aws.calls == []


def test_member_is_asked_for_once(ada, slack):
    for _ in range(5):
        ada.types("/slsdiag orders")

    assert slack.calls["users.info"] == 1


@pytest.mark.parametrize("scopes", [tuple(each for each in SCOPES if each != "users:read")])
def test_member_that_slack_does_not_tell_of_counts_by_the_team(scopes, ada, slack):
    assert ada.types("/slsdiag orders").text == "Checking orders. The card appears in this channel."


@pytest.mark.parametrize("user", [{"id": "U0ADA"}, {"id": "U0ADA", "team_id": "T0OTHER"}])
@pytest.mark.parametrize("label", ["Check again", "Guide me"])
def test_click_without_our_team_is_a_strangers(ada, slack, card, user, label):
    ada.types("/slsdiag orders")
    button = card("orders").buttons()[label]
    slack.delivery.interaction(
        {
            "type": "block_actions",
            "team": {"id": "T0DEMO"},
            "user": user,
            "channel": {"id": "C0GENERAL"},
            "actions": [{"action_id": button["action_id"], "value": button["value"]}],
        }
    )

    wait_for_notice(slack, "U0ADA", STRANGER)
    assert not [m for m in slack.public() if "orders · " in m.text]


def test_button_is_of_its_channel(ada, slack, card, bot):
    """An id of another channel's card on one's own button: nothing happens (T7)."""
    slack.store.channel("C0MINE", "mine", "U0ADA", "U0SLSDIAG")
    ada.types("/slsdiag orders")
    copied = deepcopy(card("orders"))
    copied.channel = "C0MINE"
    for label in ("Check again", "Guide me"):
        ada.clicks(copied, label)

    wait_for_notice(slack, "U0ADA", "earlier check")
    time.sleep(0.5)
    assert not [m for m in slack.public() if "orders · " in m.text]
    assert card("orders").edits == 1


def test_button_is_refused_once_the_channel_may_not_see_the_account(
    ada, slack, card, bot, aws, monkeypatch
):
    there = aws.account("999999999999").region("eu-west-1")
    there.function("orders", modified_at=datetime(2026, 1, 1, tzinfo=UTC))
    ada.types("/slsdiag orders --account prod")
    asked = slack.waits_for(lambda m: "orders" in m.text and m.buttons())[0]
    accounts = bot._parts.accounts  # noqa: SLF001 - as if it had been started with other settings
    hidden = {name: each for name, each in accounts.settings.accounts.items() if name == "hidden"}
    monkeypatch.setattr(
        accounts, "settings", accounts.settings.__class__(accounts={"prod": hidden["hidden"]})
    )
    ada.clicks(asked, "Check again")

    wait_for_notice(slack, "U0ADA", "may not see the account prod")


@pytest.fixture
def with_limits(settings):
    settings["SLSDIAG_LIMITS"] = "user=2,channel=50"


def test_too_many_are_told_when_to_try_again(with_limits, ada, slack, aws):
    assert [ada.types("/slsdiag help").text[:4] for _ in range(2)] == ["Type", "Type"]
    said = ada.types("/slsdiag orders").text

    assert re.fullmatch(r"That is too much at once: try again in \d+ s\.", said)
    assert aws.calls == []
    assert Person(slack, "U0BOB", name="bob").types("/slsdiag help").text.startswith("Type")


def test_buttons_count_too(with_limits, ada, slack, card):
    ada.types("/slsdiag orders")
    shown = deepcopy(card("orders"))
    ada.types("/slsdiag help")
    for _ in range(5):
        ada.clicks(shown, "Guide me")

    wait_for_notice(slack, "U0ADA", "try again in")
    time.sleep(0.5)
    assert not [m for m in slack.public() if "orders · " in m.text]
    assert len([m for m in slack.messages if m.seen_by and "try again in" in m.text]) == 1


def test_openings_of_app_home_count_too(with_limits, ada, slack, until):
    slack.latencies = {"views.publish": 0.2}
    for _ in range(12):
        assert ada.opens_home().status == 200
        until(lambda: slack.calls["views.publish"], 5)
        time.sleep(0.3)  # so that each is an opening of its own

    assert slack.calls["views.publish"] == 2
    assert ada.types("/slsdiag help").text.startswith("That is too much at once")
    assert not [m for m in slack.messages if m.user != ada.user and m.channel == "DU0ADA"]
    Person(slack, "U0BOB", name="bob").opens_home()
    until(lambda: "U0BOB" in slack.store.homes, 5)


def test_openings_that_come_while_one_waits_are_one(ada, slack, until):
    """Without limits: the queue is bounded by who waits, and by its room."""
    slack.latencies = {"users.info": 1.0}  # longer than it takes to open all
    people = [Person(slack, f"U0P{n}", name=f"p{n}") for n in range(6)]
    for _ in range(20):
        for each in people:
            each.opens_home()
    until(lambda: {each.user for each in people} <= slack.store.homes.keys(), 20)
    time.sleep(3)

    assert slack.calls["views.publish"] <= 3 * len(people)


def test_same_signed_request_has_one_effect_on_two_replicas(start_bot, slack, redis, card):
    """A click and a stop, each five times at once (T3)."""
    urls = []
    for _ in range(2):
        start_bot()
        urls.append(slack.delivery.http_url)
    ada = Person(slack)
    ada.types("/slsdiag orders")
    ada.types("/slsdiag triage checkout")
    slack.waits_for(lambda m: "What is missing" in m.text and m.buttons())
    button = card("orders").buttons()["Check again"]
    click = {
        "type": "block_actions",
        "user": {"id": "U0ADA", "team_id": "T0DEMO"},
        "channel": {"id": "C0GENERAL"},
        "actions": [{"action_id": button["action_id"], "value": button["value"]}],
    }
    stop = {
        "command": "/slsdiag", "text": "stop", "team_id": "T0DEMO", "channel_id": "C0GENERAL",
        "user_id": "U0ADA", "trigger_id": "T1",
    }  # fmt: skip
    for body in (urlencode({"payload": json.dumps(click)}), urlencode(stop)):
        headers = signed(slack, body)

        def send(n, body=body, headers=headers):
            slack.delivery.http_url = urls[n % 2]
            return slack.delivery.sends(body.encode(), FORM, headers)

        with ThreadPoolExecutor(5) as pool:
            responses = list(pool.map(send, range(5)))
        assert [each.status for each in responses] == [200] * 5
        if body.startswith("command"):
            assert sorted(each.text for each in responses) == [
                *[""] * 4,
                "Stopped the triage of checkout.",
            ]
    time.sleep(0.5)
    assert not [m for m in slack.messages if m.seen_by and "earlier check" in m.text]


def signed(slack, body):
    import hashlib
    import hmac

    stamp = str(int(time.time()))
    text = f"v0:{stamp}:{body}".encode()
    mac = hmac.new(slack.signing_secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


@pytest.mark.parametrize(
    ("teams", "home"),
    [
        ({"team": "T0DEMO"}, "T0DEMO"),
        ({"user_team": "T0DEMO", "team": "T0OTHER"}, "T0DEMO"),
        ({"user_team": "T0OTHER", "team": "T0DEMO"}, ""),
        ({}, ""),
    ],
)
def test_mention_is_a_members_only_where_it_says_so(teams, home):
    """The workspace that the request came to is always ours, whoever mentions the bot there."""
    event = {"type": "app_mention", "channel": "C0GENERAL", "user": "U0EVE", **teams}

    assert mention_in({"team_id": "T0DEMO", "event": event}, "T0DEMO").team == home
