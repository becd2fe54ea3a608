"""`slsdiag demo`: the bot at work in a fake Slack and a fake AWS account on this machine."""

from __future__ import annotations

import signal
import threading
import time
from typing import Annotated

import typer

from bot.errors import Unreachable, UsageError

COMMAND = "/slsdiag"
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
    from bot.logs import configure  # noqa: PLC0415 - these bring Slack, AWS and the store

    configure("ERROR")
    if once is not None:
        _print_conversation(once)
        return
    from bot.playground.page.serving import serve  # noqa: PLC0415 - with it

    serve(port, typer.echo)


def _print_conversation(once: str) -> None:
    if once.split(" ", maxsplit=1)[0] != COMMAND:
        raise UsageError("Say what to ask, as in slsdiag demo --once '/slsdiag orders'.")
    from bot.playground.demo import Demo, running  # noqa: PLC0415 - as above
    from bot.playground.transcript import transcript  # noqa: PLC0415 - as above
    from bot.playground.workspace.messages import GENERAL  # noqa: PLC0415 - as above

    def answered(played: Demo) -> None:
        """Until the bot has been silent for a moment, and no card is still looking."""
        ends_at = time.monotonic() + ANSWERED_WITHIN
        seen, since = -1, time.monotonic()
        while time.monotonic() < ends_at:
            if ended.is_set():
                raise KeyboardInterrupt
            said = sum(1 + each.edits for each in played.slack.messages)
            if said != seen:
                seen, since = said, time.monotonic()
            texts = [each.text for each in played.slack.messages]
            looking = any(": looking" in text for text in texts)
            looking |= bool(texts) and texts[-1].startswith("Looking at ")
            if not looking and time.monotonic() - since > QUIET_FOR:
                return
            time.sleep(0.05)
        raise Unreachable("The demo's bot did not answer in time; please try again.")

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):  # heard where the store is ended, too
        signal.signal(number, lambda *_: ended.set())
    with running() as played:
        typer.echo(f"you: {once}\n")
        played.you.types(once)
        answered(played)
        typer.echo(transcript(played.you, GENERAL))
        typer.echo(f"This is a fake account. Ask about any of: {', '.join(played.functions)}.")
