"""Whose a record is stands beside its document, and is read without it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.services import OWNED
from bot.conversation import Conversation, Owner
from bot.digest.model import Digest
from bot.digest.repository import Digests
from bot.slack.roles import CLICKS
from bot.store.coding import decode
from bot.store.connection import now
from bot.store.rate_limit import Passed, RateLimit
from bot.store.records import Records
from bot.triage.model import Triage

FOLDER = Path(__file__).parents[2] / "fixtures" / "records"
STORED = sorted(path for path in FOLDER.glob("*/*.json") if path.stem.partition("-")[0] in OWNED)


@pytest.fixture
def owner(redis):
    """Whose the record is, as a button that names it learns it."""
    rate_limit = RateLimit(redis, {}, OWNED)

    def owner(kind, id_):
        passed = rate_limit.enter({}, record=(kind, id_))
        assert isinstance(passed, Passed)
        return passed.owner

    return owner


def owner_in(document):
    """From the stored JSON alone."""
    value = json.loads(document)["value"]
    place, report = value["place"], value.get("report")
    reminded = [value.get("remind"), *value.get("remind_too", ())]
    function = report["function"]["account"] if report else value.get("function", "").split("/")[0]
    return Owner(
        place["channel"],
        place["user"],
        value.get("account"),
        tuple(user for user in reminded if user),
        function or None,
    )


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_past_release_stored_has_the_owner_of_its_document(path, redis, owner):
    kind, text = path.stem.partition("-")[0], path.read_text()
    redis.hset(f"slsdiag:{kind}:a", mapping={"version": 3, "doc": text})

    assert owner(kind, "a") == owner_in(text)


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_owner_is_saved_with_the_record_and_read_without_it(path, redis, owner):
    kind = path.stem.partition("-")[0]
    record = decode(OWNED[kind], path.read_text())
    if isinstance(record, Digest):
        Digests(redis).keep(record, ())
    else:
        assert Records(redis, kind, OWNED[kind]).open(record, (), once=None)
    redis.hset(f"slsdiag:{kind}:{record.id}", "doc", "{")

    assert owner(kind, record.id) == owner_in(path.read_text())


def test_each_save_brings_the_owner_up_to_date(redis, owner):
    triages = Records(redis, "triage", Triage)
    triage = Triage("t", "f", Conversation("T", "C", "U"), "card", now(redis), function="1/r/f")
    triages.open(triage, (), once=None)
    assert owner("triage", "t") == Owner("C", "U", function_account="1")

    triages.save(replace(triage, remind="U2", remind_too=("U3",)), claim=None, due_at=None)
    redis.hset("slsdiag:triage:t", "doc", "{")
    assert owner("triage", "t").reminded == ("U2", "U3")


def test_save_of_a_digest_brings_the_owner_up_to_date(redis, owner):
    digests = Digests(redis)
    digest = decode(Digest, (FOLDER / "3" / "digest-new.json").read_text())
    digests.keep(digest, ())
    moved = replace(digest, place=replace(digest.place, user="U9"))
    assert digests.save(moved, claim=None, due_at=None)
    redis.hset(f"slsdiag:digest:{digest.id}", "doc", "{")

    assert owner("digest", digest.id).user == "U9"


def test_owner_that_the_release_before_left_behind_is_not_believed(redis, owner):
    """During a rollout it saves a document, and leaves what stands beside it as it was."""
    triages = Records(redis, "triage", Triage)
    triage = Triage("t", "f", Conversation("T", "C", "U"), "card", now(redis))
    triages.open(triage, (), once=None)
    document = json.loads(redis.hget("slsdiag:triage:t", "doc"))
    document["value"]["remind"] = "U2"
    redis.hset("slsdiag:triage:t", mapping={"version": 1, "doc": json.dumps(document)})

    assert owner("triage", "t").reminded == ("U2",)


@pytest.mark.parametrize("field", ["doc", "owner"])
def test_what_cannot_be_read_is_not_judged_here(field, redis, owner):
    triages = Records(redis, "triage", Triage)
    triage = Triage("t", "f", Conversation("T", "C", "U"), "card", now(redis))
    triages.open(triage, (), once=None)
    redis.hset("slsdiag:triage:t", field, '{"schema":99,"value":{}}')
    if field == "doc":
        redis.hdel("slsdiag:triage:t", "owner", "owner_version")

    assert owner("triage", "t") is None


def test_no_record_and_another_type_have_no_owner(redis, owner):
    redis.set("slsdiag:triage:t", "a string")

    assert owner("triage", "t") is None
    assert owner("triage", "nobody") is None


def test_each_kind_that_a_button_names_has_its_type():
    assert {rule.record for rule in CLICKS.values() if rule.record} == set(OWNED)
