"""The words that are no function: steps, accounts, and what may have been meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app.parser import ALONE, VERBS, Check, ScanWanted, wanted

pytestmark = pytest.mark.slow


def test_one_step_from_what_is_kept(ada, slack, aws):
    ada.types("/slsdiag orders")
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=20)
    asked = len(aws.calls)

    ada.types("/slsdiag step wrapper_set orders")
    card = slack.waits_for(lambda m: "❌ orders · Datadog owns the exec wrapper" in m.text)[0]

    assert "s ago" in str(card.blocks)
    assert len(aws.calls) <= asked + 1  # where it is, is asked anew
    ada.clicks(card, "Check again")
    slack.waits_for(lambda m: m.ts == card.ts and m.edits >= 2 and m.buttons())
    assert len(aws.calls) > asked + 10


def test_unknown_step_is_a_question(ada, slack):
    ada.types("/slsdiag step wrapper_sett orders")

    question = slack.waits_for(lambda m: "There is no step 'wrapper_sett'" in m.text)[0]
    assert question.seen_by == ada.user
    ada.clicks(question, "step wrapper_set orders")
    assert slack.waits_for(lambda m: "❌ orders · Datadog owns the exec wrapper" in m.text)


def test_slip_is_a_question_to_the_asker_alone(ada, slack):
    ada.types("/slsdiag chekout")

    question = slack.waits_for(lambda m: m.seen_by == ada.user and m.buttons())[0]
    assert "Did you mean checkout?" in question.text
    ada.clicks(question, "checkout")
    ada.clicks(question, "checkout")
    slack.waits_for(lambda m: "checkout is healthy" in m.text and not m.thread_ts)
    assert len([m for m in slack.public() if "checkout is healthy" in m.text and m.buttons()]) == 1


def test_name_that_is_nowhere_is_told_to_the_asker_alone(ada, slack, redis, until):
    """No card is posted, not even for a moment."""
    ada.types("/slsdiag zzzqqq")

    message = slack.waits_for(lambda m: "There is no function zzzqqq" in m.text)[0]
    assert message.seen_by == ada.user
    until(lambda: not redis.zcard("slsdiag:due"))
    assert slack.calls["chat.postMessage"] == 0


def test_where_nothing_may_be_deleted_nothing_has_to_be(ada, slack, redis, until):
    slack.store.keeps_all = True
    ada.types("/slsdiag zzzqqq")

    slack.waits_for(lambda m: m.seen_by == ada.user and "There is no function zzzqqq" in m.text)
    until(lambda: not redis.zcard("slsdiag:due"))
    assert slack.public() == []


def test_name_that_is_nowhere_is_told_in_the_thread_it_was_asked_in(ada, slack, until):
    question = ada.says("Is it broken?")
    ada.mentions("zzzqqq", thread=question.ts)

    message = slack.waits_for(lambda m: "There is no function zzzqqq" in m.text)[0]
    assert (message.seen_by, message.thread_ts) == (ada.user, question.ts)
    until(lambda: not [m for m in slack.public() if "zzzqqq: " in m.text])


def test_name_in_two_regions_is_a_question(ada, slack, aws, bot, monkeypatch):
    for region in ("us-east-1", "eu-central-1"):
        aws.account().region(region).function("twice", modified_at=datetime(2026, 1, 1, tzinfo=UTC))

    ada.types("/slsdiag twice")

    question = slack.waits_for(lambda m: m.seen_by == ada.user and m.buttons())[0]
    labels = list(question.buttons())
    assert labels == [
        "twice us-east-1 --account 123456789012",
        "twice eu-central-1 --account 123456789012",
    ]
    ada.clicks(question, labels[1])
    assert slack.waits_for(
        lambda m: m.text.startswith("twice: ") and "eu-central-1" in str(m.blocks)
    )


def test_log_group_is_a_question(ada, slack):
    ada.types("/slsdiag /aws/lambda/orders")

    question = slack.waits_for(lambda m: m.seen_by == ada.user and m.buttons())[0]
    ada.clicks(question, "orders")
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text)


def test_accounts_are_told(ada):
    response = ada.types("/slsdiag account")

    assert "the bot's own" in response.text
    assert "eu-west-1" in response.text
    assert "prod (999999999999)" in response.text
    assert "hidden" not in response.text


def test_arn_of_another_account_than_the_one_beside_it_is_refused(ada, aws):
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
    response = ada.types(f"/slsdiag {arn} --account prod")

    assert "The ARN names the account 123456789012" in response.text
    assert "999999999999" in response.text
    assert aws.calls == []


def test_account_of_another_channel_is_out_of_reach(ada, slack):
    ada.types("/slsdiag orders --account hidden")

    message = slack.waits_for(lambda m: "'hidden' is not configured (known: prod)" in m.text)[0]
    assert message.seen_by == ada.user


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("traige orders", "triage orders"),
        ("digets list", "digest list"),
        ("histroy orders", "history orders"),
    ],
)
def test_slip_in_a_command_is_a_question(text, command):
    said = wanted(text)

    assert "Did you mean" in said.text
    assert said.choices == (command,)


@pytest.mark.parametrize("verb", ["help", *ALONE, *VERBS])
def test_word_that_is_a_slip_away_from_a_command_may_be_either(verb):
    for typed in (f"{verb[:-2]}{verb[-1]}{verb[-2]}", f"{verb}z"):
        said = wanted(typed)
        assert said.choices == (verb, f"function:{typed}")
        assert verb in said.text
        assert typed in said.text
    assert isinstance(wanted(f"function:{verb}z"), Check)


@pytest.mark.parametrize("name", ["accounts", "orders", "scn", "status-page", "hello", "stopper"])
def test_name_that_resembles_a_command_is_checked_at_once(name):
    assert isinstance(wanted(name), Check)


def test_region_is_no_beginning_of_names():
    said = wanted("scan eu-west-1")

    assert "eu-west-1 is a region" in said.text
    assert said.choices == ("scan",)
    assert wanted("scan eu-west") == ScanWanted("eu-west")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("triage checkout eu-west-9", "'eu-west-9' is not an AWS region"),
        ("history arn:aws:lambda:eu-west-1:123456789012:function:x eu-west-2", "names the region"),
        ("scan bad.name", "'bad.name' cannot begin"),
        ("stop orders --account", "--account wants a name"),
        ("status orders", "status stands alone"),
        ("orders EU-WEST-1", "Did you mean eu-west-1?"),
    ],
)
def test_refusal_names_what_is_wrong_and_not_the_command(text, words):
    said = wanted(text)

    assert words in said.text
    assert "There is no command" not in said.text
    assert f"{text.split()[0]} {text.split()[1]}" not in " ".join(said.choices)


@pytest.mark.parametrize("text", ["orders --acount prod", "-v orders", "triage orders --regoin x"])
def test_option_that_is_none_is_named(text):
    said = wanted(text)

    assert next(word for word in text.split() if word.startswith("-")) in said.text
    assert "--account NAME" in said.text


@pytest.mark.parametrize(
    "text", ["traige <!channel>", "ghp_a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2 x"]
)
def test_slip_beside_hostile_words_is_not_repeated(text):
    said = wanted(text)

    assert said.choices == ()
    assert not {"<!channel>", "ghp_"} & set(said.text.split())
