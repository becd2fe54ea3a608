"""What Slack says of the bot: who its token is, its scopes, its channels, its socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.proxy import proxy_for
from bot.slack.refusals import word

HELLO_WITHIN = 10.0
ANSWERED = 200


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is."""

    team: str
    user: str
    scopes: frozenset[str] | None
    """None where Slack did not say."""
    ahead: timedelta | None
    """By how much this machine's clock is ahead of Slack's."""
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack's own word, or the error's kind; `answered` when it was Slack who said so."""

    why: str
    answered: bool


def identity(client: WebClient) -> Identity | Refused:
    """By auth.test, which needs no scope."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return _refused(error)
    except OSError as error:
        return Refused(type(error).__name__, answered=False)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    scopes = _one(headers, "x-oauth-scopes")
    return Identity(
        team=str(answer.get("team") or answer.get("team_id")),
        user=str(answer.get("user") or answer.get("user_id")),
        scopes=None
        if scopes is None
        else frozenset(filter(None, map(str.strip, scopes.split(",")))),
        ahead=_ahead(_one(headers, "date")),
        team_id=str(answer.get("team_id") or ""),
    )


def reads(client: WebClient, channel: str) -> Refused | None:
    """Whether the bot is in the channel and may find its own messages there."""
    try:
        client.conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        return _refused(error)
    except OSError as error:
        return Refused(type(error).__name__, answered=False)
    return None


def hello(client: WebClient, app_token: str) -> int | Refused:
    """Open one more socket, wait for Slack's hello, close it at once; how many are open then."""
    try:
        url = str(client.apps_connections_open(app_token=app_token)["url"])
        return asyncio.run(_hello(url))
    except SlackApiError as error:
        return _refused(error)
    except (OSError, TimeoutError, aiohttp.ClientError, ValueError) as error:
        return Refused(type(error).__name__, answered=False)


def _refused(error: SlackApiError) -> Refused:
    """Slack answers with 200, except where it is in trouble, or asked too often."""
    response: Any = error.response
    return Refused(word(error), answered=response.status_code == ANSWERED)


async def _hello(url: str) -> int | Refused:
    async with (
        asyncio.timeout(HELLO_WITHIN),
        aiohttp.ClientSession() as session,
        session.ws_connect(url, proxy=proxy_for(url)) as socket,
    ):
        greeting = await socket.receive_json()
        if greeting.get("type") == "disconnect":
            return Refused(str(greeting.get("reason")), answered=True)
        if greeting.get("type") != "hello":
            raise ValueError
        return int(greeting.get("num_connections") or 0)


def _one(headers: Mapping[str, Any], name: str) -> str | None:
    value = headers.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return str(first) if first is not None else None


def _ahead(date: str | None) -> timedelta | None:
    try:
        return datetime.now(UTC) - parsedate_to_datetime(date) if date else None
    except (TypeError, ValueError):
        return None
