"""
Whatever word Slack refuses with: the requester is answered once, and a digest's news is not lost.

Each word has a channel (or a person) of its own, where the fake Slack answers it to one method.
After a while Slack takes everything again, so that what waits for that is answered, too.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

import bot.slack.sender
from bot.app.processes import who_we_are
from bot.conversation import Conversation
from bot.digest.model import Digest, Plan, Slot
from bot.digest.repository import Digests
from bot.errors import Unreachable
from bot.playground.workspace import Person
from bot.playground.workspace.controls import controls
from bot.playground.workspace.model import BOT_USER
from bot.slack.background import Background
from bot.slack.interactions import Replies
from bot.slack.own_messages import permalink
from bot.slack.people import People
from bot.slack.roles import Unseen
from bot.slack.sender import web_client
from bot.store.connection import now, to_ms
from bot.store.due import COPIES
from tests.bot.slack.far_off import FAR_OFF
from tests.bot.slack.refused_words import INVENTED, words

pytestmark = pytest.mark.slow


@pytest.fixture
def mode():
    """All of it is alike over HTTP."""
    return "socket"


REFUSES_FOR = 4.0
"""Seconds."""


@pytest.fixture
def quick(monkeypatch):
    """So that a test need not wait for minutes."""
    monkeypatch.setattr(bot.slack.sender, "SETTLES_IN", timedelta(seconds=0.5))
    monkeypatch.setattr(bot.slack.sender, "WAITS_FOR", timedelta(seconds=0.5))


@pytest.fixture
def rooms(slack, ada):
    """A channel for each word, where Slack refuses the method with it: channel → word."""

    def refusing(method, *, member=True):
        found = {}
        for number, word in enumerate(words(method)):
            members = (BOT_USER, ada.user) if member else (ada.user,)
            channel = slack.store.channel(f"C0WORD{number:04}", word, *members).id
            slack.refuses[method, channel] = word
            found[channel] = word
        return found

    return refusing


@pytest.fixture
def idle(redis, until):
    """Wait until nothing is left to do, but for looks at copies."""

    def left():
        soon = to_ms(now(redis)) + 100_000
        due = redis.zrangebyscore("slsdiag:due", "-inf", soon)
        return [each for each in due if not each.startswith(COPIES)]

    def wait(limit=90):
        until(lambda: not left() and not redis.zcard("slsdiag:outbox"), limit)

    return wait


def wrong(slack, channels, text="orders is not reporting"):
    """The channels whose requester was not told, or was told the same twice."""
    counts = {channel: Counter() for channel in channels}
    for message in slack.messages:
        if message.channel in counts and message.user == BOT_USER and text in message.text:
            counts[message.channel][f"{message.text} {message.blocks}"] += 1
    return {
        f"{channels[channel]} ({sum(found.values())})"
        for channel, found in counts.items()
        if not found or max(found.values()) > 1
    }


def wait_out(slack):
    """Slack refuses for a while, then takes everything."""
    time.sleep(REFUSES_FOR)
    slack.refuses.clear()


def direct(slack, people):
    """What was said to each directly."""
    return [m for m in slack.messages if m.channel in {f"D{each.user}" for each in people}]


def moved(slack, members):
    """What was said directly, as if it stood in the channel whose only member it was for."""
    homes = {f"D{person.user}": channel for channel, person in members.items()}
    for message in direct(slack, members.values()):
        message.channel = homes[message.channel]


@pytest.fixture
def people(slack, ada):
    """Somebody for each word, who alone is in a channel with the bot: channel → person."""

    def joining(channels):
        found = {}
        for number, channel in enumerate(channels):
            found[channel] = Person(slack, f"U0WORD{number:04}", name=f"w{number}")
            slack.store.channels[channel].members = {BOT_USER, found[channel].user}
        return found

    return joining


def test_command_is_answered_whatever_a_post_is_refused_with(quick, ada, slack, rooms, idle):
    refused = rooms("chat.postMessage")
    for channel in refused:
        ada.types("/slsdiag orders", channel=channel)
    wait_out(slack)
    idle()

    assert wrong(slack, refused) == set()
    assert direct(slack, [ada]) == []


def test_mention_is_answered_whatever_a_post_is_refused_with(quick, slack, rooms, people, idle):
    """By a direct message; where that is refused, too, by an ephemeral one."""
    refused = rooms("chat.postMessage")
    members = people(refused)
    for number, (channel, person) in enumerate(members.items()):
        if number % 2:
            slack.refuses["chat.postMessage", person.user] = refused[channel]
        person.mentions("orders", channel=channel)
    wait_out(slack)
    idle()
    moved(slack, members)

    assert wrong(slack, refused) == set()


def test_answer_comes_whatever_its_edit_is_refused_with(quick, ada, slack, rooms, idle):
    refused = rooms("chat.update")
    for channel in refused:
        ada.types("/slsdiag orders", channel=channel)
    wait_out(slack)
    idle()

    assert wrong(slack, refused) == set()
    assert all(m.seen_by is None for m in slack.messages if m.buttons())


def test_what_follows_a_replaced_card_goes_to_the_new_one(quick, ada, slack, aws, until, idle):
    slack.refuses["chat.update", "*"] = "edit_window_closed"
    ada.types("/slsdiag orders")
    (card,) = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)
    idle()
    assert [m.thread_ts for m in slack.public() if m.thread_ts] == [card.ts]  # its summary
    slack.refuses.clear()
    orders = aws.account().region("eu-west-1").functions["orders"]["$LATEST"]
    orders["Environment"]["Variables"].pop("SLS_ORG_ID")  # so that there is news for the thread
    ada.clicks(card, "Check again")
    until(lambda: card.edits >= 2, limit=20)
    idle()

    assert (
        len([m for m in slack.public() if "orders is not reporting" in m.text and m.buttons()]) == 1
    )
    threads = [m.thread_ts for m in slack.public() if m.thread_ts]
    assert len(threads) > 1
    assert set(threads) == {card.ts}


@pytest.mark.parametrize("method", ["chat.postEphemeral", "chat.delete"])
def test_question_comes_whatever_is_refused(quick, ada, slack, rooms, idle, method):
    refused = rooms(method)
    for channel in refused:
        ada.types("/slsdiag function:nosuch", channel=channel)
    wait_out(slack)
    idle()

    assert wrong(slack, refused, "nosuch: ") == set()
    assert not [m for m in slack.public() if "looking" in m.text]


def test_private_answer_comes_whatever_the_response_url_says(quick, slack, rooms, people, idle):
    refused = rooms("response_url")
    members = people(refused)
    for channel, person in members.items():
        slack.store.channels[channel].members = {person.user}
        person.types("/slsdiag orders", channel=channel)
    wait_out(slack)
    idle()
    moved(slack, members)

    assert wrong(slack, refused) == set()


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
def test_unclear_post_is_answered_whatever_a_look_for_it_is_refused_with(
    quick, slack, rooms, people, idle, method
):
    refused = rooms(method)
    members = people(refused)
    slack.faults.dropped_after = 1.0
    for channel, person in members.items():
        said = person.says("what is it?", channel=channel)
        thread = said.ts if method == "conversations.replies" else None
        person.mentions("orders", channel=channel, thread=thread)
    slack.waits_for(lambda _: len(cards(slack)) == len(refused), 60)
    slack.faults.dropped_after = 0.0
    wait_out(slack)
    idle()
    posted = cards(slack)
    moved(slack, members)

    assert set(posted.values()) == {1}
    assert wrong(slack, refused) == set()


def cards(slack):
    """How many there are, by channel."""
    keys = ((m.channel, m.metadata["event_payload"]["key"]) for m in slack.public() if m.metadata)
    return Counter(channel for channel, key in keys if key.endswith(":card"))


def test_unclear_post_is_answered_though_slack_does_not_say_who_we_are(quick, ada, slack, idle):
    slack.refuses["auth.test", "*"] = INVENTED[0]
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    slack.faults.dropped_after = 0.0

    assert slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.seen_by == ada.user, 30
    )
    assert set(cards(slack).values()) == {1}


def test_unclear_direct_message_is_not_doubled(quick, slack, rooms, people, idle):
    """Whatever word the channel with its reader is refused with; an ephemeral one may repeat it."""
    refused = rooms("conversations.open")
    members = people(refused)
    for channel, person in members.items():
        slack.refuses["conversations.open", person.user] = refused[channel]
        slack.refuses["chat.postMessage", channel] = "is_archived"
        slack.hangs_up.add(("chat.postMessage", person.user))
        person.mentions("orders", channel=channel)
    slack.waits_for(lambda _: len(direct(slack, members.values())) >= len(refused), 60)
    slack.hangs_up.clear()
    wait_out(slack)
    idle()
    moved(slack, members)
    slack.messages[:] = [m for m in slack.messages if not m.seen_by]

    assert wrong(slack, refused) == set()


def test_digests_news_is_not_lost_whatever_it_is_refused_with(
    quick, slack, ada, redis, rooms, people, idle, until
):
    """The second slot comes when Slack takes everything again."""
    refused = rooms("chat.postMessage")
    members, digests = people(refused), Digests(redis)
    ids = {channel: f"d{number}" for number, channel in enumerate(refused)}
    at = now(redis)
    for channel, person in members.items():
        place, slot = Conversation("T0DEMO", channel, person.user), Slot(at, "2026-01-01")
        plan = Plan("every 1h", "UTC")
        digests.keep(Digest(ids[channel], place, plan, at - timedelta(days=1), slot), ())
    tried = [f"slsdiag:entry:{each}:2026-01-01:1" for each in ids.values()]
    until(lambda: all(redis.hget(key, "tries") for key in tried), 120)
    until(lambda: len(direct(slack, members.values())) > len(refused) // 2, 60)
    slack.refuses.clear()
    idle()
    for each in ids.values():
        again = replace(digests.load(each), slot=Slot(now(redis), "2026-01-02"))
        assert digests.save(again, claim=None, due_at=now(redis))
    idle()
    posted = Counter(m.channel for m in slack.public() if "Digest: the first scan" in m.text)
    informed = Counter(m.channel for m in direct(slack, members.values()))

    assert posted == dict.fromkeys(refused, 1)
    assert set(informed.values()) == {1}
    assert all("/slsdiag digest stop" in m.text for m in direct(slack, members.values()))


def test_window_that_does_not_open_is_told(quick, ada, slack):
    ada.types(f"/slsdiag digest daily {FAR_OFF}")
    ada.clicks(slack.waits_for(lambda m: "Keep it" in m.buttons(), 20)[0], "Keep it")
    slack.waits_for(lambda m: "Kept, as" in m.text)
    ada.types("/slsdiag digest now")
    (digest,) = slack.waits_for(lambda m: "Snooze…" in m.buttons(), 30)
    for number, word in enumerate(words("views.open"), 1):
        slack.refuses["views.open", "*"] = word
        ada.clicks(digest, "Snooze…")
        notices = slack.waits_for(
            lambda _, n=number: (
                len([m for m in slack.messages if "did not open the window" in m.text]) == n
            )
        )
        assert notices, word


def test_window_of_home_that_does_not_open_is_told_there(quick, ada, slack, until):
    ada.opens_home()
    until(lambda: ada.user in slack.store.homes)
    label = next(each for each in labels(slack.store.homes[ada.user]) if each.startswith("Diag"))
    for word in words("views.open"):
        slack.refuses["views.open", "*"] = word
        slack.store.homes.pop(ada.user, None)
        ada.opens_home()
        until(lambda: ada.user in slack.store.homes)
        ada.clicks_in(slack.store.homes[ada.user], label)
        until(lambda: "did not let me open" in str(slack.store.homes[ada.user]))


def test_window_that_is_not_updated_stays_as_it_is(slack, until):
    client, later = web_client(slack.bot_token, slack.api_url), Background("x", 1, 1)
    replies = Replies(None, None, client, later)
    window = {"id": "V1", "hash": "h"}
    with structlog.testing.capture_logs() as logs:
        for number, word in enumerate(words("views.update"), 1):
            slack.refuses["views.update", "*"] = word
            replies.another_window({"view": window}, {"type": "modal"})
            until(lambda n=number: len(logs) == n)
    later.stop()

    assert {each["event"] for each in logs} == {"window_not_updated"}
    assert [each["error"] for each in logs] == words("views.update")


def labels(view):
    return [each.label for each in controls(view["blocks"])]


@pytest.mark.parametrize("method", ["users.info", "views.publish"])
def test_home_comes_once_slack_takes_it(quick, ada, slack, until, method):
    for word in words(method):
        slack.refuses[method, "*"] = word
        before = slack.calls[method]
        ada.opens_home()
        until(lambda n=before: slack.calls[method] > n)
    assert ada.user not in slack.store.homes
    slack.refuses.clear()
    ada.opens_home()

    until(lambda: ada.user in slack.store.homes)


def test_preview_is_answered_whatever_slack_says_of_the_asker(quick, slack, rooms, people, idle):
    refused = rooms("users.info")
    members = people(refused)
    for channel, person in members.items():
        slack.refuses["users.info", person.user] = refused[channel]
        person.types(f"/slsdiag digest daily {FAR_OFF}", channel=channel)
    idle()

    assert wrong(slack, refused, "I could not see your time zone") == set()


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_start_that_slack_refuses_names_its_word(slack, method):
    client = web_client(slack.bot_token, slack.api_url)
    for word in words(method):
        slack.refuses[method, "*"] = word
        with pytest.raises(Unreachable, match=word):
            who_we_are(client, slack.app_token)


def test_link_that_slack_does_not_tell_is_left_out(slack):
    client = web_client(slack.bot_token, slack.api_url)
    for word in words("chat.getPermalink"):
        slack.refuses["chat.getPermalink", "*"] = word
        assert permalink(client, "C0GENERAL", "1.2") is None


def test_group_that_slack_does_not_tell_is_a_sentence(slack):
    for word in words("usergroups.users.list"):
        slack.refuses["usergroups.users.list", "*"] = word
        with pytest.raises(Unseen, match="S0GROUP"):
            People(slack.bot_token, slack.api_url).in_any("U0ADA", ["S0GROUP"])


def test_card_that_somebody_deleted_is_posted_anew_with_its_thread(quick, ada, slack, idle):
    ada.types("/slsdiag orders")
    (card,) = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)
    idle()
    slack.messages.clear()
    ada.clicks(card, "Check again")
    (anew,) = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 30)
    idle()

    assert anew.ts != card.ts
    assert {m.thread_ts for m in slack.public() if m is not anew} == {anew.ts}
    assert not [m for m in slack.messages if m.seen_by]
