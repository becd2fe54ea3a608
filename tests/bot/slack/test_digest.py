"""Digests as people live them: the real bot, by Socket Mode, on a real store and a fake account."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest.model import Slot
from bot.digest.repository import Digests
from bot.playground.account.demo_functions import NODE, REGION, FakeFunction, healthy
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import BOT_USER
from bot.store.connection import now, to_ms
from bot.store.due import Due
from tests.bot.slack.far_off import FAR_OFF

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
DAILY = f"/slsdiag digest daily {FAR_OFF} Europe/Berlin"
BLIND = 16
"""Functions of the demo account that are down or blind."""


def text_of(message):
    return f"{message.text} {message.blocks}"


@pytest.fixture
def previewed(ada, slack):
    """Type a digest; its preview."""

    def wait(text=DAILY, who=ada):
        known = len([m for m in slack.messages if "Keep it" in m.buttons()])
        assert who.types(text).text == "Here comes a preview, for you alone…"
        slack.waits_for(
            lambda _: len([m for m in slack.messages if "Keep it" in m.buttons()]) > known
        )
        preview = [m for m in slack.messages if "Keep it" in m.buttons()][-1]
        assert preview.seen_by == who.user
        return preview

    return wait


@pytest.fixture
def kept(ada, slack, previewed):
    """Keep a digest; its id."""

    def keep(text=DAILY):
        preview = previewed(text)
        id_ = preview.buttons()["Keep it"]["value"]
        ada.clicks(preview, "Keep it")
        slack.waits_for(lambda m: m.seen_by == ada.user and m.text.startswith(f"Kept, as {id_}"))
        return id_

    return keep


@pytest.fixture
def posted(slack):
    """The digests in the channel, as soon as there are so many."""

    def wait(count, timeout=30):
        def found():
            return [
                m
                for m in slack.public(GENERAL)
                if m.thread_ts is None and m.text.startswith("Digest")
            ]

        slack.waits_for(lambda _: len(found()) >= count, timeout)
        return found()

    return wait


@pytest.fixture
def slot_comes(redis):
    """Have a digest's slot come now, as if it had been made for this minute."""

    def come(id_, name="2026-01-01"):
        digests, at = Digests(redis), now(redis)
        redis.delete(*redis.scan_iter("slsdiag:scanned:*"), "none")  # a new scan
        known = digests.load(id_)
        due = replace(known, slot=Slot(at, name), created=at)
        assert digests.save(due, claim=None, due_at=at)

    return come


@pytest.fixture
def idle(redis, until):
    """Wait until all that is due was done."""

    def wait(limit=30):
        until(lambda: not Due(redis).sweep(10) and not due_soon(redis), limit)

    return wait


def due_soon(redis):
    """What is claimed, or waits for a scan."""
    at = to_ms(now(redis)) + 100_000
    return redis.zrangebyscore("slsdiag:due", "-inf", at)


def test_preview_is_for_the_asker_alone_and_nothing_is_kept_yet(ada, slack, previewed):
    preview = previewed()

    assert "The next times: " in preview.text
    assert preview.text.count(FAR_OFF) == 4
    assert "prod (999999999999)" in text_of(preview)
    assert "is silent when nothing changed" in text_of(preview)
    itself = slack.waits_for(lambda m: "how it would look now" in m.text, 30)[0]
    assert "not reporting" in text_of(itself) or "blind" in text_of(itself)
    assert (itself.seen_by, itself.buttons()) == (ada.user, {})
    assert slack.public() == []
    assert "no digest in this channel yet" in ada.types("/slsdiag digest list").text
    ada.clicks(preview, "Not now")
    slack.waits_for(lambda m: "Not kept" in m.text)
    assert "no digest in this channel yet" in ada.types("/slsdiag digest list").text


def test_zone_that_is_left_out_is_the_askers(ada, slack, previewed):
    eve = Person(slack, "U0EVE", name="eve", zone="America/New_York")

    assert (
        f"daily {FAR_OFF} America/New_York"
        in previewed(f"/slsdiag digest daily {FAR_OFF}", eve).text
    )


