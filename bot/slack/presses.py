"""Who pressed what, and where: authorised anew each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.diagnosis.model import Place
from bot.render.blocks import Body
from bot.slack import who
from bot.slack.response_url import respond
from bot.tracing import carried

STRANGER = who.STRANGER
STALE = "That button is of an earlier look; use the newest message."

_TELLERS = ThreadPoolExecutor(4, thread_name_prefix="tell")
_ROOM = BoundedSemaphore(200)
"""For what waits to be told: under a flood the rest goes untold, and memory stays flat."""

log = structlog.get_logger(__name__)
Payload = dict[str, Any]


def pressed_at(body: Payload, home: str) -> Place:
    """Where it was pressed; without a team for whoever is not of ours."""
    user = body.get("user") or {}
    return Place(
        home if user.get("team_id") == home else "",
        (body.get("channel") or {}).get("id", ""),
        user.get("id", ""),
        thread_ts=(body.get("container") or {}).get("thread_ts"),
        response_url=body.get("response_url"),
    )


def tell(client: WebClient, place: Place, said: Body) -> None:
    """Say it to one person alone, in the background: Slack waits for our answer meanwhile."""
    if _ROOM.acquire(blocking=False):
        _TELLERS.submit(carried(_tell), client, place, said).add_done_callback(
            lambda _: _ROOM.release()
        )
    else:
        log.warning("not_told", error="too many wait")


def _tell(client: WebClient, place: Place, said: Body) -> None:
    try:
        client.chat_postEphemeral(
            channel=place.channel, user=place.user, thread_ts=place.thread_ts, **said
        )
    except SlackApiError as error:
        if place.response_url:  # it works where the bot is no member, too
            respond(place.response_url, said, client.base_url)
        else:
            log.warning("not_told", error=str(error.response.get("error")))
    except OSError as error:
        log.warning("not_told", error=type(error).__name__)
