"""`slsdiag manifest`: the Slack app, as Slack's app page takes it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.errors import UsageError
from bot.serving_settings import Mode
from bot.slack.manifest import PLACEHOLDER, document, request_url

Url = Annotated[
    str | None,
    typer.Option(help="In HTTP mode: where Slack reaches the bot, as https://slsdiag.example.com."),
]


def manifest(
    mode: Annotated[Mode, typer.Option(help="How Slack reaches the bot.")] = Mode.SOCKET,
    url: Url = None,
) -> None:
    """
    Print the Slack app's manifest, as JSON.

    Example: slsdiag manifest --mode http --url https://slsdiag.example.com
    """
    if url and mode is Mode.SOCKET:
        raise UsageError("--url is where Slack sends requests in HTTP mode: add --mode http.")
    address = request_url(url) if url else PLACEHOLDER
    typer.echo(json.dumps(document(mode, address), indent=2))
