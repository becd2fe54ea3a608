"""Every message that the bot can send passes Slack's published types and slack_sdk's models."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.looking import look
from bot.playground.account import FakeAws
from bot.playground.account.patients import PATIENTS, plant
from bot.playground.workspace.blocks import complaints as ours
from bot.render import card
from checks.model import Symptom

STEP = "wrapper_set"


def modelled(blocks):
    """What slack_sdk's models say; also what they lose on the way."""
    found = []
    for given, block in zip(blocks, Block.parse_all(deepcopy(blocks)), strict=True):
        try:
            told = json.loads(json.dumps(block.to_dict()))
        except SlackObjectFormationError as error:
            found.append(str(error))
            continue
        if told != {"block_id": told.get("block_id"), **given} and told != given:
            found.append(f"{given['type']}: comes back as {told}")
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


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_every_message_about_a_patient_passes(aws, environment, published, name):
    aws.accounts.clear()
    patient = PATIENTS[name]
    bed = plant(aws.account(), patient, patient.languages[0])
    ask = look(bed.name, region=None, account=None, org=None, answers={})
    report = ask.report(Symptom.BOTH)
    messages = [
        card.card(report, "id:1"),
        card.private(report),
        card.step(report, STEP, "id:1", report.checked_at),
        *card.steps(report),
    ]

    for message in messages:
        assert message["text"]
        for witness in (published, modelled, ours):
            assert witness(message["blocks"]) == [], message


HOSTILE = "<!channel> <@U1> `*_~ \u202e\x00 " + "x" * 5000


def test_every_other_message_passes(published):
    messages = [
        card.looking("checkout"),
        card.looking(HOSTILE, [HOSTILE] * 20),
        card.complaint(HOSTILE, HOSTILE, "id:1"),
        card.question(HOSTILE, [f"function:name{n} eu-west-1" for n in range(9)]),
        card.question("Did you mean it?", ["x" * 100]),
    ]

    for message in messages:
        for witness in (published, modelled, ours):
            assert witness(message["blocks"]) == [], message
        assert "<!" not in message["text"]
        assert "<@" not in message["text"]
