"""What people are told where one record is another release's: the real bot, by Socket Mode."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.app.failures import AWAY, OTHERS, OUR_FAULT
from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.digest.model import Digest, Plan
from bot.digest.repository import Digests
from bot.digest.schedule import following
from bot.playground.workspace.messages import GENERAL
from bot.scan.run import Inquiry
from bot.search.requests import RequestHistory
from bot.store.coding import decode
from bot.store.connection import now, to_ms
from bot.store.due import Due
from bot.store.records import Records
from bot.triage.model import Triage

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
FOLDER = Path(__file__).parents[2] / "fixtures" / "records" / "1"
MORE = "1 more that this release of slsdiag cannot read."
FAULTS = {
    "bad JSON": "{",
    "newer schema": json.dumps({"schema": 99, "value": {}}),
    "wrong shape": json.dumps({"schema": 1, "value": []}),
    "another type": None,
}


@pytest.fixture(params=FAULTS)
def fault(request):
    return FAULTS[request.param]


@pytest.fixture
def spoil(redis, fault):
    def spoil(kind, id_):
        key = f"slsdiag:{kind}:{id_}"
        if fault is None:
            redis.delete(key)
            redis.set(key, "kept in another way")
        else:
            redis.hset(key, "doc", fault)

    return spoil


@pytest.fixture
def place(ada):
    return Conversation("T0DEMO", GENERAL, ada.user)


@pytest.fixture
def planted(redis, place, spoil):
    """Two records of a kind, of which the bot can read the first."""

    def plant(kind, type_, name, **more):
        record = decode(type_, (FOLDER / f"{name}.json").read_text())
        records = Records(redis, kind, type_)
        for id_ in ("good", "bad"):
            assert records.open(replace(record, id=id_, place=place, **more), (), once=None)
            redis.zrem("slsdiag:due", f"{kind}:{id_}")
        spoil(kind, "bad")
        return record

    return plant


@pytest.fixture
def digests(redis, place, spoil):
    made = Digests(redis)
    at, plan = datetime.now(UTC), Plan("daily 09:00", "UTC")
    for id_ in ("aaaaaa", "bbbbbb"):
        made.keep(Digest(id_, place, plan, at, following(plan, at, at)), ())
    spoil("digest", "bbbbbb")
    return made


def test_status_counts_it(ada, planted):
    planted("triage", Triage, "triage-waiting")
    planted("inquiry", Inquiry, "inquiry-asked", answered=False)
    text = ada.types("/slsdiag status").text

    assert "• a scan" in text
    assert text.count("• ") == 2
    assert MORE.replace("1", "2") in text


def test_history_counts_it(ada, planted):
    planted("diagnosis", Diagnosis, "diagnosis-reported")
    text = ada.types("/slsdiag history").text

    assert text.startswith("Reports, newest first:")
    assert MORE in text


def test_stop_ends_what_it_can_read_and_counts_the_rest(ada, planted):
    known = planted("triage", Triage, "triage-waiting")

    assert f"Stopped the triage of {known.target}" in ada.types("/slsdiag stop").text
    text = ada.types("/slsdiag stop").text
    assert text.startswith("No triage is open in this channel.")
    assert MORE in text


def test_digest_verbs_work_beside_it(ada, digests):
    text = ada.types("/slsdiag digest list").text
    assert "aaaaaa: daily 09:00" in text
    assert "1 digest that this release of slsdiag cannot read: bbbbbb" in text

    assert "Making the digest aaaaaa" in ada.types("/slsdiag digest now").text
    assert "cannot read: bbbbbb" in ada.types("/slsdiag digest now bbbbbb").text
    assert "Stopped the digest aaaaaa" in ada.types("/slsdiag digest stop aaaaaa").text
    assert "cannot read: bbbbbb" in ada.types("/slsdiag digest now").text
    assert "Stopped the digest bbbbbb" in ada.types("/slsdiag digest stop bbbbbb").text
    assert "no digest in this channel" in ada.types("/slsdiag digest list").text


def test_home_shows_the_others(ada, slack, redis, planted, digests, spoil, until):
    report = planted("diagnosis", Diagnosis, "diagnosis-reported")
    for id_ in ("good", "bad"):
        RequestHistory(redis).note(ada.user, GENERAL, f"{id_}:1", f"function:{id_}")
    triage = decode(Triage, (FOLDER / "triage-waiting.json").read_text())
    triages = Records(redis, "triage", Triage)
    assert triages.open(replace(triage, id=f"good-{report.round}"), (), once=None)
    spoil("triage", f"good-{report.round}")
    redis.delete("slsdiag:due")

    ada.opens_home()
    until(lambda: ada.user in slack.store.homes, 10)
    home = json.dumps(slack.store.homes[ada.user])
    assert home.count(MORE) == 2  # a triage and a report
    assert "1 digest that this release of slsdiag cannot read, in this workspace." in home
    assert "aaaaaa: daily 09:00" in home
    assert report.report.summary[:40] in home


@pytest.fixture
def card(ada, slack, redis, until):
    """Once nothing is saved any more that would take the place of what is spoiled."""
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "Check again" in m.buttons(), 30)[-1]
    until(lambda: not redis.zcard("slsdiag:due"), 20)
    return card


@pytest.mark.parametrize("button", ["Check again", "Guide me"])
def test_a_click_on_it_says_so(ada, slack, card, spoil, button):
    spoil("diagnosis", card.buttons()[button]["value"].partition(":")[0])
    ada.clicks(card, button)

    slack.waits_for(lambda m: m.seen_by == ada.user and m.text == OTHERS)
    assert not [m for m in slack.messages if m.text in {AWAY, OUR_FAULT}]


def test_a_click_that_would_edit_a_message_of_another_shape_says_so(ada, slack, redis, card):
    key = f"{card.buttons()['Check again']['value'].partition(':')[0]}:1:card"
    redis.delete(f"slsdiag:entry:{key}")
    redis.set(f"slsdiag:entry:{key}", "kept in another way")
    ada.clicks(card, "Check again")

    slack.waits_for(lambda m: m.seen_by == ada.user and m.text == OTHERS)


def test_an_entry_in_a_state_that_is_unknown_is_put_aside_at_once(redis, bot, card, until):
    key = f"{card.buttons()['Check again']['value'].partition(':')[0]}:1:card"
    redis.hset(f"slsdiag:entry:{key}", "state", "resting")
    redis.zadd("slsdiag:due", {f"entry:{key}": to_ms(now(redis))})

    until(lambda: Due(redis).parked() == [("entry", key)])
    assert redis.hget("slsdiag:tries", f"entry:{key}") is None
    with urlopen(f"http://127.0.0.1:{bot.admin_port}/readyz") as answer:
        assert json.load(answer)["parked"] == 1
