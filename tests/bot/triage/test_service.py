"""What becomes of a triage whose messages cannot be posted, over a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import attrgetter
from types import SimpleNamespace

import pytest

from bot.conversation import Conversation
from bot.store.connection import now
from bot.store.due import TRIAGE, Due, Leases
from bot.store.messages import Entry, EntryKind
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.triage import machine
from bot.triage.lookup import TriageLookup
from bot.triage.messages import WITHDRAWN
from bot.triage.model import Phase, Triage
from bot.triage.service import TriageService
from bot.triage.work import TriageWork

CARD = "ask:1:card"


def post(key, channel="C", about="t"):
    return Entry(key, EntryKind.POST, channel, {"text": "x"}, about)


@pytest.fixture
def service(redis):
    records = Records(redis, TRIAGE, Triage, attrgetter("subject"))
    lookup = TriageLookup(records, SimpleNamespace(hidden=lambda *_: False))
    return TriageService(lookup, lambda *_: None, partial(now, redis), lambda _: None, lambda _: ())


def hiding(service):
    """The same, after the account was taken from the channel."""
    everything = SimpleNamespace(hidden=lambda *_: True)
    return replace(service, lookup=replace(service.lookup, viewers=everything))


@pytest.fixture
def opened(service, redis):
    place = Conversation("T", "C", "U1")
    blank = Triage("t", "orders", place, CARD, now(redis), function="1/eu-west-1/orders")
    triage = replace(machine.begin(blank), phase=Phase.WAITING, remind="U2", remind_too=("U3",))
    assert service.triages.open(triage, (), once=None)
    return triage


@pytest.mark.parametrize("lost", [post("t:message-2"), post(CARD, about="ask")])
def test_lost_prompt_or_card_ends_it_and_tells_those_who_wait(service, opened, redis, lost):
    service.lost(lost, "The bot may not post.")

    ended = service.triages.load("t")
    assert (ended.phase, ended.outcome) == (Phase.STOPPED, "The bot may not post.")
    entries = [Outbox(redis).load(f"t:summary-{ended.turn}-{user}") for user in ("U1", "U2", "U3")]
    assert [entry.channel for entry in entries] == ["U1", "U2", "U3"]
    assert service.lookup.under_way("C") == []


def test_lost_direct_message_ends_nothing(service, opened):
    service.lost(post("t:reminder-2-U2", channel="U2"), "The bot may not post.")

    assert service.triages.load("t") == opened


def test_two_who_want_to_be_told_both_are(service, opened):
    assert service.remind("t", opened.turn, "U4")
    assert not service.remind("t", opened.turn - 1, "U5")

    assert service.triages.load("t").reminded == ("U2", "U3", "U4")


def test_what_was_stored_before_there_were_subjects_is_listed(service, redis):
    old = Triage(
        "old", "orders", Conversation("T", "C", "U1"), CARD, now(redis) - timedelta(days=1)
    )
    assert service.triages.open(machine.begin(old), (), once=None)

    assert [each.id for each in service.lookup.under_way("C")] == ["old"]
    assert service.stop("old", "U1")
    assert service.lookup.under_way("C") == []


def test_triage_of_an_account_that_was_taken_away_ends_without_a_name(service, opened, redis):
    redis.zadd("slsdiag:due", {"triage:t": 0})
    due = Due(redis)
    TriageWork(hiding(service), due, Leases(due), None).run("t")

    assert service.triages.load("t").phase is Phase.STOPPED
    assert sent_texts(redis) == {WITHDRAWN}


def test_nothing_else_is_said_of_it_either(service, opened, redis):
    hidden = hiding(service)
    assert hidden.lookup.visible("C") == []
    hidden.give_up("t", "orders failed")

    assert sent_texts(redis) == {WITHDRAWN}


def sent_texts(redis):
    outbox = Outbox(redis)
    keys = [key.partition(":entry:")[2] for key in redis.scan_iter("slsdiag:entry:*")]
    return {outbox.load(key).body["text"] for key in keys}
