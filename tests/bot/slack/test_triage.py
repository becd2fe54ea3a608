"""The guided triage as people live it: the real bot, by Socket Mode, on a real store."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.account.demo_functions import NODE, REGION, FakeFunction
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
AGAIN = "Checks again by itself: "
OURS = "/opt/sls-sdk-node/exec-wrapper.sh"


@pytest.fixture
def bob(slack, bot):
    return Person(slack, "U0BOB", name="bob", zone="America/New_York")


@pytest.fixture
def prompt(slack):
    """The newest message with these words, once it has buttons."""

    def wait(words, timeout=15):
        return slack.waits_for(lambda m: words in m.text and m.buttons(), timeout=timeout)[-1]

    return wait


@pytest.fixture
def said(slack):
    """All that the bot said in threads, oldest first."""
    return lambda: [m.text for m in slack.public() if m.thread_ts]


def function(aws, name="orders"):
    return aws.account().region(REGION).functions[name]["$LATEST"]


def fix(aws, name="orders"):
    function(aws, name)["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] = OURS
    reports(aws, name)


def reports(aws, name):
    """It is invoked, and logs a payload."""
    account = aws.account()
    FakeFunction(account, name, NODE).log(
        FakeFunction(account, name, NODE).payload(), ago=timedelta()
    )
    account.region(REGION).invoked(name, datetime.now(UTC))


def age_stack(aws, seconds_left, deleted=False):
    """The stack's wait has so many seconds to go."""
    now = datetime.now(UTC)
    aws.account().region("us-east-1").stacks.clear()
    wait = timedelta(minutes=20 if deleted else 10)
    if deleted:
        aws.account().stack(
            now - timedelta(days=9), "DELETE_COMPLETE", deleted_at=now - timedelta(minutes=25)
        )
    aws.account().stack(now - wait + timedelta(seconds=seconds_left))


def to_the_cause(person, prompt, target="orders"):
    """The evidence proves it, so nothing is asked."""
    person.types(f"/slsdiag triage {target}")
    return prompt(f"{target} · Datadog owns the exec wrapper")


def until_of(message):
    """The end of the wait, in seconds since 1970."""
    said = text_of(message).partition("Checks again by itself: ")[2]
    return int(re.search(r"'timestamp': (\d+)", said)[1])


def text_of(message):
    return f"{message.text} {message.blocks}"


def test_triage_goes_through_to_the_summary(ada, bob, slack, aws, prompt, said):
    stuck = to_the_cause(ada, prompt)
    assert "belongs to Datadog" in stuck.text
    assert list(stuck.buttons()) == ["I fixed it", "Something else…", "Skip", "Stop"]
    card = next(m for m in slack.public() if m.thread_ts is None)
    slack.waits_for(lambda m: m.ts == card.ts and "is fixing this" in text_of(m))
    assert said()[-1] == stuck.text  # the newest message of the thread

    bob.clicks(stuck, "I fixed it")
    slack.waits_for(lambda m: m.ts == stuck.ts and "Checks every 30 s" in text_of(m))
    slack.waits_for(lambda m: m.ts == card.ts and "Waiting for the first payload" in text_of(m))
    fix(aws)
    bob.clicks(slack.waits_for(lambda m: m.ts == stuck.ts and m.buttons())[0], "Check again")
    summary = slack.waits_for(lambda m: "orders: triage" in m.text, timeout=20)[0]
    assert "Found" in text_of(summary)
    assert re.search(r"'Fixed '.*'user_id': 'U0BOB'", text_of(summary))
    fixed = slack.waits_for(
        lambda m: m.ts == card.ts and "orders is healthy" in m.text and m.buttons(), 20
    )[0]
    assert "✅ Fixed" in text_of(fixed)
    assert list(fixed.buttons()) == ["Check again", "All checks"]
    assert "orders is healthy" in ada.types("/slsdiag history orders").text
    assert len(slack.public()) == 4  # card, summary of the checks, prompt, end

    ada.clicks(summary, "Text for support")
    with slack.lock:
        assert slack.lock.wait_for(lambda: ada.user in slack.store.views, 10)
    support = str(slack.store.views[ada.user])
    assert "********9012" in support
    assert "123456789012" not in support
    assert len([t for t in said() if "orders: triage" in t]) == 1


