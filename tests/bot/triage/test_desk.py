"""What becomes of a triage whose messages cannot be posted, over a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import attrgetter

import pytest

from bot.diagnosis.model import Place
from bot.store.connection import now
from bot.store.due import TRIAGE, Due
from bot.store.leases import Leases
from bot.store.messages import Entry, Kind
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.triage import machine
from bot.triage.desk import TriageDesk
from bot.triage.model import Phase, Triage

CARD = "ask:1:card"


def post(key, channel="C", about="t"):
    return Entry(key, Kind.POST, channel, {"text": "x"}, about)


@pytest.fixture
def desk(redis):
    records, due = Records(redis, TRIAGE, Triage, attrgetter("subject")), Due(redis)
    return TriageDesk(records, due, Leases(due), None, lambda *_: None, partial(now, redis))


@pytest.fixture
def opened(desk, redis):
    place = Place("T", "C", "U1")
    blank = Triage("t", "orders", place, CARD, now(redis), function="1/eu-west-1/orders")
    triage = replace(machine.begin(blank), phase=Phase.WAITING, remind="U2", remind_too=("U3",))
    assert desk.triages.open(triage, (), once=None)
    return triage


@pytest.mark.parametrize("lost", [post("t:message-2"), post(CARD, about="ask")])
def test_lost_prompt_or_card_ends_it_and_tells_those_who_wait(desk, opened, redis, lost):
    desk.lost(lost, "The bot may not post.")

    ended = desk.triages.load("t")
    assert (ended.phase, ended.outcome) == (Phase.STOPPED, "The bot may not post.")
    told = [Outbox(redis).load(f"t:summary-{ended.turn}-{user}") for user in ("U1", "U2", "U3")]
    assert [entry.channel for entry in told] == ["U1", "U2", "U3"]
    assert desk.under_way("C") == []


def test_lost_direct_message_ends_nothing(desk, opened):
    desk.lost(post("t:reminder-2-U2", channel="U2"), "The bot may not post.")

    assert desk.triages.load("t") == opened


def test_two_who_want_to_be_told_both_are(desk, opened):
    assert desk.remind("t", opened.turn, "U4")
    assert not desk.remind("t", opened.turn - 1, "U5")

    assert desk.triages.load("t").reminded == ("U2", "U3", "U4")


def test_what_was_stored_before_there_were_subjects_is_listed(desk, redis):
    old = Triage("old", "orders", Place("T", "C", "U1"), CARD, now(redis) - timedelta(days=1))
    assert desk.triages.open(machine.begin(old), (), once=None)

    assert [each.id for each in desk.under_way("C")] == ["old"]
    assert desk.stop("old", "U1")
    assert desk.under_way("C") == []
