"""A scan as people live it: the real bot, by Socket Mode, on a real store and a fake account."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.playground.account.demo_functions import REGION, healthy
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.scan import selection
from checks.runbook import RUNBOOK

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]


def text_of(message):
    return f"{message.text} {message.blocks}"


@pytest.fixture
def result(slack):
    """The newest card that holds a scan's result."""

    def wait(timeout=30):
        return slack.waits_for(
            lambda m: "Verified exactly" in m.text and "Check again" in m.buttons(), timeout
        )[-1]

    return wait


def test_answer_is_one_card_and_names_in_its_thread(ada, aws, slack, result):
    assert (
        ada.types("/slsdiag scan").text
        == "Checking all functions. The card appears in this channel."
    )
    card = result()
    names = slack.waits_for(lambda m: m.thread_ts == card.ts)

    assert re.match(r"Scan: 🔴 \d+ down · 🟠 \d+ not reporting · ", card.text)
    ranked = [block["text"]["text"] for block in card.blocks if "accessory" in block]
    assert re.match(r"1\. 🔴 .+: \d+ — \w+", ranked[0])
    assert not [step.slug for step in RUNBOOK if "_" in step.slug and step.slug in text_of(card)]
    assert any(block["type"] == "data_table" for block in card.blocks)
    assert "orders (eu-west-1 of 123456789012)" in "".join(map(text_of, names))
    assert len([m for m in slack.public(GENERAL) if m.thread_ts is None]) == 1
    assert aws.mutations() == []


def test_show_opens_a_window_with_the_functions_of_one_cause(ada, aws, slack, result, until):
    ada.types("/slsdiag scan orders")
    card = result()
    slack.waits_for(lambda m: m.thread_ts == card.ts)
    ada.clicks(card, "Show")
    until(lambda: ada.user in slack.store.views)

    assert "orders (eu-west-1 of 123456789012)" in str(slack.store.views[ada.user]["blocks"])
    assert len(slack.public()) == 2  # the card, and the names in its thread


def test_prefix_narrows(ada, aws, slack, result):
    ada.types("/slsdiag scan check")
    card = result()

    assert card.text.startswith("Scan of check*: ✅ 1 healthy.")


def test_forty_people_get_forty_answers_from_one_scan(ada, aws, slack):
    people = [Person(slack, f"U0P{n}", name=f"p{n}") for n in range(40)]
    aws.latency = 0.1
    with ThreadPoolExecutor(40) as pool:
        list(pool.map(lambda p: p.types("/slsdiag scan"), people))
    slack.waits_for(
        lambda _: (
            sum(
                "Verified exactly" in m.text and "Check again" in m.buttons()
                for m in slack.public()
            )
            == 40
        ),
        60,
    )
    listings = [c for c in aws.calls if c.operation == "ListFunctions"]

    assert len({(c.account, c.region) for c in listings}) == len(listings)


def test_stop_ends_what_nobody_else_waits_for(ada, aws, slack, redis, until):
    for number in range(300):
        healthy(aws.account(), f"shop-{number}").variables.pop("SLS_ORG_ID")
    ada.types("/slsdiag scan shop-")
    card = slack.waits_for(lambda m: "Verified exactly" in m.text and "Stop" in m.buttons(), 30)[0]
    assert "a scan of shop-*" in ada.types("/slsdiag status").text
    ada.clicks(card, "Stop")
    slack.waits_for(lambda m: m.ts == card.ts and "stopped before the end" in m.text)
    until(lambda: not redis.zcard("slsdiag:due"), 30)
    calls = len(aws.calls)
    time.sleep(1)

    assert len(aws.calls) == calls
    assert "nothing waits" in ada.types("/slsdiag status").text


def test_region_that_cannot_be_read_is_named(ada, aws, slack, result):
    aws.fail("lambda", "ListFunctions", region="us-east-1")
    ada.types("/slsdiag scan")
    card = result()

    assert "Not read: us-east-1 of 123456789012" in text_of(card)
    assert "lambda:ListFunctions" in text_of(card)


def test_accounts_are_read_in_the_name_of_who_asked(ada, aws, slack, result):
    ada.types("/slsdiag scan")
    result()
    bob = Person(slack, "U0BOB", name="bob")
    bob.types("/slsdiag checkout --account prod")
    slack.waits_for(
        lambda m: m.text.startswith("checkout: There is no function") and m.seen_by == bob.user
    )

    assert aws.account("999999999999").assumed_by == ["slsdiag-U0ADA", "slsdiag-U0BOB"]


def test_owner_stands_beside_the_name(ada, aws, slack, result, redis):
    bed = healthy(aws.account(), "owned")
    bed.variables.pop("SLS_ORG_ID")
    bed.silent()
    aws.account().region(REGION).tags["owned"] = {"team": "<!here> shop"}
    ada.types("/slsdiag scan owned")
    names = slack.waits_for(lambda m: m.thread_ts and "owned (" in text_of(m), 30)

    assert "owned (eu-west-1 of 123456789012 · <!here> shop)" in text_of(names[0])
    assert "<!here>" not in names[0].text


def test_check_again_scans_anew_once_for_ten_clicks(ada, aws, slack, result):
    ada.types("/slsdiag scan orders")
    card = result()
    assert "1 of" in card.text
    aws.account().region(REGION).functions.pop("orders")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ada.clicks(card, "Check again"), range(10)))
    slack.waits_for(lambda m: m.ts == card.ts and "there are no functions" in m.text, 30)


def test_slack_that_takes_no_table_gets_the_words(ada, aws, slack, result):
    slack.refused.add("data_table")
    ada.types("/slsdiag scan")
    card = result()

    assert "not reporting" in card.text
    assert not any(block["type"] == "data_table" for block in card.blocks)


def test_more_than_one_scan_verifies_is_left_out_and_said(ada, aws, slack, result, monkeypatch):
    monkeypatch.setattr(selection, "MOST_EXACT", 3)
    ada.types("/slsdiag scan")
    card = result()

    assert "Verified exactly: 3 of 25 functions." in card.text
    assert "8 functions were left out." in card.text


def test_not_a_member_gets_the_answer_alone(ada, aws, slack):
    ada.types("/slsdiag scan", channel="C0SECRET")
    messages = slack.waits_for(lambda m: m.seen_by == "U0ADA" and "Verified exactly" in m.text, 30)

    assert "not reporting" in messages[0].text
