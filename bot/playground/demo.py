"""
The demo: the real bot between a fake Slack and a fake AWS account, on this machine.

Nothing in it needs an account, a token or a network. The store is the embedded one, in a
folder that goes away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.playground.account import FakeAws
from bot.playground.account.patients import REGION
from bot.playground.account.patients import demo as demo_account
from bot.playground.workspace import Person, Workspace
from bot.serving import Bot
from bot.serving_settings import serving_settings
from bot.settings import looking_settings


@dataclass(frozen=True)
class Demo:
    """What is running, and what each function of the account suffers from."""

    slack: Workspace
    aws: FakeAws
    functions: Mapping[str, str]
    you: Person


@contextmanager
def running() -> Iterator[Demo]:
    """Start everything; end everything."""
    with FakeAws() as aws, Workspace() as slack, tempfile.TemporaryDirectory() as folder:
        functions = demo_account(aws.account())
        _only_the_fakes(aws)
        settings = serving_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "SLSDIAG_STATE_DIR": str(Path(folder)),
                "SLSDIAG_ADMIN_PORT": "0",
            }
        )
        bot = Bot(settings, looking_settings({}))
        try:
            bot.start()
            slack.sockets.wait()
            yield Demo(slack, aws, functions, Person(slack, "U0YOU", name="you"))
        finally:
            bot.stop()


def _only_the_fakes(aws: FakeAws) -> None:
    """Whatever account this machine can reach, the demo must not."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
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
