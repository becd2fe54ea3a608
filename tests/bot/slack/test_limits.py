"""Slack's 429: nobody of us knocks before the time it names, and other channels go on."""

from __future__ import annotations

import pytest

from bot.playground.workspace import Person
from bot.playground.workspace.model import BOT_USER

pytestmark = pytest.mark.slow

ASKS = 8
UNDER_WAY = 4
"""Calls of one replica that may be on the wire when Slack says so."""


@pytest.fixture
def mode():
    """All of it is alike over HTTP."""
    return "socket"


def test_pause_of_a_channel_is_everybodys(slack, start_bot):
    replicas = [start_bot(), start_bot()]
    ada = Person(slack)
    slack.store.channel("C0OTHER", "other", BOT_USER, ada.user)
    slack.limits.on = True
    for _ in range(ASKS):
        ada.types("/slsdiag orders")
    slack.waits_for(lambda _: slack.limits.limited)
    ada.types("/slsdiag orders", channel="C0OTHER")
    elsewhere = slack.waits_for(lambda m: m.channel == "C0OTHER" and m.thread_ts, 20)
    here = [m for m in slack.public("C0GENERAL") if m.thread_ts]
    assert len(here) < ASKS

    def answered(_):
        """Each request by a card of its own, or by the card that stood already."""
        cards = [m for m in slack.public("C0GENERAL") if not m.thread_ts]
        notes = [m for m in slack.messages if "Checking orders again." in m.text]
        done = [m for m in cards if "is not reporting" in m.text]
        return len(done) == len(cards) and len(cards) + len(notes) == ASKS

    slack.waits_for(answered, 90)

    def summarized(_):
        posts = slack.public("C0GENERAL")
        return {m.ts for m in posts if not m.thread_ts} == {m.thread_ts for m in posts} - {None}

    slack.waits_for(summarized, 90)
    posts = slack.public("C0GENERAL")
    replies = [m.thread_ts for m in posts if m.thread_ts]

    assert elsewhere
    assert len(replies) == len(set(replies))
    assert slack.limits.early <= UNDER_WAY * len(replicas)
    assert slack.limits.limited < len(posts) / 2
