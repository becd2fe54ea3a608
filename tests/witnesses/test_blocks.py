"""Every message that the bot can send passes Slack's published types and slack_sdk's models."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.app import home_view
from bot.conversation import Conversation
from bot.diagnosis import all_checks, card, notices
from bot.diagnosis.gather import function_check
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.summary import summary
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.playground.workspace.blocks import complaints as ours
from bot.playground.workspace.blocks import view_complaints
from bot.playground.workspace.elements import options as option_complaints
from bot.scan import card as fleet
from bot.scan.model import ProblemClass as FleetKind
from bot.scan.model import Scan, Seen, Unreadable
from bot.search import picker
from bot.search.model import Answer, InventoryEntry, Listing, Named
from bot.target import Target
from bot.triage import card as triage_card
from bot.triage import machine
from bot.triage.messages import acknowledged, updates
from bot.triage.model import Event, EventKind, Note, Phase, Prompt, Triage, What
from checks.model import Overall, Symptom
from checks.report import Report, Subject

pytestmark = pytest.mark.slow

STEP = "wrapper_set"


def modelled(blocks):
    """What slack_sdk's models say; also what they lose on the way."""
    found = []
    for given, block in zip(blocks, Block.parse_all(deepcopy(blocks)), strict=True):
        try:
            parsed = json.loads(json.dumps(block.to_dict()))
        except SlackObjectFormationError as error:
            found.append(str(error))
            continue
        if parsed != {"block_id": parsed.get("block_id"), **given} and parsed != given:
            found.append(f"{given['type']}: comes back as {parsed}")
    return found


def button(**more):
    element = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    return {"type": "actions", "elements": [element | more]}


def text(characters):
    return {"type": "plain_text", "text": "x" * characters}


GOOD = [
    {"type": "header", "text": text(150)},
    {"type": "section", "text": text(3000)},
    {"type": "context", "elements": [text(10)]},
    {"type": "divider"},
    button(value="1"),
]
BAD = {
    "typo in the type": ({"type": "sektion", "text": text(1)}, "published"),
    "mrkdwn in a header": (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "published",
    ),
    "long header": ({"type": "header", "text": text(151)}, "both"),
    "mrkdwn on a button": (button(text={"type": "mrkdwn", "text": "x"}), "published"),
    "long label": (button(text=text(76)), "both"),
    "long value": (button(value="x" * 2001), "both"),
    "long action id": (button(action_id="x" * 256), "both"),
    "unknown style": (button(style="red"), "published"),
    "unknown property": ({"type": "divider", "colour": "red"}, "published"),
    "long section": ({"type": "section", "text": text(3001)}, "both"),
    "many fields": ({"type": "section", "fields": [text(1)] * 11}, "both"),
    "many elements": (
        {
            "type": "actions",
            "elements": [button(action_id=str(n))["elements"][0] for n in range(26)],
        },
        "both",
    ),
    "button in a context": ({"type": "context", "elements": button()["elements"]}, "published"),
}


def test_good_blocks_pass(published):
    assert published(GOOD) == []
    assert modelled(GOOD) == []
    assert ours(GOOD) == []


@pytest.mark.parametrize("name", BAD)
def test_bad_blocks_are_refused(published, name):
    """By the witness named, and by the fake Slack whichever it is."""
    block, by = BAD[name]

    assert published([block])
    if by == "both":
        assert modelled([block])
    assert ours([block])


@pytest.fixture(scope="module")
def aws():
    """Its environment is set by the fixture below."""
    with FakeAws() as fake:
        yield fake


@pytest.fixture
def environment(aws, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)


@pytest.mark.parametrize("name", sorted(DEMO_FUNCTIONS))
def test_every_message_about_a_demo_function_passes(aws, environment, published, name):
    aws.accounts.clear()
    wanted = DEMO_FUNCTIONS[name]
    bed = plant(aws.account(), wanted, wanted.languages[0])
    ask = function_check(Target.of(bed.name, wanted.region))
    report = ask.report(Symptom.BOTH)
    messages = [
        card.card(report, "id:1"),
        card.private(report, "id:1"),
        card.step(report, STEP, "id:1", report.checked_at),
        summary(report),
    ]
    window = all_checks.window(report)

    assert view_complaints(window) == []
    assert published(window["blocks"]) == []
    assert modelled(window["blocks"]) == []

    for message in messages:
        assert message["text"]
        for witness in (published, modelled, ours):
            assert witness(message["blocks"]) == [], message