def test_guide_me_begins_one_triage_for_ten_clicks(ada, slack, prompt):
    ada.types("/slsdiag checkout")
    card = prompt("checkout is healthy")
    assert "Guide me" in card.buttons()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ada.clicks(card, "Guide me"), range(10)))
    first = prompt("What is missing")
    time.sleep(1)

    assert first.thread_ts == card.ts
    assert len([m for m in slack.public() if "What is missing" in m.text]) == 1


def test_ten_clickers_on_two_replicas_have_one_effect(ada, slack, start_bot, prompt, said):
    start_bot()
    people = [Person(slack, f"U0P{n}", name=f"p{n}") for n in range(10)]
    ada.types("/slsdiag triage checkout")
    asked = prompt("What is missing")
    stale = deepcopy(asked)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda person: person.clicks(stale, "Traces"), people))
    prompt("this function only")
    slack.waits_for(lambda m: "summary of the checks" in m.text)
    before = len(said())
    late = [ada.clicks(stale, "Metrics") for _ in range(3)]
    slack.waits_for(lambda m: m.seen_by == "U0ADA" and "earlier check" in m.text)
    time.sleep(1)

    assert all(response.status == 200 for response in late)
    assert len(said()) == before
    assert len([t for t in said() if "this function only" in t]) == 1
    chosen = slack.waits_for(lambda m: m.ts == asked.ts and not m.buttons())[0]
    slack.waits_for(lambda m: m.ts == asked.ts and "'text': 'Traces'" in text_of(m))
    assert len(re.findall(r"'user_id': 'U0P\d'", text_of(chosen))) == 1
    notices = [m for m in slack.messages if m.seen_by and "earlier check" in m.text]
    assert len(notices) == 9 + 3


def test_stranger_moves_nothing(ada, slack, prompt, said):
    ada.types("/slsdiag triage checkout")
    asked = prompt("What is missing")
    slack.waits_for(lambda m: "summary of the checks" in m.text)
    stranger = Person(slack, "U0EVE", team="T0OTHER", name="eve")
    before = said()
    for label in ("Traces", "Stop"):
        stranger.clicks(asked, label)
    slack.waits_for(lambda m: m.seen_by == "U0EVE" and "members of this workspace" in m.text)
    time.sleep(0.5)

    assert said() == before
    assert "Traces" in asked.buttons()


def test_report_that_waits_comes_back_by_itself_once_and_not_early(ada, slack, aws, prompt, said):
    age_stack(aws, seconds_left=5)
    ada.types("/slsdiag orders")
    card = prompt("orders is waiting")
    assert list(card.buttons()) == ["Stop", "Check again", "All checks"]
    begins = prompt("orders · waiting: ")
    waits = slack.waits_for(lambda m: m.thread_ts == card.ts and AGAIN in text_of(m))[0]
    until = until_of(waits)
    assert set(waits.buttons()) == {"Check again", "Wait 10 min", "Remind only me", "Stop"}
    assert begins

    over = slack.waits_for(
        lambda m: m.thread_ts == card.ts and "orders · Datadog" in m.text, timeout=20
    )[0]
    time.sleep(2)

    assert 0 <= float(over.ts) - until < 8
    assert len([t for t in said() if "orders · Datadog" in t]) == 1
    assert "invoke the function now" in over.text
    assert "The wait is over." in text_of(waits)
    assert not waits.buttons()


def test_twenty_minutes_where_a_stack_was_deleted_lately(ada, slack, aws, prompt):
    age_stack(aws, seconds_left=600, deleted=True)
    ada.types("/slsdiag orders")
    prompt("orders is waiting")
    waits = slack.waits_for(lambda m: AGAIN in text_of(m))[0]

    until = until_of(waits)
    assert abs(until - time.time() - 600) < 10


def test_stop_on_the_card_ends_the_wait(ada, slack, aws, prompt):
    age_stack(aws, seconds_left=300)
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: AGAIN in text_of(m))
    assert "until" in ada.types("/slsdiag status").text
    ada.clicks(prompt("orders is waiting"), "Stop")
    slack.waits_for(lambda m: "orders: triage stopped" in m.text)

    assert "nothing waits" in ada.types("/slsdiag status").text


