"""The real bot, served over HTTP, between a fake Slack and a fake AWS account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.playground.account import FakeAws
from bot.playground.account.patients import demo
from bot.playground.workspace import Person, Workspace
from bot.serving import Bot, slack_settings


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def ada(aws: FakeAws, slack: Workspace, redis_url: str, redis: object) -> Iterator[Person]:
    """A member of the workspace, with the bot running."""
    demo(aws.account())
    bot = Bot(
        slack_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "REDIS_URL": redis_url,
                "SLSDIAG_PORT": "0",
            }
        )
    )
    bot.start()
    try:
        yield Person(slack, bot.port)
    finally:
        bot.stop()