@pytest.mark.parametrize("name", sorted(DEMO_FUNCTIONS))
def test_every_message_of_a_demo_functions_triage_passes(aws, environment, published, name):
    aws.accounts.clear()
    wanted = DEMO_FUNCTIONS[name]
    bed = plant(aws.account(), wanted, wanted.languages[0])
    found = function_check(Target.of(bed.name, wanted.region)).evidence()
    messages = []

    def go(triage, kind, text=None):
        happened = Event(kind, found.now, "U1", text)
        messages.extend(entry.body for entry in acknowledged(triage, happened))
        updated = machine.with_reply(triage, happened)
        looks = machine.needs_check(triage, happened)
        after = machine.advance(updated, happened, found) if looks else updated
        messages.extend(entry.body for entry in updates(triage, after))
        return after

    place = Conversation("T1", "C1", "U1")
    triage = machine.begin(Triage("t-1", bed.name, place, "t:1:card", found.now))
    messages.append(triage_card.prompt(triage))
    triage = go(triage, EventKind.ANSWERED, "Both")
    triage = go(triage, EventKind.ANSWERED, "Only this one, always")
    for _ in range(40):
        match triage.phase:
            case Phase.ASKING:
                triage = go(triage, EventKind.ANSWERED, triage.prompt.options[0])
            case Phase.STUCK:
                go(triage, EventKind.RETRIED)
                triage = go(triage, EventKind.SKIPPED)
            case Phase.WAITING:
                ended = Event(EventKind.STOPPED, found.now, "U1")
                after = machine.stopped(triage, ended, "Stopped before the end.")
                messages.extend(entry.body for entry in updates(triage, after))
                triage = after
    assert triage.finished

    for message in messages:
        assert message["text"]
        for witness in (published, modelled, ours):
            assert witness(message["blocks"]) == [], message


HOSTILE = "<!channel> <@U1> `*_~ \u202e\x00 " + "x" * 5000


