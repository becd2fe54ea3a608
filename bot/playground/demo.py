"""
The demo: the real bot between a fake Slack and a fake AWS account, on this machine.

Nothing in it needs an account, a token or a network. The store is the embedded one, in a
folder that goes away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.app.processes import Bot
from bot.conversation import Conversation
from bot.playground.account import FakeAws
from bot.playground.account.bus import watched
from bot.playground.account.demo_functions import REGION
from bot.playground.account.demo_functions import demo as demo_account
from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.messages import GENERAL
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.watch.parser import On

SETTLE = 10
"""Seconds that Dashboard gets here for its repair after a deployment; outside of the demo, 120."""
SHOWN_AFTER = timedelta(seconds=5)
"""Until CloudTrail's event history shows a change; at AWS it takes minutes."""


@dataclass(frozen=True)
class Demo:
    """What is running, and what each function of the account suffers from."""

    slack: Workspace
    aws: FakeAws
    functions: Mapping[str, str]
    you: Person
    busy: Callable[[timedelta], bool] = lambda _: False
    """Whether the bot does anything, or will within that time."""


@contextmanager
def running(*, watching: bool = False) -> Iterator[Demo]:
    """Start everything; end everything. `watching`: the channel hears of deployments."""
    with FakeAws() as aws, Workspace() as slack, tempfile.TemporaryDirectory() as folder:
        functions = demo_account(aws.account())
        fake_environment(aws)
        settings = serving_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "SLSDIAG_STATE_DIR": str(Path(folder)),
                "SLSDIAG_ADMIN_PORT": "0",
            }
        )
        bot = Bot(settings, read_aws_settings(_watching(aws) if watching else {}))
        try:
            bot.start()
            slack.sockets.wait()
            you = Person(slack, "U0YOU", name="you")
            if watching:
                bot.watches.answer(On(""), Conversation(you.team, GENERAL, you.user))
            yield Demo(slack, aws, functions, you, bot.busy)
        finally:
            bot.stop()


def _watching(aws: FakeAws) -> dict[str, str]:
    """The account gets a queue of events, and CloudTrail shows them sooner than it does."""
    aws.account().trail.delay = SHOWN_AFTER
    return {
        "SLSDIAG_EVENTS": watched(aws.account().region(REGION)),
        "SLSDIAG_WATCH_SETTLE": str(SETTLE),
        "SLSDIAG_AWS_RATE": "1",
    }


def fake_environment(aws: FakeAws) -> None:
    """Whatever account this machine can reach, the demo must not; nor does it need a proxy."""
    os.environ.update(NO_PROXY="*", no_proxy="*")
    for name in [variable for variable in os.environ if variable.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ENDPOINT_URL=aws.url,
        AWS_REGION=REGION,
        AWS_ACCESS_KEY_ID="demo",
        AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