def test_zone_that_slack_does_not_tell_is_asked_for(ada, slack):
    slack.store.users["U0ADA"].pop("tz")
    ada.types(f"/slsdiag digest daily {FAR_OFF}")

    slack.waits_for(lambda m: "I could not see your time zone" in m.text)


def test_keep_is_one_effect_for_many_clicks(ada, slack, previewed):
    preview = previewed("/slsdiag digest weekly fri 17:30 Europe/Berlin check quiet 22:00-07:00")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ada.clicks(preview, "Keep it"), range(10)))
    slack.waits_for(lambda m: "Kept, as" in m.text)
    (notice,) = slack.waits_for(lambda m: m.text.startswith("New digest of one prefix"))

    listed = ada.types("/slsdiag digest list").text
    assert listed.count("weekly fri 17:30 Europe/Berlin, quiet 22:00-07:00, of check*") == 1
    assert "17:30" in notice.text
    assert "digest stop" in notice.text
    assert "<@U0ADA>" in text_of(notice)


def test_first_look_tells_all_and_names_in_its_thread(ada, aws, slack, kept, posted):
    aws.account().region(REGION).tags["orders"] = {"team": "shop"}
    kept()
    assert "Making the digest" in ada.types("/slsdiag digest now").text
    (digest,) = posted(1)
    names = slack.waits_for(lambda m: m.thread_ts == digest.ts)

    assert re.match(r"Digest: the first scan\. 🔴 \d+ down · 🟠 \d+ not reporting", digest.text)
    assert "orders (eu-west-1 of 123456789012, shop)" in "".join(map(text_of, names))
    assert "Blind: 🔴 SDK layer missing: 1 function — billing" in text_of(digest)
    assert "Datadog owns the exec wrapper" in "".join(map(text_of, names))
    assert " s ago." in text_of(digest)
    assert f"daily {FAR_OFF} Europe/Berlin" in text_of(digest)
    assert aws.mutations() == []


def loses_its_wrapper(aws, name):
    """And its invocations end without a payload."""
    function = FakeFunction(aws.account(), name, NODE)
    function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/other"
    function.silent()


def test_slot_is_silent_when_nothing_changed_and_tells_what_did(
    ada, aws, slack, redis, kept, posted, slot_comes, idle
):
    id_ = kept()
    ada.types("/slsdiag digest now")
    posted(1)
    idle()
    slot_comes(id_)
    idle()
    listings = [c for c in aws.calls if c.operation == "ListFunctions"]
    assert len(listings) > len({(c.account, c.region) for c in listings})  # it was looked again
    assert len(posted(1)) == 1

    healthy(aws.account(), "orders")
    aws.account().region(REGION).functions.pop("emails")
    loses_its_wrapper(aws, "checkout")
    slot_comes(id_, "2026-01-02")
    digest = posted(2)[-1]
    assert digest.text.startswith(
        f"Digest: 🔴 4 down · 1 new, 2 no longer blind, {BLIND - 2} still blind"
    )
    text = text_of(digest)
    assert re.search(r"New: [^:]+: 1 function — ", text)
    assert "checkout (eu-west-1 of 123456789012)" in text
    assert "orders (eu-west-1 of 123456789012): now healthy" in text
    assert "emails (eu-west-1 of 123456789012): now gone" in text
    assert "Still blind: 🔴 SDK layer missing: 1 function — billing" in text
    assert "billing (eu-west-1 of 123456789012): blind since" in text


