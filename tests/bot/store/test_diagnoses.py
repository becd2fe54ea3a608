from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis, Stage
from bot.store.coding import SCHEMA, UnknownSchema
from bot.store.connection import connect, now, to_ms
from bot.store.due import TRIES
from bot.store.messages import Entry, EntryKind
from bot.store.records import Records

LEASE = timedelta(seconds=60)
LAPSED = timedelta(0)


def ask(redis, id_="d1"):
    return Diagnosis(id_, "checkout", Conversation("T", "C", "U"), now(redis))


def card(id_="d1", part="card"):
    return Entry(f"{id_}:1:{part}", EntryKind.POST, "C", {"text": "Looking."}, id_)


@pytest.fixture
def opened(redis, diagnoses):
    new = ask(redis)
    assert diagnoses.open(new, (card(),), once=None)
    return new


def test_opening_stores_the_ask_its_due_time_and_its_messages(redis, due, diagnoses, outbox):
    new = ask(redis)
    assert diagnoses.open(new, (card(), card(part="hint")), once="trigger")
    assert diagnoses.load("d1") == new
    assert outbox.load("d1:1:card") == card()
    assert sorted(due.sweep(10)) == [
        *(("diagnosis", "d1"), ("entry", "d1:1:card"), ("entry", "d1:1:hint"))
    ]
    assert 7 * 86400 - 5 < redis.ttl("slsdiag:diagnosis:d1") <= 7 * 86400


def test_a_delivery_that_comes_twice_opens_once(redis, due, diagnoses):
    assert diagnoses.open(ask(redis), (card(),), once="trigger")
    assert not diagnoses.open(ask(redis, "d2"), (card("d2"),), once="trigger")
    assert diagnoses.load("d2") is None
    assert ("diagnosis", "d2") not in due.sweep(10)
    assert 590 < redis.ttl("slsdiag:once:trigger") <= 600
    assert diagnoses.open(ask(redis, "d3"), (), once="another")


def test_opening_is_one_round_trip(redis, redis_url, diagnoses):
    diagnoses.open(ask(redis, "first"), (card("first"),), once="first")
    asks = [(ask(redis, f"d{n}"), card(f"d{n}"), f"once-{n}") for n in range(50)]
    with connect(redis_url) as other, other.monitor() as seen:
        for new, entry, once in asks:
            assert diagnoses.open(new, (entry,), once=once)
        redis.echo("that-was-all")
        commands = itertools.takewhile(
            lambda it: "that-was-all" not in it["command"], seen.listen()
        )
        asked = [it["command"] for it in commands if it["client_type"] != "lua"]
    assert [words.split()[0] for words in asked] == ["EVALSHA"] * len(asks)


def test_saving_raises_the_version_and_leaves_the_due_time_alone(due, diagnoses, opened):
    assert diagnoses.save(replace(opened, complaint="Gone."), claim=None, due_at=None)
    assert diagnoses.load("d1") == replace(opened, complaint="Gone.", version=1)
    assert ("diagnosis", "d1") in due.sweep(9)


def stale_version(redis, due, diagnoses, opened):
    claim = due.claim("diagnosis", "d1", LEASE)
    diagnoses.save(opened, claim=None, due_at=None)
    return {"claim": claim}


def stale_claim(redis, due, diagnoses, opened):
    frozen = due.claim("diagnosis", "d1", LAPSED)
    due.claim("diagnosis", "d1", LEASE)
    return {"claim": frozen}


def finished_claim(redis, due, diagnoses, opened):
    claim = due.claim("diagnosis", "d1", LEASE)
    due.finish(claim)
    return {"claim": claim}


def clicked_twice(redis, due, diagnoses, opened):
    diagnoses.open(ask(redis, "other"), (), once="click")
    return {"claim": due.claim("diagnosis", "d1", LEASE), "once": "click"}


def expired(redis, due, diagnoses, opened):
    redis.delete("slsdiag:diagnosis:d1")
    return {"claim": due.claim("diagnosis", "d1", LEASE)}


@pytest.mark.parametrize(
    "happen", [stale_version, stale_claim, finished_claim, clicked_twice, expired]
)
def test_a_save_that_comes_too_late_stores_nothing(redis, due, diagnoses, outbox, opened, happen):
    how = happen(redis, due, diagnoses, opened)
    before = diagnoses.load("d1"), redis.zscore("slsdiag:due", "diagnosis:d1")
    failed = replace(opened, stage=Stage.FAILED)
    assert not diagnoses.save(failed, due_at=None, entries=(card(part="late"),), **how)
    assert (diagnoses.load("d1"), redis.zscore("slsdiag:due", "diagnosis:d1")) == before
    assert outbox.load("d1:1:late") is None