def test_reminder_for_one_alone(ada, bob, slack, aws, prompt, said):
    age_stack(aws, seconds_left=6)
    ada.types("/slsdiag orders")
    waits = slack.waits_for(lambda m: AGAIN in text_of(m))[0]
    bob.clicks(waits, "Remind only me")
    slack.waits_for(lambda m: m.seen_by == "U0BOB" and "direct message" in m.text)
    before = len(said())
    ada.clicks(slack.waits_for(lambda m: m.ts == waits.ts)[0], "Remind only me")
    slack.waits_for(lambda m: m.ts == waits.ts and "<@U0BOB> and <@U0ADA>" in text_of(m))
    reminders = slack.waits_for(lambda m: m.channel == "DU0BOB", timeout=20)
    slack.waits_for(lambda m: m.channel == "DU0ADA", timeout=5)
    time.sleep(1)

    assert len(reminders) == 1
    assert "the wait is over" in reminders[0].text
    assert len(said()) == before
    assert slack.waits_for(lambda m: m.ts == waits.ts and "orders · Datadog" in m.text)


def test_wait_ten_minutes_more(ada, slack, prompt):
    stuck = to_the_cause(ada, prompt)
    ada.clicks(stuck, "I fixed it")
    watched = slack.waits_for(lambda m: m.ts == stuck.ts and "Wait 10 min" in m.buttons(), 15)[0]
    ada.clicks(watched, "Wait 10 min")
    waits = slack.waits_for(lambda m: AGAIN in text_of(m))[0]

    until = until_of(waits)
    assert abs(until - time.time() - 600) < 10


def test_something_else_is_redacted_before_it_is_stored(ada, slack, redis, prompt):
    secret = "AKIAIOSFODNN7EXAMPLE"
    ada.types("/slsdiag triage checkout")
    ada.clicks(prompt("What is missing"), "Both")
    ada.clicks(prompt("this function only"), "Only this one, always")
    ada.clicks(prompt("an error beside this function"), "Something else…")
    deadline = time.monotonic() + 5
    while "U0ADA" not in slack.store.views and time.monotonic() < deadline:
        time.sleep(0.05)
    ada.submits(
        text=f"AccessDenied: not authorized to perform logs:PutSubscriptionFilter, key {secret}"
    )

    stuck = prompt("[removed]")
    assert "I fixed it" in stuck.buttons()
    assert secret not in "".join(text_of(m) for m in slack.messages if m.user != "U0ADA")
    stored = "".join(str(redis.hgetall(k)) for k in redis.scan_iter("slsdiag:*", _type="hash"))
    assert "[removed]" in stored
    assert secret not in stored


def test_skip_walks_past(ada, slack, prompt):
    stuck = to_the_cause(ada, prompt)
    ada.clicks(stuck, "Skip")
    slack.waits_for(lambda m: m.ts == stuck.ts and "'text': 'Skipped'" in text_of(m))

    asked = slack.waits_for(
        lambda m: float(m.ts) > float(stuck.ts) and m.thread_ts and m.user == "U0SLSDIAG"
    )
    assert asked


def test_second_command_on_the_same_function_offers_the_open_triage(ada, bob, slack, prompt):
    to_the_cause(ada, prompt)
    bob.types("/slsdiag orders eu-west-1")
    card = slack.waits_for(
        lambda m: "orders is not reporting" in m.text and "triage of it is under way" in text_of(m),
        15,
    )[0]
    first = next(m for m in slack.public(GENERAL) if m.thread_ts is None)

    assert card.thread_ts is None
    assert list(card.buttons()) == ["Join the triage", "Check again", "All checks"]
    assert first.ts.replace(".", "") in card.buttons()["Join the triage"]["url"]
    assert bob.clicks(card, "Join the triage").status == 200


def test_second_triage_of_the_same_function_joins_the_first(ada, bob, slack, prompt, said):
    to_the_cause(ada, prompt)
    before = said()
    bob.types("/slsdiag triage orders eu-west-1")
    slack.waits_for(lambda m: "triage of it is under way" in text_of(m), 15)
    time.sleep(0.5)

    assert [t for t in said() if "orders · " in t] == [t for t in before if "orders · " in t]


def test_ask_while_a_wait_is_armed_joins_it(ada, bob, slack, aws, said):
    age_stack(aws, seconds_left=300)
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: AGAIN in text_of(m))
    bob.types("/slsdiag orders eu-west-1")
    card = slack.waits_for(lambda m: "triage of it is under way" in text_of(m), 15)[0]

    assert list(card.buttons()) == ["Join the triage", "Stop", "Check again", "All checks"]
    assert ada.types("/slsdiag status").text.count("orders: waiting") == 1
    assert len([t for t in said() if "orders · waiting" in t]) == 1
    bob.clicks(card, "Stop")
    summary = slack.waits_for(lambda m: "orders: triage stopped" in m.text)[0]
    assert "'user_id': 'U0BOB'" in text_of(summary)


