"""Nothing public before a read has confirmed the name, and nobody is left without an answer."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.diagnosis import work
from bot.playground.account.demo_functions import REGION
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import BOT_USER
from bot.search import picker
from bot.slack.manifest import DIAGNOSE
from tests.bot.slack.far_off import FAR_OFF

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
NAME = "no-such-thing-here"
CONFIGURATION = "GetFunctionConfiguration"


def text_of(message):
    return f"{message.text} {json.dumps(message.blocks, ensure_ascii=False)}"


def named(slack, name=NAME):
    """Messages of the bot that others see, and that hold the name."""
    with slack.lock:
        return [m for m in slack.public() if name in text_of(m)]


def wait_for_private(slack, user, *words):
    """What one person alone was told, besides the acknowledgement."""
    return slack.waits_for(
        lambda m: (
            (m.seen_by == user or m.channel == f"D{user}")
            and m.user == BOT_USER
            and not m.text.startswith("Checking ")
            and all(word in text_of(m) for word in words)
        ),
        30,
    )


@pytest.fixture
def nothing_is_left(redis, until):
    """All that was asked is done, and all that was to be said is said."""
    return lambda: until(lambda: not redis.zcard("slsdiag:due"), 30)


def missing(aws):
    return NAME


def resembles_another(aws):
    aws.account().region(REGION).function("no-such-thing-hers", modified_at=datetime.now(UTC))
    return NAME


def denied(aws):
    aws.fail("lambda", CONFIGURATION)
    return NAME


def broken(aws):
    aws.fail("lambda", CONFIGURATION, "ServiceException")
    return NAME


def in_two_places(aws):
    for region in ("us-east-1", "eu-central-1"):
        aws.account().region(region).function(NAME, modified_at=datetime.now(UTC))
    return NAME


def without_that_version(aws):
    return "orders:no-such-thing-here"


def in_an_unknown_account(aws):
    return f"{NAME} --account nobodys"


WRONG = [
    missing,
    resembles_another,
    denied,
    broken,
    in_two_places,
    without_that_version,
    in_an_unknown_account,
]


@pytest.mark.parametrize("wrong", WRONG)
def test_name_that_no_read_confirms_is_for_the_asker_alone(ada, slack, aws, wrong, nothing_is_left):
    response = ada.types(f"/slsdiag {wrong(aws)}")
    assert response.text.endswith("The card appears in this channel.")

    wait_for_private(slack, "U0ADA", NAME)
    nothing_is_left()
    assert slack.calls["chat.postMessage"] == 0  # not even for a moment


def command(ada, slack):
    ada.types(f"/slsdiag {NAME}")


def step(ada, slack):
    ada.types(f"/slsdiag step wrapper_set {NAME}")


def triage(ada, slack):
    ada.types(f"/slsdiag triage {NAME}")


def mention(ada, slack):
    ada.mentions(f"function:{NAME}")


def mention_in_a_thread(ada, slack):
    ada.mentions(f"function:{NAME}", thread=ada.says("it is broken").ts)


def shortcut(ada, slack):
    ada.chooses(DIAGNOSE, ada.says(f"ALARM for `{NAME}`"))
    asked = slack.waits_for(lambda m: m.seen_by == ada.user and m.buttons())[0]
    ada.clicks(asked, NAME)


def window(ada, slack, **where):
    ada.opens_home()
    with slack.lock:
        slack.lock.wait_for(lambda: ada.user in slack.store.homes, 10)
    ada.clicks_in(slack.store.homes[ada.user], "Diagnose")
    with slack.lock:
        slack.lock.wait_for(lambda: ada.user in slack.store.views, 10)
    as_typed = ada.searches(slack.store.views[ada.user], picker.FUNCTION, NAME)[0]
    ada.submits(**{picker.FUNCTION: as_typed, **where})


def window_for_a_channel(ada, slack):
    window(ada, slack, **{picker.CHANNEL: GENERAL})


def window_for_them_alone(ada, slack):
    window(ada, slack)


ENTRANCES = [
    command,
    step,
    triage,
    mention,
    mention_in_a_thread,
    shortcut,
    window_for_a_channel,
    window_for_them_alone,
]


@pytest.mark.parametrize("enter", ENTRANCES)
def test_every_entrance_tells_the_asker_and_nobody_else(ada, slack, enter, nothing_is_left):
    enter(ada, slack)

    wait_for_private(slack, "U0ADA", f"There is no function {NAME}")
    nothing_is_left()
    assert slack.calls["chat.postMessage"] == 0


def test_what_could_not_be_read_can_be_tried_again_by_a_button(ada, slack, aws, nothing_is_left):
    aws.fail("lambda", CONFIGURATION)
    ada.types("/slsdiag orders")
    alone = wait_for_private(slack, "U0ADA", "may not be read")[0]
    assert list(alone.buttons()) == ["Check again"]
    aws.heal()
    ada.clicks(alone, "Check again")

    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)[0]
    nothing_is_left()
    assert [m for m in slack.public() if m.thread_ts is None] == [card]


def test_card_comes_with_the_first_read_and_not_with_the_last(ada, slack, aws):
    """Every other read takes so long that the report cannot be there."""
    aws.latency, aws.latencies = 2.0, {CONFIGURATION: 0.0}
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "Checking orders…" in m.text, 1.9)[0]
    aws.latency = 0.0

    slack.waits_for(lambda m: m.ts == card.ts and "orders is not reporting" in m.text, 20)


def test_no_card_before_the_configuration_was_read(ada, slack, aws, nothing_is_left):
    aws.latencies = {CONFIGURATION: work.QUIET + 2}
    ada.types("/slsdiag orders")
    waiting = wait_for_private(slack, "U0ADA", "orders: AWS is slow to answer")[0]
    assert slack.public() == []

    card = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)[0]
    nothing_is_left()
    assert card.ts > waiting.ts


def test_who_joins_a_gathering_gets_a_card_as_soon_as_it_finds_the_function(ada, slack, aws):
    aws.latency, aws.latencies = 3.0, {CONFIGURATION: 0.3}
    people = [Person(slack, f"U0P{n}", name=f"p{n}") for n in range(5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda who: who.types("/slsdiag orders"), people))
    slack.waits_for(
        lambda _: sum("Checking orders…" in m.text for m in slack.public()) == len(people), 2.9
    )
    ada.types("/slsdiag orders")  # when it was confirmed before, and cards stand
    slack.waits_for(lambda m: "Checking orders again." in m.text, 2.9)
    aws.latency = 0.0

    slack.waits_for(
        lambda _: (
            sum("orders is not reporting" in m.text and m.thread_ts is None for m in slack.public())
            == len(people)
        ),
        20,
    )
    assert Counter(call.operation for call in aws.calls)[CONFIGURATION] == 1


def test_where_the_bot_is_no_member_the_asker_is_told_why_there_is_no_report(
    ada, slack, nothing_is_left
):
    ada.types(f"/slsdiag {NAME}", channel="C0SECRET")

    said = wait_for_private(slack, "U0ADA", f"There is no function {NAME}")
    nothing_is_left()
    assert [m.channel for m in said] == ["C0SECRET"]
    assert slack.public() == []


def test_prefix_is_repeated_once_a_listing_has_a_match(ada, slack, nothing_is_left):
    assert "begin with zzz-secret" in ada.types("/slsdiag scan zzz-secret").text
    bob = Person(slack, "U0BOB", name="bob")
    assert "zzz-secret" not in bob.types("/slsdiag status").text
    slack.waits_for(lambda m: "Scan of one prefix: there are no functions" in m.text, 30)
    ada.types("/slsdiag scan ord")
    slack.waits_for(lambda m: m.text.startswith("Scan of ord*: 🟠 1 not reporting"), 30)

    nothing_is_left()
    assert named(slack, "zzz-secret") == []


def test_failed_scan_repeats_no_prefix(ada, slack, aws, nothing_is_left):
    aws.fail("lambda", "ListFunctions")
    ada.types("/slsdiag scan zzz-secret")
    slack.waits_for(lambda m: "Verified exactly" in m.text and m.buttons(), 30)

    nothing_is_left()
    assert named(slack, "zzz-secret") == []


@pytest.mark.parametrize(("prefix", "shown"), [("zzz-secret", "one prefix"), ("ord", "ord*")])
def test_prefix_of_a_digest_likewise(ada, slack, prefix, shown, nothing_is_left):
    ada.types(f"/slsdiag digest daily {FAR_OFF} Europe/Berlin {prefix}")
    ada.clicks(slack.waits_for(lambda m: "Keep it" in m.buttons())[0], "Keep it")
    slack.waits_for(lambda m: m.text.startswith(f"New digest of one prefix: daily {FAR_OFF}"))
    ada.types("/slsdiag digest now")
    slack.waits_for(lambda m: m.text.startswith(f"Digest of {shown}: the first scan"), 30)
    bob = Person(slack, "U0BOB", name="bob")

    assert f"of {shown}; next" in bob.types("/slsdiag digest list").text
    assert named(slack, "zzz-secret") == []