def test_a_refused_save_does_not_use_up_its_once(diagnoses, opened):
    stale = replace(opened, version=5)
    assert not diagnoses.save(stale, claim=None, due_at=None, once="click")
    assert diagnoses.save(opened, claim=None, due_at=None, once="click")


def test_the_last_save_under_a_claim_leaves_nothing_due(due, diagnoses, outbox, opened):
    claim = due.claim("diagnosis", "d1", LEASE)
    assert diagnoses.save(opened, claim=claim, due_at=None, entries=(card(part="end"),))
    assert list(due.sweep(10)) == [("entry", "d1:1:card"), ("entry", "d1:1:end")]
    assert not due.finish(claim)


def test_a_save_on_the_way_keeps_the_claim_and_its_count(redis, due, diagnoses, opened):
    for _ in range(TRIES - 1):
        due.claim("diagnosis", "d1", LAPSED)
    claim = due.claim("diagnosis", "d1", LEASE)
    assert diagnoses.save(opened, claim=claim, due_at=None, keep=True)
    assert due.spent("diagnosis", "d1")
    assert diagnoses.save(replace(opened, version=1), claim=claim, due_at=None)


def test_a_save_for_later_gives_the_claim_back(redis, due, diagnoses, opened):
    claim = due.claim("diagnosis", "d1", LEASE)
    later = now(redis) + timedelta(minutes=10)
    assert diagnoses.save(opened, claim=claim, due_at=later)
    assert redis.zscore("slsdiag:due", "diagnosis:d1") == to_ms(later)
    assert not due.spent("diagnosis", "d1")
    assert not diagnoses.save(replace(opened, version=1), claim=claim, due_at=None)


def test_a_click_takes_the_ask_from_who_works_on_it(redis, due, diagnoses, opened):
    claim = due.claim("diagnosis", "d1", LEASE)
    assert diagnoses.save(replace(opened, round=2), claim=None, due_at=now(redis))
    assert due.claim("diagnosis", "d1", LEASE)
    assert not diagnoses.save(opened, claim=claim, due_at=None)


def test_a_record_of_another_release_stays_as_it_is(redis, diagnoses, opened):
    written = f'{{"schema": {SCHEMA + 1}, "value": {{}}}}'
    redis.hset("slsdiag:diagnosis:d1", "doc", written)
    with pytest.raises(UnknownSchema):
        diagnoses.load("d1")
    assert redis.hget("slsdiag:diagnosis:d1", "doc") == written


@pytest.fixture
def alone(redis):
    """Records of which a channel has one a target, until a complaint ends it."""
    return Records(redis, "diagnosis", Diagnosis, lambda d: "" if d.complaint else d.target)


def test_one_about_a_subject_at_a_time(alone, redis):
    first, second = ask(redis, "d1"), ask(redis, "d2")
    assert alone.open(first, (), once=None)
    assert not alone.open(second, (), once=None)
    assert alone.open(replace(ask(redis, "d3"), target="another"), (), once=None)
    assert sorted(each.id for each in alone.with_subject("C")) == ["d1", "d3"]

    assert alone.save(replace(first, complaint="Over."), claim=None, due_at=None)
    assert alone.open(second, (), once=None)
    assert sorted(each.id for each in alone.with_subject("C")) == ["d2", "d3"]


def test_subject_is_free_again_when_its_record_is_too_old(alone, redis):
    assert alone.open(ask(redis, "d1"), (), once=None)
    redis.delete("slsdiag:diagnosis:d1")

    assert alone.with_subject("C") == []
    assert redis.hlen("slsdiag:alone:diagnosis:C") == 0
    assert alone.open(ask(redis, "d2"), (), once=None)


def test_of_many_at_once_one_is_opened(alone, redis):
    with ThreadPoolExecutor(10) as pool:
        opened = list(pool.map(lambda n: alone.open(ask(redis, f"d{n}"), (), once=None), range(20)))

    assert opened.count(True) == 1
    assert redis.ttl("slsdiag:alone:diagnosis:C") > 0
