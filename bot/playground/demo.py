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
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION
from bot.playground.account.demo_functions import demo as demo_account
from bot.playground.workspace import Person, Workspace
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings


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
def running() -> Iterator[Demo]:
    """Start everything; end everything."""
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
        bot = Bot(settings, read_aws_settings({}))
        try:
            bot.start()
            slack.sockets.wait()
            yield Demo(slack, aws, functions, Person(slack, "U0YOU", name="you"), bot.busy)
        finally:
            bot.stop()


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