def test_region_that_is_denied_fixes_nothing(ada, aws, slack, kept, posted, slot_comes, idle):
    id_ = kept()
    ada.types("/slsdiag digest now")
    posted(1)
    idle()
    aws.fail("lambda", "ListFunctions", region="eu-west-1")
    slot_comes(id_)
    digest = posted(2)[-1]

    assert "2 not readable" in digest.text
    assert "no longer blind" not in digest.text
    assert f"{BLIND} functions could not be verified now" in text_of(digest)
    assert "Not read: eu-west-1 of 123456789012" in text_of(digest)
    assert "keeps its state, its account or region could not be read" in "".join(
        map(text_of, slack.waits_for(lambda m: m.thread_ts == digest.ts))
    )
    idle()
    slot_comes(id_, "2026-01-02")
    idle()
    assert len(posted(2)) == 2


def test_replicas_post_one(ada, slack, kept, start_bot, posted, slot_comes, idle):
    start_bot()
    id_ = kept()
    slot_comes(id_)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ada.types("/slsdiag digest now"), range(8)))
    posted(1)
    idle()
    keys = [m.metadata["event_payload"]["key"] for m in slack.public() if m.metadata]

    assert len(set(keys)) == len(keys)
    assert len([key for key in keys if key.startswith(f"{id_}:2026-01-01:")]) <= 2


def test_chart_has_its_figures_as_text(ada, slack, kept, posted, redis, slot_comes, idle):
    id_ = kept()
    slack.refused.add("data_visualization")
    for number in range(3):
        ada.types("/slsdiag digest now")
        posted(number + 1)
        idle()
        older(redis, id_)
        if number:
            slack.refused.clear()
    _, plain, drawn = posted(3)

    assert not any(block["type"] == "data_visualization" for block in plain.blocks)
    chart = next(block for block in drawn.blocks if block["type"] == "data_visualization")
    points = chart["chart"]["series"][0]["data"]
    assert [point["value"] for point in points] == [BLIND] * 3
    said = " · ".join(f"{point['label']}: {point['value']}" for point in points)
    assert f"Blind: {said}" in text_of(drawn)
    assert text_of(plain).count(f": {BLIND} · ") == 1
    assert "nothing changed since" in drawn.text


def older(redis, id_):
    """Every point of the trend, by a day, so that they do not share a minute."""
    digests = Digests(redis)
    known = digests.load(id_)
    trend = tuple(replace(each, at=each.at - timedelta(days=1)) for each in known.trend)
    assert digests.save(replace(known, trend=trend), claim=None, due_at=None)
    redis.delete(*redis.scan_iter("slsdiag:scanned:*"), "none")


WRAPPERS = "The exec wrapper's path has blanks around it (+2 more)"
OF_WRAPPERS = f"All with “{WRAPPERS}”"


def test_snooze_and_its_end(ada, aws, slack, redis, kept, posted, slot_comes, idle):
    id_ = kept()
    ada.types("/slsdiag digest now")
    (first,) = posted(1)
    idle()
    ada.clicks(first, "Snooze…")
    slack.waits_for(lambda _: "U0ADA" in slack.store.views)
    ada.submits(what=OF_WRAPPERS, reason="Datadog stays <!here>", end="for a week")
    notice = slack.waits_for(lambda m: m.thread_ts == first.ts and "Snoozed until" in m.text)[0]
    assert f"{WRAPPERS}. Datadog stays &lt;!here&gt;" in notice.text
    assert "<@U0ADA>" in text_of(notice)

    loses_its_wrapper(aws, "checkout")
    slot_comes(id_)
    idle()
    assert len(posted(1)) == 1

    ada.types("/slsdiag digest list")
    listed = slack.waits_for(lambda m: f"End snooze of {WRAPPERS}" in m.buttons())[0]
    ada.clicks(listed, f"End snooze of {WRAPPERS}")
    slack.waits_for(lambda m: "The snooze is over" in m.text)
    slot_comes(id_, "2026-01-02")
    digest = posted(2)[-1]
    assert digest.text.startswith(f"Digest: 🔴 4 down · 4 new, {BLIND - 3} still blind")
    over = r"Still blind, its snooze is over: (🔴 )?[^:]+: (\d) function"
    assert sum(int(count) for _, count in set(re.findall(over, text_of(digest)))) == 3


