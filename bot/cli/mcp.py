"""`slsdiag mcp`: the same answers for agents, by the Model Context Protocol."""

from __future__ import annotations

import os
import secrets
import sys
from functools import partial
from importlib.util import find_spec
from typing import Annotated

import typer

from bot.agents.calls import CALLS, Budgets
from bot.cli.profile import Profile, use
from bot.errors import UsageError
from bot.settings import PREFIX, reader

TOKEN, MOST_CALLS = "MCP_TOKEN", "MCP_CALLS"
"""Settings of this verb alone."""
SHORTEST = 16
"""Characters of a token."""


def mcp(
    http: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Serve HTTP on this port, not the standard streams."),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    profile: Profile = None,
) -> None:
    """
    Serve agents by the Model Context Protocol, read-only.

    Example: slsdiag mcp --http 8123
    """
    use(profile)
    budgets, token = Budgets(_calls()), _token()
    if find_spec("mcp") is None:
        raise UsageError("slsdiag mcp needs an extra: in slsdiag's checkout, pip install '.[mcp]'.")
    from bot.agents.transports import over_http, over_stdio  # noqa: PLC0415 - bring the SDK

    if http is None:
        _explain_silence()
        over_stdio(budgets)
    else:
        made = None if token else secrets.token_urlsafe(32)
        over_http(budgets, host, http, token or made or "", partial(_say, made))


def _calls() -> int:
    read = reader(os.environ)
    return read(MOST_CALLS, _positive, CALLS, "a whole number from 1 on")


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _token() -> str | None:
    """The one that is set; it is never repeated."""
    token = os.environ.get(PREFIX + TOKEN)
    if token is not None and len(token.strip()) < SHORTEST:
        raise UsageError(f"{PREFIX}{TOKEN} must have at least {SHORTEST} characters.")
    return token.strip() if token else None


def _explain_silence() -> None:
    """To somebody who typed the command: a client would start it itself."""
    if sys.stdin is not None and sys.stdin.isatty():
        typer.echo("Waiting for a client on standard input. Ctrl-C stops.", err=True)


def _say(made: str | None, address: str) -> None:
    """On standard error. A token that was made for this start is shown once, to be passed on."""
    if made:
        typer.echo(f"Bearer token, for this start only: {made}", err=True)
    typer.echo(f"Listening on {address}", err=True)
