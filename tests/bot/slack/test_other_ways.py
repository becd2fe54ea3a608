"""An answer that Slack does not take as it is reaches whoever waits for it another way."""

from __future__ import annotations

import time
from copy import deepcopy
from datetime import timedelta

import pytest

import bot.slack.sender
from bot.playground.workspace import Person
from bot.playground.workspace.messages import ELSEWHERE, GENERAL
from bot.playground.workspace.model import BOT_USER
from bot.slack.interactions import STALE

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
TRANSIENT = ["limited", "error_before", "dropped_before", "trouble_before"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The settle time in half seconds, so that a test need not wait."""
    monkeypatch.setattr(bot.slack.sender, "SETTLES_IN", timedelta(seconds=0.5))


@pytest.fixture
def nothing_is_left(redis, until):
    """But for a later search for copies of what was posted a second time."""

    def left():
        return [
            each for each in redis.zrange("slsdiag:due", 0, -1) if not each.startswith("copies:")
        ]

    return lambda: until(lambda: not left(), 30)


@pytest.fixture
def refused_for_a_while(slack, until):
    """Slack answers nothing well while `act` is done, and until it was asked twice."""

    def refused_for_a_while(fault, act, method="chat.postEphemeral"):
        setattr(slack.faults, fault, 1.0)
        act()
        until(lambda: slack.calls[method] >= 2, 15)
        setattr(slack.faults, fault, 0.0)

    return refused_for_a_while


def alone(slack, words, user="U0ADA"):
    return slack.waits_for(lambda m: m.seen_by == user and words in m.text, 15)


@pytest.mark.parametrize("fault", TRANSIENT)
def test_mention_is_answered_when_slack_is_well_again(
    ada, slack, fault, refused_for_a_while, nothing_is_left
):
    refused_for_a_while(fault, lambda: ada.mentions("help"))

    alone(slack, "Type /slsdiag my-function")
    nothing_is_left()
    assert len(alone(slack, "Type /slsdiag my-function")) == 1


@pytest.mark.parametrize("fault", TRANSIENT)
def test_click_is_answered_when_slack_is_well_again(
    ada, slack, fault, refused_for_a_while, nothing_is_left
):
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons())[0]
    stale = deepcopy(card)
    ada.clicks(card, "Check again")
    nothing_is_left()
    refused_for_a_while(fault, lambda: ada.clicks(stale, "Check again"))

    alone(slack, STALE)


def test_event_that_comes_again_is_answered_once(ada, slack, nothing_is_left):
    """Slack repeats an event that it heard no answer to."""
    said = ada.says("<@U0SLSDIAG> help")
    event = {"type": "app_mention", "channel": GENERAL, "ts": said.ts, "user": ada.user}
    body = ada._event(said.ts, **event, text=said.text, team=ada.team)  # noqa: SLF001 - the same one
    for _ in range(3):
        slack.delivery.event(body)
    nothing_is_left()

    assert len(alone(slack, "Type /slsdiag my-function")) == 1


def test_who_left_the_channel_is_answered_directly(ada, slack, nothing_is_left):
    slack.store.channels[GENERAL].members.discard(ada.user)
    ada.mentions("help")
    slack.waits_for(lambda m: m.channel == "DU0ADA" and "Type /slsdiag my-function" in m.text)

    nothing_is_left()


def used_up(url):
    url.left = 0


def too_old(url):
    url.until = time.monotonic() - 1


@pytest.mark.parametrize("worn_out", [used_up, too_old])
@pytest.mark.parametrize("text", ["orders", "no-such-thing", "scan orders"])
def test_answer_whose_response_url_is_worn_out_comes_directly(
    ada, slack, aws, text, worn_out, nothing_is_left
):
    """The bot is no member there."""
    aws.latency = 0.3
    ada.types(f"/slsdiag {text}", channel=ELSEWHERE)
    for url in slack._response_urls:  # noqa: SLF001 - Slack's own
        worn_out(url)
    messages = slack.waits_for(lambda m: m.channel == "DU0ADA" and m.user == BOT_USER, 30)

    assert text.rpartition(" ")[2] in messages[0].text
    nothing_is_left()
    assert [m for m in slack.public() if m.channel != "DU0ADA"] == []


def test_report_goes_the_other_way_where_the_url_is_used_up(ada, slack, aws, nothing_is_left):
    aws.latency = 0.3
    ada.types("/slsdiag orders", channel=ELSEWHERE)
    for url in slack._response_urls:  # noqa: SLF001 - Slack's own
        url.left = 0
    nothing_is_left()
    (directly,) = [m for m in slack.messages if m.channel == "DU0ADA"]

    assert "orders is not reporting" in directly.text


def deleted(slack, message):
    """As an admin does."""
    with slack.lock:
        slack.store.all.remove(message)


def test_card_that_was_deleted_meanwhile_is_posted_anew(ada, slack, aws, nothing_is_left):
    aws.latency, aws.latencies = 1.0, {"GetFunctionConfiguration": 0.0}
    ada.types("/slsdiag orders")
    deleted(slack, slack.waits_for(lambda m: "Checking orders…" in m.text)[0])
    aws.latency = 0.0
    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)[0]
    nothing_is_left()

    assert [m for m in slack.public() if m.thread_ts is None] == [card]
    replies = [m for m in slack.public() if m.thread_ts]
    assert {m.thread_ts for m in replies} == {card.ts}
    assert "Datadog owns the exec wrapper" in str([m.blocks for m in replies])
    edits = card.edits
    ada.clicks(card, "Check again")
    slack.waits_for(
        lambda m: m.ts == card.ts and m.edits > edits and "orders is not reporting" in m.text
    )


def test_deleted_card_of_a_scan_is_posted_anew(ada, slack, aws, nothing_is_left):
    aws.latency = 0.5
    ada.types("/slsdiag scan orders")
    deleted(slack, slack.waits_for(lambda m: ": looking" in m.text)[0])
    aws.latency = 0.0
    card = slack.waits_for(lambda m: "Verified exactly" in m.text and m.buttons(), 30)[0]
    nothing_is_left()

    assert [m for m in slack.public() if m.thread_ts is None] == [card]


def test_deleted_card_is_not_brought_back_to_show_progress(ada, slack, aws, until):
    aws.latency, aws.latencies = 5.0, {"GetFunctionConfiguration": 0.0}
    ada.types("/slsdiag orders")
    deleted(slack, slack.waits_for(lambda m: "Checking orders…" in m.text)[0])
    until(lambda: slack.calls["chat.update"] == 1, 10)
    time.sleep(0.5)
    assert slack.public() == []
    aws.latency = 0.0

    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)


def test_stranger_who_goes_on_clicking_is_told_once(ada, slack, redis, nothing_is_left):
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons())[0]
    eve = Person(slack, "U0EVE", team="T0OTHER", name="eve")
    for _ in range(20):
        eve.clicks(card, "Check again")
    nothing_is_left()

    assert 1 <= len(alone(slack, "members of this workspace", "U0EVE")) <= 2