def test_not_a_member_tells_its_maker(ada, slack):
    ada.types(DAILY, channel="C0SECRET")
    preview = slack.waits_for(lambda m: "Keep it" in m.buttons())[0]
    ada.clicks(preview, "Keep it")

    message = slack.waits_for(lambda m: m.channel == "DU0ADA")[0]
    assert "/invite @slsdiag" in message.text


def test_stop_is_of_this_channel_only_and_for_good(ada, slack, redis, kept, until):
    slack.store.channel("C0OTHER", "other", BOT_USER)
    id_ = kept()
    other = ada.types(f"/slsdiag digest stop {id_}", channel="C0OTHER").text
    assert "There is no digest" in other
    assert ada.types(f"/slsdiag digest stop {id_}").text == f"Stopped the digest {id_}."
    assert "There is no digest" in ada.types(f"/slsdiag digest stop {id_}").text
    assert "no digest in this channel yet" in ada.types("/slsdiag digest now").text
    until(lambda: not redis.zcard("slsdiag:due"), 30)  # the scan for its preview goes on


def test_which_one_is_a_question(ada, slack, kept):
    ids = [kept(), kept("/slsdiag digest every 6h")]
    ada.types("/slsdiag digest now")

    asked = slack.waits_for(lambda m: "which one?" in m.text)[0]
    assert set(asked.buttons()) == {f"digest now {each}" for each in ids}


def test_strangers_clicks_have_no_effect(ada, slack, previewed):
    preview = replace(previewed(), seen_by=None)  # as if others could see it
    Person(slack, "U0BOB", name="bob").clicks(preview, "Keep it")
    slack.waits_for(lambda m: "not yours" in m.text)
    Person(slack, "U0EVE", team="T0OTHER").clicks(preview, "Keep it")
    slack.waits_for(lambda m: m.seen_by == "U0EVE" and "members of this workspace" in m.text)

    assert slack.public() == []


def test_mention_gets_its_preview_in_the_thread(ada, slack):
    said = ada.says("what changed?")
    ada.mentions(f"digest daily {FAR_OFF} Europe/Berlin", thread=said.ts)

    preview = slack.waits_for(lambda m: "Keep it" in m.buttons())[0]
    assert (preview.seen_by, preview.thread_ts) == ("U0ADA", said.ts)


def test_button_of_a_digest_works_in_its_own_channel_alone(ada, slack, until):
    """A copy of the message, as another channel would hold it, moves nothing there."""
    ada.types(f"/slsdiag digest daily {FAR_OFF} Europe/Berlin")
    ada.clicks(slack.waits_for(lambda m: "Keep it" in m.buttons())[0], "Keep it")
    slack.waits_for(lambda m: "first comes" in str(m.blocks))
    ada.types("/slsdiag digest now")
    digest = slack.waits_for(lambda m: "Snooze…" in m.buttons(), 40)[0]
    copy = deepcopy(digest)
    slack.store.channel("C0COPY", "copy", "U0SLSDIAG", ada.user)
    copy.channel, copy.thread_ts = "C0COPY", None
    slack.store.all.append(copy)
    ada.clicks(copy, "Snooze…")
    slack.waits_for(lambda m: m.channel == "C0COPY" and m.seen_by and "earlier check" in m.text)

    assert ada.user not in slack.store.views


def test_prefix_of_no_function_is_told_before_it_is_kept(ada, slack, redis, until):
    redis.delete(f"slsdiag:inventory:own/{REGION}")
    ada.opens_home()
    version = f"slsdiag:inventory:own/{REGION}", "version"
    until(lambda: (redis.hget(*version) or "").endswith(" True"), 20)
    for prefix, warned in (("order", False), ("nosuch-", True)):
        slack.messages.clear()
        ada.types(f"{DAILY} {prefix}")
        (preview,) = slack.waits_for(lambda m: "Keep it" in m.buttons(), 20)

        assert (f"may see begins with {prefix}" in str(preview.blocks)) == warned
