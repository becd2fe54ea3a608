"""What past releases stored is read by this one; what it cannot read is put aside, not lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.function import FunctionParts
from bot.aws.evidence.region import RegionParts
from bot.diagnosis.model import Diagnosis, Stage
from bot.digest.model import Digest, Draft
from bot.scan.run import Chunk, Inquiry, Run
from bot.store import coding
from bot.store.coding import SCHEMA, UnknownSchema, Unreadable, decode, encode
from bot.store.messages import Entry
from bot.store.quarantine import Quarantine
from bot.store.records import Records
from bot.triage.model import Phase, Triage
from checks.report import Report

FOLDER = Path(__file__).parents[2] / "fixtures" / "records"
KINDS = {
    "diagnosis": Diagnosis,
    "digest": Digest,
    "draft": Draft,
    "triage": Triage,
    "entry": Entry,
    "report": Report,
    "inquiry": Inquiry,
    "run": Run,
    "chunk": Chunk,
    "evidence-account": AccountParts,
    "evidence-region": RegionParts,
    "evidence-function": FunctionParts,
}
STORED = sorted(FOLDER.glob("*/*.json"))
LEASE = timedelta(seconds=20)


def kind_of(path):
    return next(kind for name, kind in KINDS.items() if path.stem.startswith(name))


def within(known, again):
    """Whether all of `known` is in `again`, which may hold newer fields."""
    if isinstance(known, dict):
        return all(name in again and within(value, again[name]) for name, value in known.items())
    if isinstance(known, list):
        return len(known) == len(again) and all(map(within, known, again))
    return known == again


@pytest.fixture
def unread(redis):
    return Quarantine(redis)


@pytest.fixture
def next_release(monkeypatch):
    """This code, one schema further on."""

    def become():
        monkeypatch.setattr(coding, "SCHEMA", SCHEMA + 1)
        monkeypatch.setattr(coding, "MIGRATIONS", {SCHEMA: lambda _, document: document})

    return become


def test_every_kind_and_every_phase_was_kept():
    names = {path.stem for path in STORED}
    assert {kind_of(path) for path in STORED} == set(KINDS.values())
    assert all(any(n.startswith(f"triage-{phase}") for n in names) for phase in Phase)
    assert all(any(n.startswith(f"diagnosis-{stage}") for n in names) for stage in Stage)
    assert all((FOLDER / str(n)).is_dir() for n in range(coding.schemas()[0], SCHEMA + 1))


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_past_release_stored_is_read_whole(path):
    text = path.read_text()
    record = decode(kind_of(path), text)
    assert decode(kind_of(path), encode(record)) == record
    if path.parent.name == str(SCHEMA):  # nothing that was stored is forgotten
        again = json.loads(encode(record))["value"]
        known = json.loads(text)["value"]
        assert within(known, again)


def test_a_migration_is_applied_for_each_schema_in_between(monkeypatch):
    text = encode(decode(Triage, (FOLDER / "1" / "triage-done.json").read_text()))

    def renamed(name, document):
        return document | {"target": f"{document['target']}/{name}"}

    monkeypatch.setattr(coding, "SCHEMA", SCHEMA + 2)
    monkeypatch.setattr(coding, "MIGRATIONS", {SCHEMA: renamed, SCHEMA + 1: renamed})
    assert decode(Triage, text).target.endswith("/triage/triage")
    assert json.loads(encode(decode(Triage, text)))["schema"] == SCHEMA + 2


def test_a_newer_field_of_the_same_schema_is_ignored():
    document = json.loads((FOLDER / "1" / "triage-waiting.json").read_text())
    document["value"]["colour"] = "blue"
    document["value"]["place"]["planet"] = "earth"
    assert decode(Triage, json.dumps(document)).place.channel


@pytest.mark.parametrize(
    "spoilt", [{"stage": "dreaming"}, {"place": None}, {"version": "x-secret"}]
)
def test_what_fits_no_type_is_unreadable_and_is_not_repeated(spoilt):
    document = json.loads((FOLDER / "1" / "diagnosis-looking.json").read_text())
    document["value"] |= spoilt
    with pytest.raises(Unreadable) as raised:
        decode(Diagnosis, json.dumps(document))
    assert "x-secret" not in str(raised.value)
    assert not isinstance(raised.value, UnknownSchema)


def test_the_older_release_puts_aside_and_the_newer_takes_back(redis, due, unread, next_release):
    """In the manner of a rollout: the newer one wrote it, the older one is nudged first."""
    ask = decode(Diagnosis, (FOLDER / "1" / "diagnosis-looking.json").read_text())
    records = Records(redis, "diagnosis", Diagnosis)
    newer = json.loads(encode(ask)) | {"schema": SCHEMA + 1}
    assert records.open(ask, (), once=None)
    redis.hset(f"slsdiag:diagnosis:{ask.id}", "doc", json.dumps(newer))

    def handler(id_):
        if due.claim("diagnosis", id_, LEASE):
            worked.append(records.load(id_))

    worked: list[Diagnosis] = []
    look = unread.guarding({"diagnosis": handler})["diagnosis"]
    look(ask.id)

    assert worked == []
    assert due.sweep(10) == {}
    assert unread.unreadable() == [(f"diagnosis:{ask.id}", SCHEMA + 1)]
    assert due.parked() == [("diagnosis", ask.id)]
    other = replace(ask, id="other")
    assert Records(redis, "triage", Diagnosis).open(
        other, (), once=None, wakes=[("diagnosis", ask.id)]
    )
    assert list(due.sweep(10)) == [("triage", "other")]  # what is put aside is not woken
    assert redis.ttl(f"slsdiag:diagnosis:{ask.id}") == -1  # never deleted meanwhile
    assert not due.spent("diagnosis", ask.id)
    assert records.newest(ask.channel, 10) == []  # a list does not fail because of it
    unread.take_back()
    assert unread.unreadable() != []

    next_release()
    unread.take_back()
    look(ask.id)
    assert [each.id for each in worked] == [ask.id]
    assert unread.unreadable() == due.parked() == []


def test_what_is_garbled_is_tried_once_at_each_start(redis, due, unread):
    redis.zadd("slsdiag:due", {"entry:e1": 1})
    assert unread.set_aside("entry", "e1", None)
    unread.take_back()
    assert unread.unreadable() == [("entry:e1", None)]
    unread.try_again()
    assert list(due.sweep(10)) == [("entry", "e1")]
    assert not unread.set_aside("entry", "of-nobody", 7)


def test_a_claim_made_meanwhile_does_not_lose_what_is_put_aside(redis, due, unread, next_release):
    """The older one froze past its lease: whoever claimed it since saves nothing, and redoes it."""
    redis.zadd("slsdiag:due", {"triage:t1": 1})
    claim = due.claim("triage", "t1", LEASE)
    assert unread.set_aside("triage", "t1", SCHEMA + 1)
    assert not due.finish(claim)
    next_release()
    unread.take_back()
    assert due.claim("triage", "t1", LEASE)
