"""A person types, the bot answers: over the wire, with nothing replaced but Slack and AWS."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta

import pytest
from slack_sdk.models.blocks import Block

from bot.playground.account.demo_functions import CANARIES, REGION
from bot.playground.workspace import Person
from checks.runbook import RUNBOOK


def root(slack, words):
    """The card, not a reply that repeats its headline."""
    return slack.waits_for(lambda m: words in m.text and m.buttons(), timeout=20)[0]


def window(slack, person):
    """What the window that a person opened says."""
    with slack.lock:
        assert slack.lock.wait_for(lambda: person.user in slack.store.views, 10)
        return str(slack.store.views[person.user]["blocks"])


def drawn(slack, card, round_):
    """The card, once it shows that round."""
    value = f":{round_}"
    return slack.waits_for(
        lambda m: m.ts == card.ts and any(b["value"].endswith(value) for b in m.buttons().values()),
        timeout=20,
    )[0]


READS = {
    "hash": lambda redis, key: redis.hgetall(key),
    "string": lambda redis, key: redis.get(key),
    "zset": lambda redis, key: redis.zrange(key, 0, -1),
    "list": lambda redis, key: redis.lrange(key, 0, -1),
    "set": lambda redis, key: redis.smembers(key),
    "none": lambda *_: "",
}


def test_command_becomes_a_card_with_its_steps_in_the_thread(ada, slack):
    response = ada.types("/slsdiag orders")

    assert (response.status, response.text) == (
        200,
        "Checking orders. The card appears in this channel.",
    )
    card = root(slack, "orders is not reporting")
    assert "belongs to Datadog" in card.text
    assert list(card.buttons()) == ["Guide me", "Check again", "All checks"]
    (summary,) = slack.waits_for(lambda m: m.thread_ts == card.ts)
    assert "checks passed: " in str(summary.blocks)
    ada.clicks(card, "All checks")
    assert all(step.title in window(slack, ada) for step in RUNBOOK)
    assert len(slack.public()) == 2


def test_every_message_passes_slacks_own_models_and_holds_no_secret(ada, slack, redis):
    for name in ("orders", "checkout", "billing"):
        ada.types(f"/slsdiag {name}")
    for name in ("orders", "checkout", "billing"):
        card = slack.waits_for(lambda m, name=name: f"{name} is " in m.text and m.buttons())[0]
        slack.waits_for(lambda m, card=card: m.thread_ts == card.ts)
    for message in slack.messages:
        for block in Block.parse_all(message.blocks):
            block.validate_json()
        assert not [c for c in CANARIES if c in message.text + str(message.blocks)]
    stored = "".join(
        str(READS[redis.type(key)](redis, key)) for key in redis.scan_iter("slsdiag:*")
    )
    assert "orders" in stored
    assert not [c for c in CANARIES if c in stored]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type /slsdiag my-function"),
        ("help", "Type /slsdiag my-function"),
        ("runbook", "Is the wrapper environment variable set?"),
        ("a/b", "cannot be a function's name"),
        ("<!channel>", "a link or a mention"),
        ("AKIAIOSFODNN7EXAMPLE", "looks like a secret"),
        ("/aws/lambda/checkout", "Did you mean the function checkout?"),
        ("digest list", "no digest in this channel yet"),
        ("digest daily 09:00 Berlin", "Did you mean Europe/Berlin?"),
    ],
)
def test_refusals_are_private_and_call_nothing(ada, slack, aws, text, words):
    response = ada.types(f"/slsdiag {text}")

    assert words in response.text
    assert response.seconds < 3  # Slack's limit
    assert "<!" not in response.text
    assert "AKIA" not in response.text
    assert aws.calls == []
    assert slack.public() == []


def test_refusal_of_aws_is_said_on_the_card_that_is_there(ada, aws, slack):
    """A name that no read has confirmed has none: test_confirmed_names.py."""
    ada.types("/slsdiag orders")
    card = root(slack, "orders is not reporting")
    aws.fail("lambda", "GetFunctionConfiguration", region=REGION)
    ada.clicks(card, "Check again")

    card = slack.waits_for(lambda m: "orders: could not be checked" in m.text)[0]
    assert "lambda:GetFunction" in card.text
    assert "Check again" in card.buttons()


def test_where_the_bot_is_no_member_the_asker_alone_is_told(ada, slack, monkeypatch):
    monkeypatch.setattr("bot.diagnosis.work.QUIET", 30.0)  # a busy machine reads slowly
    ada.types("/slsdiag orders", channel="C0SECRET")

    private = slack.waits_for(lambda m: "/invite @slsdiag" in str(m.blocks))[0]
    assert private.seen_by == ada.user
    assert "belongs to Datadog" in private.text
    assert "terraform-apply" in str(private.blocks), "it cannot be edited in later"
    assert list(private.buttons()) == ["All checks"]
    ada.clicks(private, "All checks")
    assert all(step.title in window(slack, ada) for step in RUNBOOK)
    assert slack.public() == []
    assert len([m for m in slack.messages if m.seen_by == ada.user and m.blocks]) == 1


def test_check_again_is_one_effect_for_many_clicks(ada, slack, aws):
    ada.types("/slsdiag orders")
    card = root(slack, "orders is not reporting")
    copy = deepcopy(card)
    aws.account().region("eu-west-1").functions["orders"]["$LATEST"]["Environment"]["Variables"][
        "AWS_LAMBDA_EXEC_WRAPPER"
    ] = "/opt/sls-sdk-node/exec-wrapper.sh"
    before = sum(call.operation == "GetFunctionConfiguration" for call in aws.calls)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: Person(slack, f"U{n}").clicks(copy, "Check again"), range(10)))
    slack.waits_for(
        lambda m: m.ts == card.ts and "belongs to Datadog" not in m.text and m.buttons()
    )

    after = sum(call.operation == "GetFunctionConfiguration" for call in aws.calls)
    assert after - before == 1
    ada.clicks(copy, "Check again")
    assert slack.waits_for(lambda m: m.seen_by == ada.user and "earlier check" in m.text)


def test_many_asks_at_once_share_one_gathering(ada, slack, aws):
    aws.latency = 0.3
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ada.types("/slsdiag orders"), range(10)))
    slack.waits_for(lambda _: sum(bool(m.buttons()) for m in slack.messages) == 10, timeout=15)

    assert sum(call.operation == "GetFunctionConfiguration" for call in aws.calls) == 1

    ada.types("/slsdiag orders")
    slack.waits_for(
        lambda _: sum(c.operation == "GetFunctionConfiguration" for c in aws.calls) == 2, timeout=15
    )


def test_new_request_checks_the_card_that_stands_again(ada, slack):
    ada.types("/slsdiag orders")
    card = root(slack, "orders is not reporting")
    slack.waits_for(lambda m: m.thread_ts == card.ts)
    edits = card.edits
    response = Person(slack, "U0BOB", name="bob").types("/slsdiag orders")

    assert "Checking orders again." in response.text
    assert f"/archives/{card.channel}/p{card.ts.replace('.', '')}|" in response.text
    slack.waits_for(lambda m: m.ts == card.ts and m.edits > edits and "not reporting" in m.text, 20)
    assert len(slack.public()) == 2

    ada.types("/slsdiag orders us-east-1")
    slack.waits_for(lambda m: m.seen_by == ada.user and "us-east-1" in m.text, timeout=20)


def test_check_again_edits_the_summary_and_posts_only_news(ada, slack, aws):
    ada.types("/slsdiag orders")
    card = root(slack, "orders is not reporting")
    (summary,) = slack.waits_for(lambda m: m.thread_ts == card.ts)
    ada.clicks(card, "Check again")
    slack.waits_for(lambda m: m.ts == summary.ts and m.edits == 1, timeout=20)
    assert len(slack.public()) == 2

    variables = aws.account().region("eu-west-1").functions["orders"]["$LATEST"]["Environment"]
    variables["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/sls-sdk-node/exec-wrapper.sh"
    ada.clicks(drawn(slack, card, 2), "Check again")
    slack.waits_for(lambda m: "✅ Fixed: Datadog owns the exec wrapper" in m.text, timeout=20)
    assert len(slack.public()) == 3


def test_mention_in_a_thread_is_answered_there(ada, slack):
    said = ada.says("orders shows no traces")
    ada.mentions("orders", thread=said.ts)

    card = root(slack, "orders is not reporting")
    assert card.thread_ts == said.ts


def test_stranger_gets_nothing(ada, slack, aws):
    stranger = Person(slack, "U0EVE", team="T0OTHER")
    response = stranger.types("/slsdiag orders")

    assert "members of this workspace" in response.text
    assert aws.calls == []


def test_dropped_answers_double_nothing(ada, slack, monkeypatch):
    """Slack took the message and hung up: the sender looks before it posts again."""

    import bot.slack.sender

    monkeypatch.setattr(bot.slack.sender, "SETTLES_IN", timedelta(seconds=0.5))
    slack.faults.dropped_after = 1.0
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    slack.faults.dropped_after = 0.0

    card = root(slack, "orders is not reporting")
    slack.waits_for(lambda m: m.thread_ts == card.ts, timeout=20)
    assert len([m for m in slack.public() if m.thread_ts is None]) == 1


def test_triage_that_is_asked_for_during_a_check_follows_it(ada, slack, aws):
    aws.latency = 0.5
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "Checking orders…" in m.text)
    ada.types("/slsdiag triage orders")

    slack.waits_for(lambda m: m.thread_ts and "I fixed it" in m.buttons(), timeout=20)


def test_slow_look_says_what_is_still_being_read(ada, slack, aws):
    aws.latencies["FilterLogEvents"] = 3.5  # the card is posted at once, and has three seconds
    ada.types("/slsdiag orders")

    card = slack.waits_for(lambda m: "Still reading: log" in m.text, timeout=10)[0]
    assert card.edits == 1
    slack.waits_for(lambda m: m.ts == card.ts and "orders is not reporting" in m.text, timeout=20)
    assert card.edits == 2
