"""A bundle that somebody attaches to a triage's thread: what they confirm, and that it comes once."""

from __future__ import annotations

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from bot.account_settings import AccountSettings
from bot.agents.bundle_file import unpack
from bot.agents.replay import differences, replayed
from bot.diagnosis.held_evidence import HELD_FOR
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.slack import files, sender
from bot.slack.manifest import SCOPES
from bot.store.outbox import Outbox

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
ATTACH = "Attach bundle…"


@pytest.fixture
def ended(ada, slack):
    """The last message of a triage that somebody stopped at its first action."""

    def end(target="orders"):
        ada.types(f"/slsdiag triage {target}")
        stuck = slack.waits_for(lambda m: f"{target} ·" in m.text and "Stop" in m.buttons())[-1]
        ada.clicks(stuck, "Stop")
        return slack.waits_for(lambda m: f"{target}: triage stopped" in m.text)[-1]

    return end


@pytest.fixture
def window(slack):
    """The window that opens for somebody."""

    def wait(person):
        with slack.lock:
            assert slack.lock.wait_for(lambda: person.user in slack.store.views, 10)
            return slack.store.views[person.user]

    return wait


@pytest.fixture
def attached(slack):
    return lambda: [m for m in slack.public() if m.files]


def find(value, words):
    """The first text with these words in a block."""
    texts = [value] if isinstance(value, str) else ()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next(
        (text for text in (*texts, *(find(one, words) for one in inner)) if words in text), ""
    )


def unsent(redis):
    """Keys of messages that are on their way."""
    return redis.zrange("slsdiag:outbox", 0, -1)


def told(slack, person, words):
    return slack.waits_for(lambda m: m.seen_by == person.user and words in m.text)[-1]


def test_bundle_is_attached_to_the_thread_and_gives_the_report_again(
    ada, slack, ended, window, attached
):
    summary = ended()
    ada.clicks(summary, ATTACH)
    shown = str(window(ada))
    ada.submits()
    message = slack.waits_for(lambda m: m.files)[0]
    content = slack.store.files.all[message.files[0]["id"]].content
    bundle = unpack(content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        report = json.loads(archive.read("report.json"))

    assert "everybody in this channel" in shown
    assert "values of environment variables" in shown
    assert (message.channel, message.thread_ts) == (GENERAL, summary.thread_ts)
    assert "<@U0ADA>" in message.text
    assert message.files[0]["name"] in message.text
    assert message.files[0]["size"] == len(content)
    assert report["headline"] == "Datadog owns the exec wrapper"
    assert differences(bundle, replayed(bundle)) == []
    assert len(attached()) == 1


def test_two_people_and_two_replicas_attach_it_once(ada, slack, ended, window, attached, start_bot):
    start_bot()
    summary, bob = ended(), Person(slack, "U0BOB", name="bob")
    for person in (ada, bob):
        person.clicks(deepcopy(summary), ATTACH)
        window(person)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person: person.submits(), (ada, bob)))
    slack.waits_for(lambda m: m.files)
    ada.clicks(summary, ATTACH)
    window(ada)
    ada.submits()

    told(slack, ada, "in this thread already")
    assert len(attached()) == 1


@pytest.fixture
def quick(monkeypatch):
    """The settle time in half a second, so that a test need not wait a minute."""
    monkeypatch.setattr(sender, "SETTLES_IN", timedelta(seconds=0.5))


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "files.getUploadURLExternal"])
def test_lost_answer_does_not_attach_it_twice(
    quick, ada, slack, ended, window, attached, until, redis, method
):
    summary = ended()
    subject = GENERAL if method.startswith("files.complete") else "slsdiag"
    slack.hangs_up.add((method, subject))
    ada.clicks(summary, ATTACH)
    name = find(window(ada), ".zip").partition(",")[0]
    slack.hangs_up.add((method, name))
    ada.submits()
    until(lambda: slack.calls[method] == 1)
    slack.hangs_up.clear()
    slack.waits_for(lambda m: m.files)
    until(lambda: not unsent(redis))

    assert len(attached()) == 1
    assert [m for m in slack.messages if m.seen_by and "Slack" in m.text] == []


def test_content_that_slack_refuses_is_tried_again_then_explained(
    quick, ada, slack, ended, window, attached
):
    slack.refuses["upload_url", "*"] = "internal_error"
    ada.clicks(ended(), ATTACH)
    window(ada)
    ada.submits()

    assert "slsdiag bundle orders eu-west-1" in told(slack, ada, "did not take the file").text
    assert slack.calls["upload_url"] == files.TRIES
    assert attached() == []


@pytest.mark.parametrize("late", [False, True])
def test_nothing_is_attached_once_the_channel_may_not_see_the_account(
    ada, slack, ended, window, attached, bot, monkeypatch, late
):
    """Neither where that changed before somebody confirmed, nor where it did before it is sent."""
    accounts = bot._parts.accounts  # noqa: SLF001 - settings change with a restart
    elsewhere = {"own": AccountSettings(channels=("C0OTHER",))}

    def restrict(*_):
        monkeypatch.setattr(accounts, "settings", replace(accounts.settings, accounts=elsewhere))

    ada.clicks(ended(), ATTACH)
    window(ada)
    if late:
        add = Outbox.add
        monkeypatch.setattr(Outbox, "add", lambda *given: restrict() or add(*given))
    else:
        restrict()
    response = ada.submits()
    if late:
        told(slack, ada, "no longer see the account")

    assert late or "may not see the account" in str(response.payload)
    assert attached() == []


@pytest.mark.parametrize("scopes", [tuple(s for s in SCOPES if s != "files:write")])
def test_without_the_scope_the_person_reads_which_one_and_another_way(
    ada, slack, ended, window, attached
):
    ada.clicks(ended(), ATTACH)
    window(ada)
    ada.submits()
    reply = told(slack, ada, "files:write")

    assert "slsdiag bundle orders eu-west-1" in reply.text
    assert attached() == []


def test_evidence_that_is_gone_can_be_made_anew(ada, slack, ended, window, redis):
    summary = ended()
    (key,) = redis.keys("slsdiag:evidence:held:*")
    assert 0 < redis.ttl(key) <= HELD_FOR.total_seconds()
    redis.delete(key)
    ada.clicks(summary, ATTACH)
    offer = told(slack, ada, "no longer stored")
    assert ada.user not in slack.store.views

    ada.clicks(offer, "Check again")
    slack.waits_for(lambda _: redis.keys("slsdiag:evidence:held:*"))
    ada.clicks(summary, ATTACH)
    window(ada)
    ada.submits()

    slack.waits_for(lambda m: m.files)


@pytest.mark.parametrize("settings", [{"SLSDIAG_EVIDENCE_TTL": "0"}])
def test_where_no_evidence_is_stored_the_command_line_is_named(ada, slack, ended, redis):
    ada.clicks(ended(), ATTACH)
    reply = told(slack, ada, "stores no evidence")

    assert "slsdiag bundle orders eu-west-1" in reply.text
    assert not reply.buttons()
    assert redis.keys("slsdiag:evidence:held:*") == []
