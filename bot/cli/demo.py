"""`slsdiag demo`: the bot at work in a fake Slack and a fake AWS account on this machine."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Unreachable, UsageError

if TYPE_CHECKING:
    from bot.playground.demo import Demo

COMMAND = "/slsdiag"
SOON = timedelta(seconds=5)
ANSWERED_WITHIN, QUIET_FOR = 30.0, 0.7
"""Seconds: the longest that an answer may take, and the silence that ends it."""


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The page's port.")] = 8765,
    once: Annotated[
        str | None, typer.Option(help="Print one conversation instead: '/slsdiag orders'.")
    ] = None,
) -> None:
    """
    Try the bot in a fake workspace, on a page; needs no account, no token and no network.

    Example: slsdiag demo
    """
    from bot.observability.logging import configure  # noqa: PLC0415 - these bring Slack, AWS and the store

    configure("ERROR")
    if once is not None:
        _print_conversation(once)
        return
    from bot.playground.page.serving import serve  # noqa: PLC0415 - with it

    serve(port, typer.echo)


def _print_conversation(once: str) -> None:
    if once.split(" ", maxsplit=1)[0] != COMMAND:
        raise UsageError("Begin with /slsdiag, as in slsdiag demo --once '/slsdiag orders'.")
    from bot.playground.demo import running  # noqa: PLC0415 - as above
    from bot.playground.transcript import transcript  # noqa: PLC0415 - as above
    from bot.playground.workspace.messages import GENERAL  # noqa: PLC0415 - as above

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):  # handled where the store is ended, too
        signal.signal(number, lambda *_: ended.set())
    with running() as demo:
        typer.echo(f"you: {once}\n")
        demo.you.types(once)
        _wait_for_answer(demo, ended)
        typer.echo(transcript(demo.you, GENERAL))
        typer.echo(f"This is a fake account. Ask about any of: {', '.join(demo.functions)}.")


def _wait_for_answer(demo: Demo, ended: threading.Event) -> None:
    """Until the bot has been silent for a moment, and has nothing to do soon."""
    ends_at = time.monotonic() + ANSWERED_WITHIN
    count, since = -1, time.monotonic()
    while time.monotonic() < ends_at:
        if ended.is_set():
            raise KeyboardInterrupt
        now = sum(1 + message.edits for message in demo.slack.messages)
        if now != count:
            count, since = now, time.monotonic()
        quiet = time.monotonic() - since > QUIET_FOR
        if quiet and not demo.busy(SOON):
            return
        time.sleep(0.05)
    raise Unreachable("The demo's bot did not answer in time; please try again.")
