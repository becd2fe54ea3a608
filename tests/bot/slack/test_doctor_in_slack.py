"""`/slsdiag doctor`: told to the caller alone, off the acknowledging path."""

from __future__ import annotations

import pytest

from bot.app.parser import Doctor, wanted
from bot.doctor.on_request import BEGUN, BUSY


@pytest.mark.parametrize("words", ["doctor", "DOCTOR", "<@U0BOT> doctor"])
def test_the_word(words):
    assert wanted(words) == Doctor()


def test_a_function_of_that_name_can_be_named():
    assert wanted("function:doctor").target.name == "doctor"


def test_a_command_is_told_at_once_then_by_the_response_url(ada, slack):
    response = ada.types("/slsdiag doctor")

    assert (response.status, response.text) == (200, BEGUN)
    report = slack.waits_for(lambda m: "slack_token" in m.text, timeout=60)[0]
    assert report.seen_by == "U0ADA"
    assert "ok       slack_scopes" in report.text
    assert "aws_role:prod" in report.text
    assert "aws_role:hidden" not in report.text  # an account of other channels
    assert slack.public() == []


def test_a_mention_is_answered_to_the_caller_alone(ada, slack):
    ada.mentions("doctor")
    report = slack.waits_for(lambda m: "slack_token" in m.text, timeout=60)[0]
    assert report.seen_by == "U0ADA"
    assert slack.public() == []


def test_one_examination_at_a_time(ada, slack, aws):
    aws.latency = 1.0
    said = [ada.types("/slsdiag doctor").text for _ in range(2)]
    assert said == [BEGUN, BUSY]
    aws.latency = 0.0
    slack.waits_for(lambda m: "slack_token" in m.text, timeout=60)
