"""`slsdiag serve`: the Slack bot, until it is told to stop."""

from __future__ import annotations

import signal
import threading

import typer

from bot.serving import Bot, slack_settings


def serve() -> None:
    """
    Serve Slack over HTTP at POST /slack/events, with SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.

    Example: SLSDIAG_PORT=3000 slsdiag serve
    """
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    bot = Bot(slack_settings())
    bot.start()
    typer.echo(f"slsdiag listens on port {bot.port}", err=True)
    ended.wait()
    bot.stop()
