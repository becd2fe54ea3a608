"""The real bot between a fake Slack and a fake AWS account, over sockets and over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dramatiq.worker import WorkerThread

from bot.app.processes import Bot
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import demo
from bot.playground.workspace import Person, Workspace
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.slack.manifest import SCOPES

RUN = "import sys; from bot.cli import main; sys.exit(main())"
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


@pytest.fixture(params=["socket", pytest.param("http", marks=pytest.mark.slow)])
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
            read_aws_settings(
                {
                    "SLSDIAG_REGIONS": "eu-west-1,us-east-1,eu-central-1",
                    "SLSDIAG_ACCOUNTS": ACCOUNTS,
                    "SLSDIAG_OWNER_TAG": "team",
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
    for thread in [each for each in threading.enumerate() if isinstance(each, WorkerThread)]:
        thread.join(30)  # else it works on in the next test's store
        assert not thread.is_alive()


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


@pytest.fixture
def start_process(
    aws: FakeAws, slack: Workspace, redis_url: str, redis: object, tmp_path: Path
) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], Path]]]:
    """Start a verb as a process; what it says goes to the file that is returned beside it."""
    demo(aws.account())
    running: list[subprocess.Popen[bytes]] = []

    def begin(verb: str, **more: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = tmp_path / f"{verb}{len(running)}.log"
        environment = os.environ | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "SLSDIAG_ADMIN_PORT": "0",
            "SLSDIAG_STATE_DIR": str(tmp_path / "state"),
            **more,
        }
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", RUN, verb],
                env={name: value for name, value in environment.items() if value},
                stderr=file,
            )
        running.append(process)
        return process, log

    yield begin
    for process in running:
        process.kill()
        process.wait()
