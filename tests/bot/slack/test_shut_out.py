"""What Slack shuts the app out from is tried again and again, and not forever."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import structlog

from bot.playground.workspace.messages import GENERAL
from bot.slack.own_messages import OwnMessages
from bot.slack.sender import WAITS_AT_MOST, Sender, web_client
from bot.store.connection import now, to_ms
from bot.store.due import ENTRY, Due
from bot.store.messages import Entry, EntryKind, State
from bot.store.outbox import Outbox

SHUT_OUT = "token_revoked"


@pytest.fixture
def lost():
    return []


@pytest.fixture
def sender(slack, redis, lost):
    client, outbox = web_client(slack.bot_token, slack.api_url), Outbox(redis)
    own = OwnMessages(outbox, client, slack.api_url, lambda _: b"")
    clock, given_up = partial(now, redis), lambda entry: lost.append(entry.error) or True
    return Sender(outbox, Due(redis), own, clock, lambda *_: None, given_up)


@pytest.fixture
def refused(slack, redis, sender):
    """Try to send it, so long after the first try; its log, and the entry after it."""

    def refused(entry, after):
        for method in ("chat.postMessage", "chat.postEphemeral", "conversations.open"):
            slack.refuses[method, "*"] = SHUT_OUT
        sender.outbox.add(entry)
        first = to_ms(now(redis) - after)
        redis.hset(f"slsdiag:entry:{entry.key}", "first_try_at", first)
        with structlog.testing.capture_logs() as logs:
            sender.send(entry.key)
        return [each["event"] for each in logs], sender.outbox.load(entry.key)

    return refused


def entry(kind=EntryKind.POST, channel=GENERAL):
    return Entry("x:1", kind, channel, {"text": "x"}, "x", user="U0ADA")


def test_it_waits_for_a_day(refused, lost, redis):
    said, after = refused(entry(), WAITS_AT_MOST - timedelta(minutes=1))

    assert said == ["slack_shut_out"]
    assert (after.state, lost) == (State.PENDING, [])
    assert redis.zscore("slsdiag:due", f"{ENTRY}:x:1") > to_ms(now(redis))


@pytest.mark.parametrize(
    ("kind", "channel", "informs"),
    [
        (EntryKind.POST, GENERAL, [SHUT_OUT]),
        (EntryKind.POST, "U0ADA", []),
        (EntryKind.EPHEMERAL, GENERAL, []),
    ],
)
def test_then_it_is_given_up_and_that_is_logged(refused, lost, redis, kind, channel, informs):
    said, after = refused(entry(kind, channel), WAITS_AT_MOST + timedelta(minutes=1))

    assert said == ["slack_shut_out", "reader_not_told"]
    assert (after.state, after.error, lost) == (State.DEAD, SHUT_OUT, informs)
    assert redis.zscore("slsdiag:due", f"{ENTRY}:x:1") is None
