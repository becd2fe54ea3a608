"""`slsdiag serve` and `slsdiag worker`: until a signal stops them."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import typer

from bot.serving_settings import Mode, ServingSettings, serving_settings
from bot.settings import read_aws_settings
from bot.termination import SIGNALS, Termination

if TYPE_CHECKING:
    from bot.app.processes import Bot, WorkerProcess


def serve() -> None:
    """
    Serve Slack: by Socket Mode, or over HTTP at POST /slack/events with SLSDIAG_MODE=http.

    Needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, in the environment or in a
    settings file. slsdiag setup writes one.

    Example: slsdiag serve --config slsdiag.toml
    """
    _end_cleanly()
    settings = _observed()
    from bot.app.processes import Bot  # noqa: PLC0415 - takes most of a second, and --help needs none

    bot = Bot(settings, read_aws_settings())
    where = "Socket Mode" if settings.mode is Mode.SOCKET else f"HTTP on port {bot.port}"
    _run(bot, f"slsdiag serves Slack by {where}; health on port {bot.admin_port}")


def worker() -> None:
    """
    Work on what bots with the same REDIS_URL saved; takes the bot's own settings.

    Example: REDIS_URL=redis://localhost:6379 slsdiag worker
    """
    _end_cleanly()
    settings = _observed()
    from bot.app.processes import WorkerProcess  # noqa: PLC0415 - likewise

    process = WorkerProcess(settings, read_aws_settings())
    _run(process, f"slsdiag works; health on port {process.admin_port}")


def _observed() -> ServingSettings:
    """The settings; from here on what happens is logged and counted."""
    from bot.observability import watchers  # noqa: PLC0415 - likewise
    from bot.observability.logging import configure  # noqa: PLC0415

    settings = serving_settings()
    configure(settings.log_level)
    watchers.begin()
    return settings


def _end_cleanly() -> None:
    """A signal during the start, too, ends the store that was started."""
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)


def _run(process: Bot | WorkerProcess, notice: str) -> None:
    termination = Termination()
    process.start()
    typer.echo(notice, err=True)
    termination.wait()
    process.stop()
