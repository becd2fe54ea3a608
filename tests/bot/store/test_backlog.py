"""Ages and lengths are those of what waits now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.broker import QUEUES, Broker
from bot.store.backlog import Backlogs
from bot.store.connection import connect, now, to_ms
from bot.store.due import ENTRY
from bot.store.messages import Entry, EntryKind


@pytest.fixture
def backlog(redis):
    return Backlogs(redis, QUEUES).read


def card(key="d1:1:card"):
    return Entry(key, EntryKind.POST, "C", {"text": "Looking."}, "d1")


def aged(redis, key, seconds):
    redis.zadd("slsdiag:outbox", {key: to_ms(now(redis)) - seconds * 1000})


def test_nothing_waits(backlog):
    found = backlog()
    assert (found.outbox_oldest, found.due_oldest, found.parked) == (0, 0, 0)
    assert found.queues == {"look": 0, "post": 0, "scan": 0}


def test_the_outboxs_age_is_that_of_what_slack_has_not_taken(redis, backlog, outbox, due, ask):
    """Also while it is tried again and again, and so is never overdue."""
    ask(card())
    aged(redis, "d1:1:card", 90)
    claim = due.claim(ENTRY, "d1:1:card", timedelta(seconds=30))
    entry = outbox.load("d1:1:card")
    outbox.postpone(entry, now(redis) + timedelta(seconds=60), claim, unclear=True)
    assert 90 <= backlog().outbox_oldest < 120
    redis.zadd("slsdiag:due", {"entry:d1:1:card": 1})
    claim = due.claim(ENTRY, "d1:1:card", timedelta(seconds=30))
    outbox.sent(entry, "17.1", claim)
    assert backlog().outbox_oldest == 0


def test_what_an_older_release_sent_does_not_stay_in_the_age(redis, backlog, ask):
    ask(card(), card("d1:1:more"))
    aged(redis, "d1:1:card", 900)
    aged(redis, "gone", 990)
    redis.hset("slsdiag:entry:d1:1:card", "state", "sent")
    aged(redis, "d1:1:more", 9)
    assert 9 <= backlog().outbox_oldest < 60


def test_due_is_as_old_as_the_longest_due(redis, backlog):
    at = to_ms(now(redis))
    redis.zadd("slsdiag:due", {"triage:t1": at - 30_000, "triage:t2": at + 60_000})
    redis.zadd("slsdiag:parked", {"triage:t3": at})
    found = backlog()
    assert 30 <= found.due_oldest < 60
    assert found.parked == 1


def test_queues_are_as_long_as_the_broker_says(redis, redis_url, backlog):
    broker = Broker(redis_url)
    for number in range(3):
        broker.nudge("triage", f"t{number}")
    broker.nudge(ENTRY, "e1")
    assert backlog().queues == {"look": 3, "post": 1, "scan": 0}
    assert broker.waiting() == 4
    broker.close()


def test_a_store_that_is_away_is_none():
    with connect("redis://127.0.0.1:9", answer_limit=0.4) as nobody:
        assert Backlogs(nobody, QUEUES).read() is None
