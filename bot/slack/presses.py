"""Who pressed what, and where: authorised anew each time."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from bot.diagnosis.model import Place
from bot.render import card

STRANGER = "I answer members of this workspace only."
STALE = "That button is of an earlier look; use the newest message."

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


def tell(client: WebClient, place: Place, said: card.Body) -> None:
    """Say it to one person alone."""
    client.chat_postEphemeral(
        channel=place.channel, user=place.user, thread_ts=place.thread_ts, **said
    )
