"""A function that is half remembered, or named by an alarm: always a question, never a guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.playground.account.demo_functions import REGION
from bot.slack.manifest import DIAGNOSE

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
THERE = f"{REGION} --account 123456789012"


@pytest.fixture
def listed(aws, ada, redis, until):
    """Add functions; return when the bot knows all names."""

    def listed(*names):
        for name in names:
            aws.account().region(REGION).function(name, modified_at=datetime.now(UTC))
        redis.delete(f"slsdiag:inventory:own/{REGION}")  # a last nudge of an earlier test
        ada.opens_home()
        version = f"slsdiag:inventory:own/{REGION}", "version"
        until(lambda: (redis.hget(*version) or "").endswith(" True"), 20)

    return listed


def offered(slack, words="Which function"):
    return list(slack.waits_for(lambda m: words in m.text and m.buttons())[-1].buttons())


def looks(aws):
    return [call for call in aws.calls if call.operation == "GetFunctionConfiguration"]


def test_half_remembered_words_are_a_question(ada, slack, aws, listed):
    listed("payment-webhook", "payment-cron")
    response = ada.types("/slsdiag webhook payment")

    assert "cannot be a function's name" in response.text
    assert offered(slack, "Did you mean one of these?")[0] == f"payment-webhook {THERE}"
    assert looks(aws) == []


def test_words_that_resemble_nothing_are_offered_as_one(ada, slack, aws, listed):
    listed("payment-webhook")
    ada.types("/slsdiag zzz qqq")

    assert offered(slack, "cannot be a function's name") == ["zzz-qqq", "zzz_qqq"]
    assert looks(aws) == []


def test_answering_the_question_looks(ada, slack, listed):
    listed("payment-webhook")
    ada.types("/slsdiag webhook payment")
    question = slack.waits_for(lambda m: "Did you mean one" in m.text)[0]
    ada.clicks(question, f"payment-webhook {THERE}")

    slack.waits_for(lambda m: "payment-webhook is not reporting" in m.text and not m.seen_by)


def test_alarm_names_its_function_region_and_account(ada, slack, aws, listed):
    listed("orders-worker")
    alarm = ada.says(
        'ALARM: "shop-errors" in EU (Ireland)\n- AWS Account: 123456789012\n'
        "- Dimensions: [FunctionName = orders-worker]"
    )
    ada.chooses(DIAGNOSE, alarm)

    assert offered(slack)[0] == f"orders-worker {THERE}"
    assert looks(aws) == []


def test_names_that_exist_come_before_those_that_do_not(ada, slack, listed):
    listed("orders-worker")
    ada.chooses(DIAGNOSE, ada.says("pull-request made order-workr and orders-worker slow"))
    buttons = offered(slack)

    assert buttons[0] == f"orders-worker {THERE}"
    assert "pull-request" in buttons


def test_pasted_alarm_is_a_question_too(ada, slack, aws):
    ada.types("/slsdiag ALARM shop-errors: FunctionName = orders in EU (Ireland)")

    assert offered(slack, "names a function") == [f"orders {REGION}"]
    assert looks(aws) == []


def test_contradicting_arn_is_still_refused(ada, slack):
    response = ada.types(f"/slsdiag arn:aws:lambda:{REGION}:123456789012:function:orders us-east-1")

    assert "The ARN names the region" in response.text


def test_plain_word_of_a_sentence_that_is_a_functions_name(ada, slack, listed):
    listed("refunds")
    ada.chooses(DIAGNOSE, ada.says("why is refunds so quiet today?"))

    assert offered(slack) == [f"refunds {THERE}"]


def test_plain_word_of_a_typed_sentence_that_is_a_functions_name(ada, slack, aws, listed):
    listed("refunds")
    ada.types("/slsdiag why is refunds so quiet today?")

    assert offered(slack, "Did you mean one of these?") == [f"refunds {THERE}"]
    assert looks(aws) == []
