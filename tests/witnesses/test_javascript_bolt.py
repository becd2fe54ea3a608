"""The official JavaScript Bolt runs an app against the fake Slack, unchanged."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bot.playground.workspace import Person, Workspace

APP = Path(__file__).with_name("app.mjs")


@pytest.fixture(params=["socket", "http"])
def slack(request, node):
    """With the app at work."""
    with Workspace() as workspace:
        process = subprocess.Popen(
            [node, APP],
            env=os.environ
            | {
                "MODE": request.param,
                "SLACK_BOT_TOKEN": workspace.bot_token,
                "SLACK_APP_TOKEN": workspace.app_token,
                "SLACK_SIGNING_SECRET": workspace.signing_secret,
                "SLACK_API_URL": workspace.api_url,
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        said, port = process.stdout.readline().split()
        assert said == "ready"
        if request.param == "http":
            workspace.delivery.http_url = f"http://127.0.0.1:{port}/slack/events"
        else:
            workspace.sockets.wait()
        yield workspace
        process.terminate()
        process.wait()
        process.stdout.close()


def test_command_answer_post_click_update(slack):
    ada = Person(slack)

    assert ada.types("/witness this").text == "heard this"
    assert slack.waits_for(lambda m: m.text == "answered this")[0].seen_by == "U0ADA"
    posted = slack.waits_for(lambda m: m.text == "posted this")[0]
    assert ada.clicks(posted, "Go").status == 200
    slack.waits_for(lambda m: m.ts == posted.ts and m.text == "clicked by U0ADA")
    assert slack.waits_for(lambda m: m.text == "1 message")[0].seen_by == "U0ADA"


def test_mention_is_answered_in_its_thread(slack):
    ada = Person(slack, zone="Asia/Tokyo")

    assert ada.mentions("hello").status == 200
    reply = slack.waits_for(lambda m: m.text == "Asia/Tokyo it is")[0]
    assert reply.thread_ts == slack.messages[0].ts


def test_refresh_loses_nothing(slack):
    if slack.delivery.http_url:
        pytest.skip("sockets only")
    ada = Person(slack)
    slack.sockets.refresh()
    slack.sockets.wait()

    assert ada.types("/witness again").text == "heard again"


def test_unsigned_request_is_refused(slack):
    if not slack.delivery.http_url:
        pytest.skip("HTTP only")
    slack.delivery.signing_secret = "another"

    assert Person(slack).types("/witness this").status == 401