def a_hostile_triage():
    """As long and as bad as one may become."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    notes = tuple(Note(each, at, "s", HOSTILE, "U1") for each in What for _ in range(9))
    shown = Prompt("s", HOSTILE, HOSTILE, HOSTILE, until=at, looks_at=at, trouble=HOSTILE)
    blank = Triage("t-1", "f", Conversation("T1", "C1", "U1"), "t:1:card", at, prompt=shown)
    users = tuple(f"U{n}" for n in range(40))
    return replace(blank, notes=notes, outcome=HOSTILE, phase=Phase.WAITING, remind=users)


def test_scan_of_ten_thousand_with_two_hundred_causes_passes(published):
    """slack_sdk has no model of a data_table (facts of slack_sdk 3.47): it sees the rest."""
    at = datetime(2026, 11, 27, tzinfo=UTC)
    seen = tuple(
        Seen(
            f"{HOSTILE[: n % 60]}{n}",
            "eu-west-1",
            "123456789012",
            "problem",
            f"cause{n % 200}<!here>",
            FleetKind.BLIND,
            saw=HOSTILE,
            owner=HOSTILE,
        )
        for n in range(10_000)
    )
    hidden = tuple(Unreadable("1" * 12, "eu-west-1", HOSTILE) for _ in range(300))
    scan = Scan(at, seen, hidden)
    messages = [
        fleet.summary(scan, "shop-", "id:1"),
        fleet.summary(scan, "shop-", "id:1", table=False),
        *fleet.functions(scan),
        fleet.in_progress("x" * 64, "id:1", seen=10_000, exact=3, suspicious=9_999),
        fleet.failed("", HOSTILE, "id:1"),
    ]

    assert "data_table" in str(messages[0]["blocks"])
    assert len(messages) <= fleet.REPLIES + 5
    for message in messages:
        known = [each for each in message["blocks"] if each["type"] != "data_table"]
        assert published(message["blocks"]) == []
        assert modelled(known) == []
        assert ours(message["blocks"]) == []
        assert "<!" not in message["text"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"caption": ""},
        {"page_size": 101},
        {"rows": []},
        {"rows": [[{"type": "raw_text", "text": ""}]]},
        {"rows": [[{"type": "raw_text", "text": "x"}] * 21]},
        {"rows": [[{"type": "raw_text", "text": "x"}], []]},
        {"rows": [[{"type": "plain_text", "text": "x"}]]},
        {"colour": "red"},
    ],
)
def test_table_that_slack_would_refuse_is_refused(wrong):
    good = {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]]}

    assert ours([good]) == []
    assert ours([good | wrong])


def test_every_other_message_passes(published):
    messages = [
        notices.in_progress("checkout"),
        notices.in_progress(HOSTILE, [HOSTILE] * 20),
        notices.complaint(HOSTILE, HOSTILE, "id:1"),
        notices.try_again(HOSTILE, "id:1"),
        notices.question(HOSTILE, [f"function:name{n} eu-west-1" for n in range(9)]),
        notices.question("Did you mean it?", ["x" * 100]),
        triage_card.summary(a_hostile_triage()),
        triage_card.prompt(a_hostile_triage()),
    ]

    for message in messages:
        for witness in (published, modelled, ours):
            assert witness(message["blocks"]) == [], message
        assert "<!" not in message["text"]
        assert "<@" not in message["text"]


def a_hostile_home():
    """As full and as bad as one may become."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    about = Subject(HOSTILE, HOSTILE, "<!here>", "<@U1>", None)
    report = Report(about, at, Overall.PROBLEM, "wrapper_set", None, HOSTILE, ())
    ask = Diagnosis("a", "f", Conversation("T1", "C1", "U1"), at, report=report)
    link = "https://demo.slack.com/archives/C1/p1"
    return home_view.Page(
        at,
        {"store": True, "clock": False, "slack": True},
        [home_view.Linked(replace(a_hostile_triage(), target=HOSTILE), link)] * 30,
        [home_view.Linked(ask, link)] * 30,
        [HOSTILE] * 30,
        HOSTILE,
    )


@pytest.mark.parametrize("page", ["full", "empty", "away"])
def test_home_passes(published, page):
    at = datetime(2026, 11, 24, tzinfo=UTC)
    bare = home_view.Page(at, {"store": True, "clock": True}, available=page != "away")
    view = home_view.home(a_hostile_home() if page == "full" else bare)

    assert view_complaints(view, "home") == []
    assert published(view["blocks"]) == []
    assert modelled(view["blocks"]) == []
    parsed = [
        each["text"]
        for block in view["blocks"]
        for each in [*block.get("elements", []), block.get("text", {})]
        if each.get("type") == "mrkdwn"
    ]
    assert parsed
    assert not [text for text in parsed if "<!here" in text or "<@" in text or "<!channel" in text]


@pytest.mark.parametrize("dispatch", [True, False])
def test_window_passes(published, dispatch):
    at = datetime(2026, 11, 24, tzinfo=UTC)
    refused = Listing("1", "eu-west-1", (), at, why=HOSTILE)
    entries = [InventoryEntry("a", "eu-west-1", refused), InventoryEntry("b", HOSTILE, None)] * 5
    view = picker.window("C1", entries, dispatch=dispatch)

    assert view_complaints(view) == []
    assert published(view["blocks"]) == []
    assert modelled(view["blocks"]) == []


def test_options_pass():
    at = datetime(2026, 11, 24, tzinfo=UTC)
    named = [Named("x" * 64, str(n), "ap-southeast-7", "123456789012", at) for n in range(30)]
    answer = Answer((*named, Named("a", None, HOSTILE, "1")), (InventoryEntry("k", HOSTILE, None),))

    for each in (answer, Answer((), answer.entries)):
        offered = picker.options(each, "y" * 64, at)
        assert list(option_complaints("/options", offered, 100)) == []
