"""Posts whose outcome is unclear: looked for, never guessed; copies are taken back."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from http.client import HTTPConnection

import pytest

from bot.playground.workspace import Person, Workspace
from bot.slack import sender
from bot.slack.manifest import SCOPES
from bot.store import outbox

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
BLIND = tuple(each for each in SCOPES if not each.endswith(":history"))


@pytest.fixture
def quick(monkeypatch):
    """The settle time and the sweep in half seconds, so that a test need not wait a minute."""
    monkeypatch.setattr(sender, "SETTLES_IN", timedelta(seconds=0.5))
    monkeypatch.setattr(outbox, "COPIES_AFTER", 3_000)


@pytest.fixture
def slack(request):
    with Workspace(scopes=getattr(request, "param", SCOPES)) as workspace:
        yield workspace


def copies(slack):
    keys = [m.metadata["event_payload"]["key"] for m in slack.public() if m.metadata]
    return len(keys) - len(set(keys))


def test_copy_that_history_hid_is_taken_back(quick, ada, slack, until):
    """Slack's history lags longer than we wait: the stated limit, and what follows it."""
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "Checking orders…" in m.text)[0]
    card.readable_at = time.monotonic() + 4
    slack.faults.dropped_after = 0.0
    until(lambda: copies(slack) > 0, limit=10)
    until(lambda: not copies(slack), limit=20)

    left = slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20
    )
    assert len(left) == 1
    assert len([m for m in slack.public() if m.thread_ts is None]) == 1


def test_thread_that_histories_do_not_list_yet_is_searched_again(quick, ada, slack):
    """Its first message lags behind as well: what hangs on it is not given up."""
    root = ada.says("what is it?")
    slack.faults.dropped_after = 1.0
    ada.mentions("orders", thread=root.ts)
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    for message in slack.messages:
        message.readable_at = time.monotonic() + 2.5
    slack.faults.dropped_after = 0.0

    (left,) = slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20
    )
    assert (left.thread_ts, left.seen_by) == (root.ts, None)
    assert slack.calls["conversations.replies"] > 2
    assert copies(slack) == 0


def test_card_is_found_again_in_a_busy_channel(quick, ada, slack):
    """Its history is read page by page."""
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    for number in range(450):
        ada.says(f"busy {number}")
    slack.faults.dropped_after = 0.0
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20)

    assert copies(slack) == 0
    assert slack.calls["conversations.history"] >= 3


def is_busy(slack, later=0.0, messages=1_300):
    """Others go on talking, some seconds later."""
    with slack.lock:
        for number in range(messages):
            said = slack.store.keep("C0GENERAL", "U0ADA", text=f"busy {number}", blocks=[])
            said.ts = f"{float(said.ts) + later:.6f}"


def test_over_a_thousand_messages_later_nothing_is_doubled(quick, ada, slack):
    """What was not read to its end is not there for all one knows: it is read on."""
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    is_busy(slack)
    slack.faults.dropped_after = 0.0
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=30)

    assert len([m for m in slack.public() if m.thread_ts is None]) == 1
    assert slack.calls["conversations.history"] > 5


def test_what_came_long_after_the_post_is_not_read(quick, ada, slack):
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    is_busy(slack, later=300.0)
    slack.calls.clear()
    slack.faults.dropped_after = 0.0
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=30)

    assert len([m for m in slack.public() if m.thread_ts is None]) == 1
    assert slack.calls["conversations.history"] == 1


def test_app_that_may_read_little_and_seldom_reads_on_where_it_was(quick, ada, slack):
    """As Slack has it for some apps: 15 messages at once, and 429 until a while later."""
    slack.store.page = 15
    slack.limits.tiers = {"conversations.history": 1}
    slack.limits.span = 1.0
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    is_busy(slack, messages=70)
    slack.faults.dropped_after = 0.0
    slack.limits.on = True
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=60)

    assert len([m for m in slack.public() if m.thread_ts is None]) == 1
    assert copies(slack) == 0
    assert slack.calls["conversations.history"] <= 20


@pytest.mark.parametrize("share", ["trouble_before", "trouble_after"])
def test_trouble_that_slack_tells_with_status_200_loses_nothing(quick, ada, slack, share):
    setattr(slack.faults, share, 1.0)
    ada.types("/slsdiag orders")
    time.sleep(1.5)
    setattr(slack.faults, share, 0.0)
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20)

    assert copies(slack) == 0
    assert len([m for m in slack.public() if m.thread_ts is None]) == 1


def test_what_waits_while_the_app_is_shut_out_is_said_when_it_is_back(
    quick, ada, slack, bot, monkeypatch, until
):
    monkeypatch.setattr(sender, "WAITS_FOR", timedelta(seconds=0.5))
    known = slack.bot_token
    slack.bot_token = "xoxb-another"
    ada.types("/slsdiag orders")
    until(lambda: json.loads(admin_answer(bot, "/readyz")[1])["slack_posts"] == "failing", 20)
    assert slack.public() == []
    assert admin_answer(bot, "/readyz")[0] == 200
    slack.bot_token = known
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20)

    assert copies(slack) == 0


def admin_answer(bot, path):
    """What the admin port answers."""
    connection = HTTPConnection("127.0.0.1", bot.admin_port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("slack", [BLIND], indirect=True)
def test_without_the_history_nothing_is_said_twice(quick, ada, slack, until):
    """The answer goes to the requester only: whether the card landed is not known."""
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    slack.faults.dropped_after = 0.0
    messages = slack.waits_for(
        lambda m: m.seen_by == "U0ADA" and "orders is not reporting" in m.text, 20
    )

    assert messages
    assert len(slack.public()) == 1


@pytest.mark.parametrize("slack", [BLIND], indirect=True)
def test_without_the_history_all_else_works(quick, slack, start_bot):
    start_bot()
    Person(slack).types("/slsdiag orders")

    assert slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20
    )
