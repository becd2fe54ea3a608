"""`slsdiag manifest`: the Slack app, as Slack's app page takes it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.serving_settings import Mode
from bot.slack.manifest import document


def manifest(
    mode: Annotated[Mode, typer.Option(help="How Slack reaches the bot.")] = Mode.SOCKET,
) -> None:
    """
    Print the Slack app's manifest, as JSON.

    Example: slsdiag manifest --mode socket
    """
    typer.echo(json.dumps(document(mode), indent=2))