def test_check_again_on_a_card_that_waits_keeps_its_wait(ada, slack, aws, said):
    age_stack(aws, seconds_left=300)
    ada.types("/slsdiag orders")
    waits = slack.waits_for(lambda m: AGAIN in text_of(m))[0]
    card = next(m for m in slack.public() if m.thread_ts is None)
    edits = card.edits
    ada.clicks(card, "Check again")
    slack.waits_for(
        lambda m: m.ts == card.ts and m.edits > edits and "Check again" in m.buttons(), timeout=15
    )
    time.sleep(1)

    assert len([t for t in said() if "orders · waiting" in t]) == 1
    assert ada.types("/slsdiag status").text.count("orders: waiting") == 1
    ada.clicks(card, "Stop")
    summary = slack.waits_for(lambda m: "orders: triage stopped" in m.text)[0]
    assert summary.thread_ts == waits.thread_ts == card.ts


def test_guide_me_on_two_cards_of_one_function_opens_one(ada, bob, slack):
    """One was asked for with its region, so each has a card of its own."""

    def guiding():
        return [m for m in slack.public() if "Guide me" in m.buttons()]

    ada.types("/slsdiag orders")
    bob.types("/slsdiag orders eu-west-1")
    slack.waits_for(lambda _: len(guiding()) == 2, timeout=15)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person, card: person.clicks(card, "Guide me"), (ada, bob), guiding()))
    slack.waits_for(lambda m: m.seen_by and "under way in this channel" in m.text)
    slack.waits_for(lambda m: "orders · Datadog" in m.text)
    time.sleep(1)

    assert len([m for m in slack.public() if "orders · Datadog" in m.text]) == 1


@pytest.mark.parametrize("by", ["command", "button"])
def test_stop_does_not_wait_for_a_look(ada, slack, aws, prompt, by):
    stuck = to_the_cause(ada, prompt)
    aws.latency = 6.0
    kept = deepcopy(stuck)
    ada.clicks(stuck, "I fixed it")
    began = time.monotonic()
    if by == "command":
        assert "Stopped the triage of orders" in ada.types("/slsdiag stop").text
    else:
        ada.clicks(kept, "Stop")
    slack.waits_for(lambda m: "orders: triage stopped" in m.text)

    assert time.monotonic() - began < aws.latency
    assert "No triage is open" in ada.types("/slsdiag status").text
    aws.latency = 0.0
    time.sleep(1)
    assert len([m for m in slack.public() if "orders: triage" in m.text]) == 1


def test_what_fails_again_and_again_ends_with_a_sentence(ada, slack, aws, redis, until):
    age_stack(aws, seconds_left=3)
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: AGAIN in text_of(m))
    waiting = [member for member in redis.zrange("slsdiag:due", 0, -1) if "triage:" in member]
    redis.hset("slsdiag:tries", waiting[0], 10)

    summary = slack.waits_for(lambda m: "orders: triage stopped" in m.text, timeout=15)[0]
    assert "again and again" in text_of(summary)
    until(lambda: redis.zscore("slsdiag:parked", waiting[0]))


def test_function_deleted_meanwhile_ends_it(ada, slack, aws, prompt):
    stuck = to_the_cause(ada, prompt)
    del aws.account().region(REGION).functions["orders"]
    ada.clicks(stuck, "I fixed it")

    summary = slack.waits_for(lambda m: "orders: triage stopped" in m.text, timeout=15)[0]
    assert "no function orders" in summary.text


def test_channel_archived_meanwhile_loses_nothing_else(ada, slack, prompt):
    slack.store.channel("C0SHORT", "short", "U0SLSDIAG", "U0ADA")
    ada.types("/slsdiag orders", channel="C0SHORT")
    card = slack.waits_for(lambda m: m.channel == "C0SHORT" and "Guide me" in m.buttons())[0]
    slack.store.channels["C0SHORT"].archived = True
    ada.clicks(card, "Guide me")
    time.sleep(1)
    calls = slack.calls["chat.postMessage"]
    ada.types("/slsdiag orders")
    prompt("orders is not reporting")
    time.sleep(2)

    assert not [m for m in slack.messages if m.channel == "C0SHORT" and "missing" in m.text]
    assert slack.calls["chat.postMessage"] - calls < 8


