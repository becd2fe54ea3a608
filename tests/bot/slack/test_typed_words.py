"""Each case of targets.yaml, typed in Slack: what the requester hears, and that AWS is not called."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.playground.workspace.controls import controls

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "targets.yaml").read_text())
STREAM = "0123456789abcdef0123456789abcdef"
pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)


@pytest.mark.parametrize("kind", ["ask", "refuse"])
def test_questions_and_refusals_come_before_any_call(ada, slack, aws, kind):
    for case in CASES[kind]:
        slack.messages.clear()
        ada.types(f"/slsdiag {case['text'].replace('STREAM', STREAM)}")
        (reply,) = slack.messages
        text = f"{reply.text} {reply.blocks}"

        assert reply.seen_by == ada.user, case
        assert "<!" not in text
        assert "secret" not in text
        if kind == "ask" and "function" in case:
            values = [each.element["value"] for each in controls(reply.blocks)]
            stated = [case.get(key) for key in ("qualifier", "region", "account")]
            assert all(word in values[0] for word in stated if word), case
    assert aws.calls == []


def test_the_questions_button_goes_on_where_the_link_led(ada, slack, aws):
    link = "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/orders"
    ada.types(f"/slsdiag {link}/aliases/live?tab=code")
    (question,) = slack.messages
    ada.clicks(question, "orders:live us-east-1")

    slack.waits_for(lambda m: "There is no function orders:live in us-east-1" in m.text)
