"""`slsdiag demo`: the bot at work in a fake Slack and a fake AWS account on this machine."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from bot.errors import Unreachable, UsageError

COMMAND = "/slsdiag"
ANSWERED_WITHIN, QUIET_FOR = 30.0, 0.7
"""Seconds: the longest that an answer may take, and the silence that ends it."""


def demo(
    once: Annotated[str, typer.Option(help="What a person types, as '/slsdiag orders'.")] = "",
) -> None:
    """
    Talk to the bot in a fake workspace; needs no account, no token and no network.

    Example: slsdiag demo --once '/slsdiag orders'
    """
    if once.split(" ")[0] != COMMAND:
        raise UsageError("Say what to ask, as in slsdiag demo --once '/slsdiag orders'.")
    from bot.logs import configure  # noqa: PLC0415 - these bring Slack, AWS and the store
    from bot.playground.demo import Demo, running  # noqa: PLC0415 - with it
    from bot.playground.transcript import transcript  # noqa: PLC0415 - with it
    from bot.playground.workspace.messages import GENERAL  # noqa: PLC0415 - with it

    configure("ERROR")

    def answered(played: Demo) -> None:
        """Until the bot has been silent for a moment, and no card is still looking."""
        ends_at = time.monotonic() + ANSWERED_WITHIN
        seen, since = -1, time.monotonic()
        while time.monotonic() < ends_at:
            said = sum(1 + each.edits for each in played.slack.messages)
            if said != seen:
                seen, since = said, time.monotonic()
            looking = any(": looking" in each.text for each in played.slack.messages)
            if not looking and time.monotonic() - since > QUIET_FOR:
                return
            time.sleep(0.05)
        raise Unreachable("The demo's bot did not answer in time; please try again.")

    with running() as played:
        typer.echo(f"you: {once}\n")
        played.you.types(once)
        answered(played)
        typer.echo(transcript(played.you, GENERAL))
        typer.echo(f"This is a fake account. Ask about any of: {', '.join(played.functions)}.")
