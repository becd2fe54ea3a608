"""A worker that saves a record in the moment of somebody's click is no reason to refuse the click."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.service import DiagnosisService
from bot.digest import dialog
from bot.digest.model import Digest, Draft, FunctionState, Plan, Slot, Snooze
from bot.digest.repository import Digests
from bot.digest.service import DigestService
from bot.scan.repository import Scans
from bot.scan.run import Inquiry
from bot.scan.service import ScanService
from bot.store.connection import now
from bot.store.due import DIAGNOSIS, DRAFT, INQUIRY, TRIAGE, Due, Leases
from bot.store.records import Records
from bot.target.model import Target
from bot.triage import machine
from bot.triage.lookup import TriageLookup
from bot.triage.model import EventKind, Phase, Triage
from bot.triage.service import TriageService

PLACE = Conversation("T", "C", "U")
SEES_ALL = SimpleNamespace(hidden=lambda *_: False, scope=lambda _: "")
UNTIL_WOKEN = timedelta(days=1)


@pytest.fixture
def overtaken(monkeypatch):
    """Three times, a record is saved as a worker saves it between a click's load and its save."""

    def by_a_worker(records):
        load, times = records.load, iter(range(3))

        def loaded(id_):
            record = load(id_)
            if next(times, None) is not None:
                assert records.save(record, claim=None, due_at=None)
            return record

        monkeypatch.setattr(records, "load", loaded)

    return by_a_worker


@pytest.fixture
def clock(redis):
    return partial(now, redis)


@pytest.fixture
def reported(redis, clock):
    service = DiagnosisService(
        Records(redis, DIAGNOSIS, Diagnosis), lambda *_: None, clock, SEES_ALL
    )
    at = clock()
    done = Diagnosis(
        "d", "orders", PLACE, at, stage=Stage.FAILED, confirmed=True, posted_at=at, complaint="no"
    )
    assert service.diagnoses.open(done, (), once=None)
    return service


CHECKS = {
    "check again": lambda service: service.again("d", 1),
    "check again on a triage's card": lambda service: service.anew("d", "d:1:3"),
    "the same command again": lambda service: service.open(Target("orders"), PLACE, "once"),
}


@pytest.mark.parametrize("click", CHECKS.values(), ids=CHECKS)
def test_a_check_begins_anew(reported, overtaken, click):
    overtaken(reported.diagnoses)

    assert click(reported)
    again = reported.diagnoses.load("d")
    assert (again.stage, again.round) == (Stage.CHECKING, 2)


@pytest.mark.parametrize("answered", [False, True], ids=["stop", "again"])
def test_a_scan_is_stopped_and_begins_anew(redis, clock, overtaken, answered):
    due = Due(redis)
    service = ScanService(
        Records(redis, INQUIRY, Inquiry),
        SimpleNamespace(),
        Scans(redis),
        due,
        Leases(due),
        lambda *_: None,
        clock,
    )
    inquiry = Inquiry("i", PLACE, "", clock(), answered=answered)
    assert service.inquiries.open(inquiry, (), once=None)
    overtaken(service.inquiries)

    assert (service.again if answered else service.stop)("i", 1)
    assert service.inquiries.load("i").answered is not answered


@pytest.fixture
def kept(redis, clock):
    service = DigestService(
        Records(redis, DRAFT, Draft), Digests(redis), lambda *_: None, clock, SEES_ALL
    )
    at, plan = clock(), Plan("daily 09:00", "UTC")
    snooze = Snooze("s", "cause:layer_attached", "ours", at + UNTIL_WOKEN, "U")
    digest = Digest("g", PLACE, plan, at, Slot(at + UNTIL_WOKEN, "n"), snoozes=(snooze,))
    service.digests.keep(digest, ())
    blind = FunctionState("1", "eu-west-1", "orders", "layer_attached", at, at, at)
    assert service.digests.save(digest, claim=None, due_at=None, memory=(blind,))
    return service


def snoozed(service):
    [what, *_] = dialog.snoozable(service.digests.memory("g"))
    choice = dialog.Choice(dialog.token(what), "ours", UNTIL_WOKEN)
    return service.snooze("g", choice, "U", None, "once")


DIGESTS = {
    "digest now": (
        lambda service: service.order("C", "g", "U", "once"),
        lambda digest: digest.orders == 1,
    ),
    "snooze": (snoozed, lambda digest: digest.snoozes[-1].id != "s"),
    "wake": (
        lambda service: service.wake("g", "s"),
        lambda digest: digest.snoozes[0].until < digest.slot.at,
    ),
}


@pytest.mark.parametrize(("click", "took"), DIGESTS.values(), ids=DIGESTS)
def test_a_digest_takes_it(kept, overtaken, click, took):
    overtaken(kept.digests)

    assert click(kept)
    assert took(kept.digests.load("g"))


def test_a_digest_that_was_stopped_is_not_kept_again(kept, clock, overtaken):
    draft = Draft("k", PLACE, "daily 09:00", "UTC", "", "", clock())
    assert kept.drafts.open(draft, (), once=None)
    overtaken(kept.drafts)
    kept.keep("k", "U")
    assert kept.digests.stop("C", "k")

    kept.keep("k", "U")
    assert kept.digests.load("k") is None


@pytest.fixture
def guided(redis, clock):
    records = Records(redis, TRIAGE, Triage)
    lookup = TriageLookup(records, SEES_ALL)
    service = TriageService(lookup, lambda *_: None, clock, lambda _: None, lambda _: ())
    blank = Triage("t", "orders", PLACE, "card", clock(), function="1/eu-west-1/orders")
    assert records.open(machine.begin(blank), (), once=None)
    return service


TRIAGES = {
    "answer": (
        lambda service: service.take("t", 1, EventKind.ANSWERED, "U", "Both"),
        lambda triage: triage.pending[0].text == "Both",
    ),
    "stop": (lambda service: service.stop("t", "U"), lambda triage: triage.finished),
}


@pytest.mark.parametrize(("click", "took"), TRIAGES.values(), ids=TRIAGES)
def test_a_triage_takes_it(guided, overtaken, click, took):
    overtaken(guided.triages)

    assert click(guided)
    assert took(guided.triages.load("t"))


def test_who_wants_to_be_reminded_is(guided, overtaken):
    triage = guided.triages.load("t")
    waits = replace(triage, phase=Phase.WAITING)
    assert guided.triages.save(waits, claim=None, due_at=None)
    overtaken(guided.triages)

    assert guided.remind("t", triage.turn, "U2")
    assert guided.triages.load("t").remind == "U2"
