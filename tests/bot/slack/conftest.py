"""The real bot between a fake Slack and a fake AWS account, over sockets and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.playground.account import FakeAws
from bot.playground.account.patients import demo
from bot.playground.workspace import Person, Workspace
from bot.serving import Bot
from bot.serving_settings import serving_settings
from bot.settings import looking_settings
from bot.slack.manifest import SCOPES

ACCOUNTS = """{
    "prod": {"role_arn": "arn:aws:iam::999999999999:role/slsdiag", "external_id": "prod-of-ours",
             "channels": ["C0GENERAL"]},
    "hidden": {"role_arn": "arn:aws:iam::888888888888:role/slsdiag", "external_id": "hidden-of-ours",
               "channels": ["C0OTHER"]}
}"""


@pytest.fixture
def scopes() -> tuple[str, ...]:
    """What the app was installed with."""
    return SCOPES


@pytest.fixture
def slack(scopes: tuple[str, ...]) -> Iterator[Workspace]:
    with Workspace(scopes=scopes) as workspace:
        yield workspace


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def start_bot(
    aws: FakeAws, slack: Workspace, redis_url: str, redis: object, mode: str
) -> Iterator[Callable[..., Bot]]:
    """Starts a replica; all of them share the store."""
    demo(aws.account())
    aws.account("999999999999").trust("slsdiag", "prod-of-ours")
    running: list[Bot] = []

    def begin(**more: str) -> Bot:
        bot = Bot(
            serving_settings(
                {
                    "SLACK_BOT_TOKEN": slack.bot_token,
                    "SLACK_APP_TOKEN": slack.app_token,
                    "SLACK_SIGNING_SECRET": slack.signing_secret,
                    "SLACK_API_URL": slack.api_url,
                    "REDIS_URL": redis_url,
                    "SLSDIAG_MODE": mode,
                    "SLSDIAG_PORT": "0",
                    "SLSDIAG_ADMIN_PORT": "0",
                    **more,
                }
            ),
            looking_settings(
                {
                    "SLSDIAG_REGIONS": "eu-west-1,us-east-1,eu-central-1",
                    "SLSDIAG_ACCOUNTS": ACCOUNTS,
                }
            ),
        )
        bot.start()
        running.append(bot)
        if mode == "http":
            slack.delivery.http_url = f"http://127.0.0.1:{bot.port}/slack/events"
        else:
            slack.sockets.wait(len(running))
        return bot

    yield begin
    for each in running:
        each.stop()


@pytest.fixture
def settings() -> dict[str, str]:
    """The bot's settings, besides where everything is."""
    return {}


@pytest.fixture
def bot(start_bot: Callable[..., Bot], settings: dict[str, str]) -> Bot:
    return start_bot(**settings)


@pytest.fixture
def ada(slack: Workspace, bot: Bot) -> Person:
    """A member of the workspace, with the bot running."""
    return Person(slack)
