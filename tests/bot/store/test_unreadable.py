"""One record that this release cannot read never hides the others of its list."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.digest.model import Digest, Draft, FunctionState, Plan, Slot
from bot.digest.repository import Digests
from bot.scan.model import ProblemClass, Seen, Unreadable
from bot.scan.repository import OTHERS, Scans
from bot.scan.run import Chunk, Inquiry, Run, scope_of
from bot.store import coding
from bot.store.coding import decode, encode
from bot.store.due import CHUNK, LEASE, SCAN, Due
from bot.store.messages import Entry
from bot.store.messages import EntryKind as Call
from bot.store.outbox import Outbox
from bot.store.quarantine import Quarantine
from bot.store.records import Records
from bot.triage.model import Triage

FOLDER = Path(__file__).parents[2] / "fixtures" / "records" / "1"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
PLACE = Conversation("T1", "C1", "U1")
FAULTS = {
    "bad JSON": "{",
    "newer schema": json.dumps({"schema": 99, "value": {}}),
    "wrong shape": json.dumps({"schema": 1, "value": {"id": 5}}),
    "no document": None,
    "another type": ...,
}


@pytest.fixture(params=FAULTS)
def spoil(request, redis):
    """Make a record one that this release cannot read."""
    fault = FAULTS[request.param]

    def spoil(key):
        if fault is ...:
            redis.delete(key)
            redis.set(key, "kept in another way")
        elif fault is None:
            redis.hdel(key, "doc")
        else:
            redis.hset(key, "doc", fault)

    return spoil


def kept(name, type_):
    return decode(type_, (FOLDER / f"{name}.json").read_text())


RECORDS = {
    "diagnosis": (Diagnosis, kept("diagnosis-reported", Diagnosis)),
    "triage": (Triage, kept("triage-waiting", Triage)),
    "inquiry": (Inquiry, kept("inquiry-asked", Inquiry)),
    "draft": (Draft, kept("draft", Draft)),
    "scan": (Run, kept("run-listing", Run)),
}


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("which", ["newest", "alone"])
def test_records_are_listed_without_it_and_it_is_named(redis, spoil, kind, which):
    type_, record = RECORDS[kind]
    records = Records(redis, kind, type_, lambda each: each.id)
    for id_ in ("a", "b", "c"):
        assert records.open(replace(record, id=id_), (), once=None)
    spoil(f"slsdiag:{kind}:b")

    found = (
        records.newest(record.channel, 9)
        if which == "newest"
        else records.with_subject(record.channel)
    )
    assert sorted(each.id for each in found) == ["a", "c"]
    assert found.unreadable == ("b",)
    with pytest.raises(coding.Unreadable):
        records.load("b")


@pytest.mark.parametrize("which", ["of", "all"])
def test_digests_are_listed_without_it_and_it_can_be_stopped(redis, spoil, which):
    digests = Digests(redis)
    for id_ in ("a", "b", "c"):
        digests.keep(Digest(id_, PLACE, Plan("daily 09:00", "UTC"), NOON, Slot(NOON, "n")), ())
    spoil("slsdiag:digest:b")

    found = digests.of("C1") if which == "of" else digests.all()
    assert [each.id for each in found] == ["a", "c"]
    assert found.unreadable == ("b",)
    assert not digests.stop("C2", "b")
    assert digests.stop("C1", "b")
    assert digests.all().unreadable == ()


KNOWN = [
    FunctionState("1", "eu-west-1", f"f{n}", "wrapper_set", NOON, NOON, NOON) for n in range(3)
]


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda row: row[:2],
        lambda row: [*row[:4], "noon", *row[5:]],
        lambda row: [{}, *row[1:]],
        lambda row: [*row[:4], 10**30, *row[5:]],
        str,
    ],
    ids=["short", "no time", "an object", "no such time", "no row"],
)
def test_what_a_digest_knows_is_read_row_by_row(redis, spoiled):
    digests = Digests(redis)
    digests.keep(Digest("d1", PLACE, Plan("daily 09:00", "UTC"), NOON, Slot(NOON, "n")), ())
    digests.save(digests.load("d1"), claim=None, due_at=None, memory=KNOWN)
    document = json.loads(redis.hget("slsdiag:digest:d1", "known"))
    rows = document["value"]["rows"]
    rows[1] = spoiled(rows[1])
    redis.hset("slsdiag:digest:d1", "known", json.dumps(document))

    found = digests.memory("d1")
    assert found == [KNOWN[0], KNOWN[2]]
    assert found.unreadable == ("1",)


def test_a_newer_releases_columns_are_left_out(redis):
    digests = Digests(redis)
    digests.keep(Digest("d1", PLACE, Plan("daily 09:00", "UTC"), NOON, Slot(NOON, "n")), ())
    digests.save(digests.load("d1"), claim=None, due_at=None, memory=KNOWN)
    document = json.loads(redis.hget("slsdiag:digest:d1", "known"))
    document["value"]["fields"].append("mood")
    for row in document["value"]["rows"]:
        row.append("good")
    redis.hset("slsdiag:digest:d1", "known", json.dumps(document))

    assert digests.memory("d1") == KNOWN
    assert digests.memory("d1").unreadable == ()


SEEN = Seen("orders", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND, 12)


@pytest.fixture
def scanned(redis):
    """A scan of two places, in which two functions were seen."""
    scans, due = Scans(redis), Due(redis)
    places = ((None, "eu-west-1"), ("prod", "us-east-1"))
    scans.begin(Run("r1", scope_of(places, ""), places, "", "U1", NOON), ("inquiry", "i1"))
    claim = due.claim(SCAN, "r1", LEASE)
    run = replace(scans.runs.load("r1"), chunks=1)
    assert scans.plan(run, {0: Chunk(0)}, (0,), claim)
    claim = due.claim(CHUNK, "r1:0", LEASE)
    unread = (Unreadable("1", "eu-west-1", "Denied."),)
    other = replace(SEEN, name="other")
    scans.advance(claim, run, Chunk(0), seen=[SEEN, other], unreadable=unread)
    return scans, scans.runs.load("r1")


ROWS = {
    "bad JSON": "[",
    "no row": '{"a": 1}',
    "short": '["eu-west-1"]',
    "unknown class": '["eu-west-1","1","problem",null,"asleep",0,false,null]',
    "an object in it": '[{},"1","problem",null,null,0,false,null]',
    "null": "null",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_a_scan_saw_is_read_row_by_row_and_the_rest_is_counted(redis, scanned, row):
    scans, run = scanned
    redis.hset("slsdiag:scan:r1:seen", "1:garbled", row)
    redis.hset("slsdiag:scan:r1:exact", "0:other", row)

    assert set(scans.seen("r1")) == {(0, "orders"), (0, "other")}
    result = scans.result(run)
    assert {each.name for each in result.seen} == {"orders", "other"}
    assert Unreadable("prod", "us-east-1", f"1 function {OTHERS}") in result.unreadable
    assert scans.some("r1", 1, ["garbled"]) == []


@pytest.mark.parametrize("row", ["[", "{}", '["1"]', '["1", 2, "x"]', "null"])
def test_so_are_the_reasons_why_a_place_was_not_read(redis, scanned, row):
    scans, run = scanned
    redis.hset("slsdiag:scan:r1:unread", "1", row)

    assert scans.result(run).unreadable == (
        Unreadable("1", "eu-west-1", "Denied."),
        Unreadable("prod", "us-east-1", OTHERS),
    )


def test_a_newer_releases_columns_of_a_scan_are_left_out(redis, scanned):
    scans, run = scanned
    for part in ("seen", "unread"):
        for key, text in redis.hgetall(f"slsdiag:scan:r1:{part}").items():
            redis.hset(f"slsdiag:scan:r1:{part}", key, json.dumps([*json.loads(text), "new"]))

    result = scans.result(run)
    assert [each.name for each in result.seen] == ["orders", "other"]
    assert result.unreadable == (Unreadable("1", "eu-west-1", "Denied."),)


# messages


@pytest.fixture
def guarded(redis, due, outbox):
    """A sender that claims, loads, and sends what it can read; what it sent."""
    sent = []

    def send(key):
        if claim := due.claim("entry", key, LEASE):
            entry = outbox.load(key)
            sent.append(key)
            outbox.sent(entry, f"{len(sent)}.0", claim)

    run = Quarantine(redis).guarding({"entry": send})["entry"]

    def all_due():
        for _ in range(9):  # what is put aside must not come back by itself
            for kind, id_ in due.sweep(99):
                if kind == "entry":
                    run(id_)
        assert not [id_ for kind, id_ in due.sweep(99) if kind == "entry"]
        return sent

    return all_due


def reply(n, **more):
    return Entry(f"d1:1:{n}", Call.POST, "C", {"text": f"{n}"}, "d1", thread_ts="1.0", **more)


ENTRY_FAULTS = {
    "unknown state": {"state": "resting"},
    "bad JSON": {"doc": "{"},
    "wrong shape": {"doc": json.dumps({"schema": 1, "value": 5})},
    "bad JSON, being sent": {"doc": "{", "state": "sending"},
    "tries": {"tries": "many"},
}


@pytest.mark.parametrize("fault", ENTRY_FAULTS.values(), ids=ENTRY_FAULTS)
def test_an_entry_that_cannot_be_read_is_put_aside_at_once_and_blocks_no_reply(
    redis, due, ask, guarded, fault
):
    ask(reply("a"), reply("b"), reply("c"))
    redis.hset("slsdiag:entry:d1:1:b", mapping=fault)

    assert guarded() == ["d1:1:a", "d1:1:c"]
    assert due.parked() == [("entry", "d1:1:b")]
    assert Quarantine(redis).unreadable() == [("entry:d1:1:b", None)]
    assert redis.zscore("slsdiag:outbox", "d1:1:b") is None  # no message is on its way for ever


@pytest.mark.parametrize("fault", ENTRY_FAULTS.values(), ids=ENTRY_FAULTS)
@pytest.mark.parametrize("late", [False, True])
def test_an_edit_that_cannot_be_read_gives_way_to_a_newer_one(
    redis, due, ask, diagnoses, guarded, fault, late
):
    card = Entry("d1:1:card", Call.POST, "C", {"text": "card"}, "d1")
    first, newer = (
        Entry(f"d1:1:{n}", Call.UPDATE, "C", {"text": n}, "d1", of=card.key) for n in ("old", "new")
    )
    ask(card, first)
    redis.hset(f"slsdiag:entry:{first.key}", mapping=fault)
    if late:
        guarded()
        redis.zadd("slsdiag:due", {f"entry:{first.key}": 1})
        guarded()
        assert due.parked() == [("entry", first.key)]
    known = diagnoses.load("d1")
    assert diagnoses.save(known, claim=None, due_at=None, entries=(newer,))
    guarded()
    redis.zadd("slsdiag:due", {f"entry:{newer.key}": 1}, xx=True)

    assert guarded() == [card.key, newer.key]
    assert due.parked() == []


def test_what_a_newer_schema_wrote_keeps_its_place(redis, due, ask, guarded):
    """The newer release sends it, and then what comes after it."""
    ask(reply("a"), reply("b"))
    doc = json.loads(redis.hget("slsdiag:entry:d1:1:a", "doc")) | {"schema": 99}
    redis.hset("slsdiag:entry:d1:1:a", "doc", json.dumps(doc))

    assert guarded() == []
    redis.hset("slsdiag:entry:d1:1:a", "doc", encode(reply("a")))
    redis.zadd("slsdiag:due", {"entry:d1:1:a": 1})
    assert guarded() == ["d1:1:a", "d1:1:b"]


def test_a_triage_that_cannot_be_read_does_not_keep_its_function(redis):
    triages = Records(redis, "triage", Triage, lambda each: each.target)
    record = kept("triage-waiting", Triage)
    assert triages.open(replace(record, id="a", target="f"), (), once=None)
    assert not triages.open(replace(record, id="b", target="f"), (), once=None)
    redis.hset("slsdiag:triage:a", "doc", "{")
    assert Quarantine(redis).set_aside("triage", "a", None)

    assert triages.open(replace(record, id="b", target="f"), (), once=None)


def test_the_store_of_another_release_is_not_away(redis):
    redis.set("slsdiag:entry:e1", "kept in another way")
    with pytest.raises(coding.Unreadable):
        Outbox(redis).load("e1")
