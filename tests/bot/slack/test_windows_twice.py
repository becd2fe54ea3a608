"""A window that is sent twice has one effect, and nobody is told that the second one came too late."""

from __future__ import annotations

import ast
from copy import deepcopy
from pathlib import Path

import pytest

import bot
from bot.attachments import window as attachment
from bot.digest import dialog
from bot.playground.workspace.messages import GENERAL
from bot.search import picker
from bot.triage import windows
from tests.bot.slack.far_off import FAR_OFF

pytestmark = pytest.mark.slow


@pytest.fixture
def nothing_is_left(redis, until):
    """Nothing is due now, nor under a lease."""

    def busy():
        return redis.zcount("slsdiag:due", 0, (redis.time()[0] + 60) * 1000)

    return lambda: until(lambda: not busy(), 30)


def clicked(slack, words, label):
    return slack.waits_for(lambda m: words in m.text and label in m.buttons(), 30)[-1]


def snooze(ada, slack, aws):
    ada.types(f"/slsdiag digest daily {FAR_OFF} Europe/Berlin")
    ada.clicks(clicked(slack, "", "Keep it"), "Keep it")
    slack.waits_for(lambda m: "Kept, as" in m.text)
    ada.types("/slsdiag digest now")
    ada.clicks(clicked(slack, "the first scan", "Snooze…"), "Snooze…")
    return {"what": "All with “SDK layer missing”", "reason": "ours", "end": "for a week"}


def snoozed(message):
    return "Snoozed until" in message.text


def pasted_error(ada, slack, aws):
    ada.types("/slsdiag triage checkout")
    for words, label in (
        ("What is missing", "Both"),
        ("this function only", "Only this one, always"),
        ("an error beside", "Something else…"),
    ):
        ada.clicks(clicked(slack, words, label), label)
    return {"text": "Code storage limit exceeded."}


def taken(message):
    return "Code storage limit exceeded" in message.text and message.buttons()


def diagnose(ada, slack, aws):
    ada.opens_home()
    with slack.lock:
        assert slack.lock.wait_for(lambda: ada.user in slack.store.homes, 10)
    ada.clicks_in(slack.store.homes[ada.user], "Diagnose")
    with slack.lock:
        assert slack.lock.wait_for(lambda: ada.user in slack.store.views, 10)
    option = ada.searches(slack.store.views[ada.user], picker.FUNCTION, "billing")[0]
    return {picker.FUNCTION: option, picker.CHANNEL: GENERAL}


def card_of_it(message):
    return message.thread_ts is None and "billing is DOWN" in message.text


def bundle(ada, slack, aws):
    ada.types("/slsdiag triage orders")
    ada.clicks(clicked(slack, "orders ·", "Stop"), "Stop")
    ada.clicks(clicked(slack, "triage stopped", "Attach bundle…"), "Attach bundle…")
    return {}


def attached(message):
    return bool(message.files)


WINDOWS = {
    attachment.WINDOW: (bundle, attached),
    dialog.WINDOW: (snooze, snoozed),
    windows.WINDOW: (pasted_error, taken),
    picker.WINDOW: (diagnose, card_of_it),
}


@pytest.mark.parametrize("mode", ["socket"], indirect=True)
@pytest.mark.parametrize(("opens", "effect"), WINDOWS.values(), ids=WINDOWS)
def test_one_effect(ada, slack, aws, opens, effect, nothing_is_left):
    typed = opens(ada, slack, aws)
    with slack.lock:
        assert slack.lock.wait_for(lambda: ada.user in slack.store.views, 10)
    view = deepcopy(slack.store.views[ada.user])
    ada.submits(**typed)
    slack.waits_for(effect, 30)
    nothing_is_left()
    before = [(m.ts, m.text) for m in slack.messages if m.user != ada.user]
    for _ in range(2):
        slack.store.views[ada.user] = deepcopy(view)
        assert ada.submits(**typed).status == 200
    nothing_is_left()

    assert [(m.ts, m.text) for m in slack.messages if m.user != ada.user] == before


def test_every_window_is_among_them():
    folder = Path(bot.__file__).parent
    listening = [
        node
        for path in folder.rglob("*.py")
        if "playground" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "view"
        and getattr(node.func.value, "id", None) == "app"
    ]

    assert len(listening) == len(WINDOWS)