def test_channel_archived_during_a_wait_is_told_to_who_waits(ada, bob, slack, aws):
    slack.store.channel("C0SHORT", "short", "U0SLSDIAG", "U0ADA", "U0BOB")
    age_stack(aws, seconds_left=5)
    ada.types("/slsdiag orders", channel="C0SHORT")
    slack.waits_for(lambda m: m.channel == "C0SHORT" and AGAIN in text_of(m))
    slack.store.channels["C0SHORT"].archived = True
    messages = slack.waits_for(lambda m: m.channel == "DU0ADA", timeout=20)

    assert "orders: triage stopped" in messages[0].text
    assert "may not post in this channel" in text_of(messages[0])
    assert "No triage is open" in ada.types("/slsdiag status", channel="C0SHORT").text


def test_first_telemetry_after_a_fix_is_waited_for(ada, slack, aws, prompt):
    """The log shows lines late: after *Check again* the bot looks by itself, and says how long."""
    aws.account().region(REGION).groups["/aws/lambda/checkout"].events.clear()
    ada.types("/slsdiag triage checkout")
    ada.clicks(prompt("What is missing"), "Traces")
    ada.clicks(prompt("this function only"), "Only this one, always")
    ada.clicks(prompt("an error beside this function"), "No error")
    stuck = slack.waits_for(lambda m: "I fixed it" in m.buttons(), 15)[-1]
    ada.clicks(stuck, "I fixed it")
    slack.waits_for(lambda m: "Checks every 30 s" in text_of(m))
    reports(aws, "checkout")
    summary = slack.waits_for(lambda m: "checkout: triage done" in m.text, timeout=40)[0]

    assert re.search(r"It took \d+ s\.", text_of(summary))


def test_status_history_and_stop(ada, bob, slack, prompt):
    assert "No triage is open" in ada.types("/slsdiag status").text
    to_the_cause(ada, prompt)
    assert "orders: stuck" in bob.types("/slsdiag status").text
    assert "orders is not reporting" in bob.types("/slsdiag history orders").text
    assert "orders is not reporting" in bob.types("/slsdiag history orders eu-west-1").text
    assert "There is no report of orders" in bob.types("/slsdiag history orders us-east-1").text
    assert "There is no report of checkout" in bob.types("/slsdiag history checkout").text
    assert "Stopped the triage of orders" in bob.types("/slsdiag stop").text
    summary = slack.waits_for(lambda m: "orders: triage stopped" in m.text)[0]
    assert "'user_id': 'U0BOB'" in text_of(summary)
    assert "No triage is open" in ada.types("/slsdiag stop orders").text


def test_mention_in_a_thread_guides_there(ada, slack, prompt):
    root = ada.says("orders is blind")
    ada.mentions("triage orders", thread=root.ts)
    asked = prompt("orders · Datadog")

    assert asked.thread_ts == root.ts


def test_shortcut_asks_which_function_a_message_names(ada, slack, prompt):
    alarm = ada.says("ALARM for `orders`, see /aws/lambda/checkout")
    ada.chooses("diagnose", alarm)
    asked = slack.waits_for(lambda m: m.seen_by == "U0ADA" and "Which function" in m.text)[0]
    assert list(asked.buttons()) == ["checkout", "orders"]
    ada.clicks(asked, "orders")
    assert prompt("orders is not reporting").channel == GENERAL

    ada.chooses("diagnose", ada.says("hello"))
    slack.waits_for(lambda m: m.seen_by == "U0ADA" and "names no function" in m.text)
    stranger = Person(slack, "U0EVE", team="T0OTHER", name="eve")
    stranger.chooses("diagnose", alarm)
    slack.waits_for(lambda m: m.seen_by == "U0EVE" and "members of this workspace" in m.text)


def test_message_of_another_app_with_our_marker_is_not_believed(ada, slack, monkeypatch):
    """It copies the metadata into the same channel: the sender still posts its own."""
    import bot.slack.sender

    monkeypatch.setattr(bot.slack.sender, "SETTLES_IN", timedelta(seconds=0.5))
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    card = slack.waits_for(lambda m: "Checking orders…" in m.text)[0]
    with slack.lock:
        slack.store.all.remove(card)
        slack.store.keep(
            GENERAL, "U0EVILAPP", text=card.text, blocks=card.blocks, metadata=card.metadata
        )
    slack.faults.dropped_after = 0.0

    assert slack.waits_for(
        lambda m: m.user == "U0SLSDIAG" and "orders is not reporting" in m.text, 20
    )
