"""A deployment as a channel hears of it: the real bot, by Socket Mode, on a real store and a fake account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app.processes import Bot
from bot.playground.account import bus
from bot.playground.account.demo_functions import REGION, healthy, healthy_account
from bot.playground.account.trail import composed, makers
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.store.due import WATCH, Due
from bot.watch.service import CHECKING

pytestmark = pytest.mark.slow
HOME = "123456789012"


@pytest.fixture
def ada(aws, slack, redis_url, redis):
    """A member of the workspace, with a bot that watches a small account."""
    account = aws.account()
    healthy_account(account, datetime.now(UTC))
    for name in ("shop-orders", "shop-carts"):
        healthy(account, name)
    bot = Bot(
        serving_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "REDIS_URL": redis_url,
                "SLSDIAG_ADMIN_PORT": "0",
            }
        ),
        read_aws_settings(
            {"SLSDIAG_EVENTS": bus.watched(account.region(REGION)), "SLSDIAG_WATCH_SETTLE": "2"}
        ),
    )
    bot.start()
    slack.sockets.wait(1)
    yield Person(slack)
    bot.stop()


def deployed(aws, *names):
    """By a stack: layers and variables are gone."""
    region, at = aws.account().region(REGION), datetime.now(UTC)
    for name in names:
        config = region.functions[name]["$LATEST"]
        config |= {"Layers": [], "LastModified": f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"}
        config["Environment"]["Variables"].clear()
        maker = makers.stack_of(makers.role(HOME, "deploy-prod"))
        bus.record(aws.account(), composed.updated(config, maker, at, {"layers": []}))
    bus.stack_deployed(region, "shop-prod", at)


def test_the_bot_speaks_by_itself_once_and_says_who(ada, aws, slack, redis, until):
    assert ada.types("/slsdiag watch on shop-").text.startswith("Watching functions that begin")
    until(lambda: (WATCH, f"{GENERAL}:shop-") not in dict(Due(redis).sweep(10)), 30)
    until(lambda: redis.exists(f"slsdiag:watch-states:{HOME}/{REGION}"), 30)

    deployed(aws, "shop-orders", "shop-carts")

    (message,) = slack.waits_for(lambda m: "2 not reporting after a deployment" in m.text, 30)
    assert message.channel == GENERAL
    assert "role deploy-prod (CloudFormation, stack shop-prod)" in str(message.blocks)
    assert len([m for m in slack.public(GENERAL) if "after a deployment" in m.text]) == 1
    ada.clicks(message, "I fixed it")
    assert slack.waits_for(lambda m: m.seen_by == ada.user and m.text == CHECKING)
    slack.waits_for(lambda m: m.ts == message.ts and "that it is fixed" in str(m.blocks), 30)
    assert "the last one" in ada.types("/slsdiag watch").text
    assert "No longer watching" in ada.types("/slsdiag watch off shop-").text
