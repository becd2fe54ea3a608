"""Slack Connect: no results where another organization reads along, unless the channel is listed."""

from __future__ import annotations

import pytest

from bot.aws.account_views import EXTERNAL
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.search import picker
from bot.slack.external import External, origin
from bot.slack.manifest import SCOPES
from bot.store.sharing import ExternalChannels

READS = (*SCOPES, "channels:read", "groups:read")
HOME, THEIRS = {"id": "T1"}, "T2"

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]


@pytest.fixture
def shared(slack):
    """The channel is shared with another organization."""
    slack.store.channels[GENERAL].external = True
    return slack.store.channels[GENERAL]


@pytest.fixture
def with_scopes(scopes_of):
    scopes_of.append(READS)


@pytest.fixture
def scopes_of():
    return [SCOPES]


@pytest.fixture
def scopes(scopes_of, request):
    if "with_scopes" in request.fixturenames:
        request.getfixturevalue("with_scopes")
    return scopes_of[-1]


def results(slack):
    """What everybody there can read of a function."""
    words = (
        "orders is not reporting",
        "wrapper",
        "Verified exactly",
        "Digest",
        "Kept",
        "123456789012",
    )
    return [m for m in slack.messages if any(w in f"{m.text} {m.blocks}" for w in words)]


COMMANDS = (
    "orders", "triage orders", "step wrapper_set orders", "scan", "history", "status", "account",
    "digest daily 09:00 UTC", "digest list", "doctor",
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_refused_there(with_scopes, shared, ada, slack, aws, words):
    assert ada.types(f"/slsdiag {words}").text == EXTERNAL
    assert ada.types("/slsdiag help").text.startswith("Type /slsdiag")

    assert not results(slack)
    assert aws.calls == []


def test_mention_there_tells_even_without_the_scopes(shared, ada, slack, aws):
    ada.mentions("orders")
    slack.waits_for(lambda m: m.text == EXTERNAL and m.seen_by == ada.user)
    assert ada.types("/slsdiag orders").text == EXTERNAL

    assert not results(slack)


def test_somebody_of_the_other_organization_tells_by_a_click(ada, slack, shared, redis):
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons())[0]
    Person(slack, "U0EVE", team="T0EVIL", name="eve").clicks(card, "Check again")
    slack.waits_for(lambda m: "members of this workspace only" in m.text)

    assert ada.types("/slsdiag orders").text == EXTERNAL
    ada.clicks(card, "Guide me")
    slack.waits_for(lambda m: m.text == EXTERNAL and m.seen_by == ada.user)
    assert not [m for m in slack.public() if "orders · " in m.text]
    assert ExternalChannels(redis).get(GENERAL)


def test_channel_that_became_shared_gets_no_digest_and_no_end_of_a_look(
    with_scopes, ada, slack, aws, redis, bot, until
):
    """It was asked for before: what is posted is decided when it is posted."""
    aws.latency = 0.3
    ada.types("/slsdiag scan")
    slack.waits_for(lambda m: "Stop" in m.buttons())
    slack.store.channels[GENERAL].external = True
    bot._parts._resources.external._learned.clear()  # noqa: SLF001 - as if a minute had passed
    bot._parts._resources.external._answers.clear()  # noqa: SLF001 - and ten
    aws.latency = 0.0
    until(lambda: not redis.zcard("slsdiag:due"), 30)

    assert not [m for m in slack.public() if "orders" in f"{m.text} {m.blocks}"]
    assert [m for m in slack.public() if "shared with another organization" in m.text]


@pytest.fixture
def listed(settings):
    settings["SLSDIAG_SHARED_CHANNELS"] = f"C0OTHER,{GENERAL}"


def test_listed_channel_gets_results(with_scopes, listed, shared, ada, slack):
    ada.types("/slsdiag orders")

    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons())


def test_without_the_scopes_an_ordinary_channel_gets_results(ada, slack):
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons())

    assert slack.calls["conversations.info"] == 1  # not at each command


def test_picker_sends_no_result_there(with_scopes, shared, ada, slack, until):
    ada.opens_home()
    until(lambda: ada.user in slack.store.homes)
    ada.clicks_in(slack.store.homes[ada.user], "Diagnose")
    until(lambda: ada.user in slack.store.views)
    option = ada.searches(slack.store.views[ada.user], picker.FUNCTION, "orders")[0]
    response = ada.submits(**{picker.FUNCTION: option, picker.CHANNEL: GENERAL})

    assert response.payload["errors"] == {picker.CHANNEL: EXTERNAL}


def test_other_replicas_and_later_starts_know_what_was_learned(slack, redis, mode):
    memory = ExternalChannels(redis)
    first, second = (External(slack.bot_token, slack.api_url, memory, ()) for _ in range(2))
    assert not first(GENERAL)
    first._learn(GENERAL, external=True)  # noqa: SLF001 - as from an event
    assert first(GENERAL)
    assert second(GENERAL)
    first._learn(GENERAL, external=False)  # noqa: SLF001 - it is shared no longer
    assert not External(slack.bot_token, slack.api_url, memory, ())(GENERAL)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"event": {"channel": "C1"}, "is_ext_shared_channel": True}, ("C1", True)),
        ({"event": {"channel": "C1"}, "is_ext_shared_channel": False}, ("C1", False)),
        ({"event": {"channel": "C1"}}, ("", None)),
        ({"event": {"channel": {"id": "C1"}}, "is_ext_shared_channel": True}, ("", None)),
        (
            {"user": {"team_id": THEIRS}, "team": HOME, "channel": {"id": "C1"}},
            ("C1", True),
        ),
        (
            {"user": {"team_id": "T1"}, "team": HOME, "channel": {"id": "C1"}},
            ("C1", None),
        ),
        ({"user": {}, "team": HOME, "channel": {"id": "C1"}}, ("C1", None)),
        (
            # a colleague of another workspace of the same Enterprise Grid
            {
                "user": {"team_id": THEIRS},
                "team": HOME,
                "channel": {"id": "C1"},
                "enterprise": {"id": "E1"},
            },
            ("", None),
        ),
        ({"user": "U1", "team": None, "channel": "C1"}, ("", None)),
        ({}, ("", None)),
    ],
)
def test_what_a_payload_tells(body, expected, mode):
    assert origin(body) == expected
