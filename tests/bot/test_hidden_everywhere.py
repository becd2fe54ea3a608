"""
A function of an account that was taken from a channel is hidden there, wherever it would be shown.

However it was named (the account by name or by number, or the function by ARN), and for each
surface: the card and its buttons, history, status, App Home, the picker. One that the channel may
still see is shown by the same call, so that hiding everything is no answer.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.access import number_of
from bot.app.authorization import Access
from bot.app.home import AppHome
from bot.app.picker import Picker
from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.service import DiagnosisService
from bot.errors import UsageError
from bot.playground.account import FakeOrganization
from bot.search.inventory import Inventory, key_of
from bot.search.model import Listing
from bot.search.repository import Inventories
from bot.search.requests import RequestHistory
from bot.search.service import SearchService
from bot.settings import read_aws_settings
from bot.slack.actions import ActionId
from bot.slack.roles import to_click
from bot.store.coding import decode
from bot.store.connection import now
from bot.store.due import DIAGNOSIS, TRIAGE, Due
from bot.store.homes import Homes
from bot.store.outbox import Outbox
from bot.store.records import Listed, Records
from bot.target import parse
from bot.triage import machine
from bot.triage.lookup import TriageLookup, triage_id
from bot.triage.model import Triage
from checks.report import Report

UNIT = "ou-fake-00000000"
NUMBER, OTHER, REGION = "111111111111", "222222222222", "eu-west-1"
HERE, THERE = "C0HERE", "C0THERE"
ADA = "U0ADA"
ARN = f"arn:aws:lambda:{REGION}:{NUMBER}:function:orders"
WAYS = {
    "name": parse("orders", account="red"),
    "number": parse("orders", account=NUMBER),
    "ARN": parse(ARN),
}
REPORT = Path(__file__).parents[1] / "fixtures" / "records" / "3" / "report.json"


def accounts(*channels):
    """The account red is for these channels; another one is for everybody."""

    def role(number, **more):
        return {"role_arn": f"arn:aws:iam::{number}:role/r", "external_id": "a-long-one", **more}

    said = {"red": role(NUMBER, channels=list(channels)), "blue": role(OTHER)}
    said["own"] = {"channels": ["C0NOBODY"]}
    settings = {"SLSDIAG_ACCOUNTS": json.dumps(said), "SLSDIAG_REGIONS": REGION}
    return Accounts(read_aws_settings(settings))


def of_an_organization(*channels):
    """The same, but that AWS lists the account, in a unit that is for these channels."""
    said = {"own": {"channels": ["C0NOBODY"]}}
    seen = {UNIT: list(channels), OTHER: [HERE, THERE]}
    organization = {"external_id": "a-long-one", "reader_role": "r", "channels": seen}
    settings = {
        "SLSDIAG_ACCOUNTS": json.dumps(said),
        "SLSDIAG_ORGANIZATION": json.dumps(organization),
        "SLSDIAG_REGIONS": REGION,
    }
    listed = Accounts(read_aws_settings(settings))
    listed.list_organization()
    return listed


@pytest.fixture(params=[accounts, of_an_organization])
def configured(aws, request):
    organization = aws.account().organization = FakeOrganization()
    assert organization.unit("Red") == UNIT
    organization.join(NUMBER, UNIT)
    organization.join(OTHER)
    return request.param


@pytest.fixture(params=WAYS)
def records(redis, request, configured):
    """A report in the channel, asked for in one of the ways, its open triage, and the names."""
    way = (
        "number" if configured is of_an_organization and request.param == "name" else request.param
    )
    target, at = WAYS[way], now(redis)
    report = decode(Report, REPORT.read_text())
    about = replace(report.function, name="orders", account=NUMBER, region=REGION)
    place = Conversation("T", HERE, ADA)
    diagnosis = Diagnosis(
        "d1",
        target.spelled,
        place,
        at,
        target.region,
        target.account,
        stage=Stage.REPORTED,
        report=replace(report, function=about),
    )
    blank = Triage(triage_id("d1", 1), target.spelled, place, "d1:1:card", at, function=about.key)
    triages = Records(redis, TRIAGE, Triage, attrgetter("subject"))
    assert Records(redis, DIAGNOSIS, Diagnosis).open(diagnosis, (), once=None)
    assert triages.open(machine.begin(blank), (), once=None)
    RequestHistory(redis).note(ADA, HERE, "d1:1", f"function:orders {REGION} --account {NUMBER}")
    return SimpleNamespace(target=target, diagnosis=diagnosis, triages=triages)


@pytest.fixture
def surfaces(redis, records):
    """What each surface shows of it, with `ours` as the accounts: true where it is shown."""

    def made(ours):
        clock, quiet = partial(now, redis), lambda *_: None
        inventory = Inventory(Inventories(redis), None, ours, quiet, clock)
        for number, function in ((NUMBER, "orders"), (OTHER, "carts")):
            name = next(it for it, a in ours.configured.items() if number_of(a) == number)
            listing = Listing(number, REGION, (function,), clock())
            inventory.listings.put(key_of(ours.location(name, REGION)), listing)
        service = DiagnosisService(Records(redis, DIAGNOSIS, Diagnosis), quiet, clock, ours)
        lookup = TriageLookup(records.triages, ours)
        services = SimpleNamespace(
            diagnosis=service,
            triages=SimpleNamespace(lookup=lookup, triages=records.triages),
            search=SearchService(inventory, RequestHistory(redis)),
            digests=SimpleNamespace(made_by=lambda _: Listed()),
            watches=SimpleNamespace(made_by=lambda _: ()),
            accounts=ours,
        )
        return SimpleNamespace(
            **vars(services),
            home=AppHome(None, services, Outbox(redis), Due(redis), Homes(redis), dict),
            picker=Picker("T", services, None),
            access=Access(None, None, None, ours),
        )

    return made


def card(shows, records):
    return shows.diagnosis.permitted(records.diagnosis).report


def all_checks(shows, records):
    return shows.diagnosis.shown("d1", None)


def history(shows, records):
    return shows.diagnosis.visible(HERE, 20)


def status(shows, records):
    return shows.triages.lookup.visible(HERE)


def home_reports(shows, records):
    return shows.home.page(ADA).reports


def home_triages(shows, records):
    """While the card is checked again there is no report, and the triage says what it is about."""
    stored = shows.diagnosis.diagnoses.load("d1")
    shows.diagnosis.diagnoses.save(replace(stored, report=None), claim=None, due_at=None)
    return shows.home.page(ADA).open


def button(shows, records):
    """Of a card; who may click is not the question here."""
    assert to_click(ActionId.CHECK_AGAIN).record == DIAGNOSIS
    return shows.access.record_refusal(records.diagnosis.place, records.diagnosis.owner) is None


def button_before_a_report(shows, records):
    owner = replace(records.diagnosis, report=None).owner
    return shows.access.record_refusal(records.diagnosis.place, owner) is None


def triage_button(shows, records):
    owner = records.triages.load(triage_id("d1", 1)).owner
    return shows.access.record_refusal(records.diagnosis.place, owner) is None


def picked(shows, records):
    """What is submitted in the window of *Diagnose*."""
    return not shows.picker._hidden(records.target.account, HERE)  # noqa: SLF001 - its one decision


def searched(shows, records):
    return [
        it
        for it in shows.search.search("", ADA, HERE, refresh=False).functions
        if it.account == NUMBER
    ]


def typed(shows, records):
    """What a command would read; nothing is called to find it out."""
    try:
        shows.accounts.must_agree(records.target, HERE)
        places = shows.accounts.locations(records.target, HERE)
    except UsageError:
        return False
    return [place for place in places if NUMBER in place.account.key]


SURFACES = (
    card,
    all_checks,
    history,
    status,
    home_reports,
    home_triages,
    button,
    button_before_a_report,
    triage_button,
    picked,
    searched,
    typed,
)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda it: it.__name__)
def test_account_that_was_taken_away_is_hidden(configured, records, surfaces, surface):
    assert surface(surfaces(configured(HERE)), records)
    assert not surface(surfaces(configured(THERE)), records)
