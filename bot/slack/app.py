"""
The Bolt app: it parses, saves and answers; workers do the rest.

`process_before_response` lets the answer leave when a listener returns, so a listener does no
more than one round trip to the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from bot.diagnosis.desk import Desk
from bot.diagnosis.model import Place
from bot.render.card import CHECK_AGAIN, escaped
from bot.slack.words import Check, Say, wanted

STRANGER = "I answer members of this workspace only."
OUR_FAULT = "I could not save that: my store is away. Please try again in a minute."
STALE = "That button is of an earlier look; use the newest card."

log = structlog.get_logger(__name__)
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """Who we are in Slack, asked once at the start."""

    team: str
    bot_user: str
    bot_id: str


def build(client: WebClient, home: Home, desk: Desk) -> App:
    """The app with every listener on it; requests are verified before they come here."""
    app = App(
        client=client,
        token_verification_enabled=False,
        request_verification_enabled=False,
        process_before_response=True,
        signing_secret="verified-before",  # noqa: S106 - no secret: see http.py
    )

    @app.command("/slsdiag")
    def command(ack: Ack, command: Payload) -> None:
        if command.get("team_id") != home.team:
            ack(STRANGER)
            return
        place = Place(
            command["team_id"],
            command["channel_id"],
            command["user_id"],
            response_url=command.get("response_url"),
        )
        ack(_opened(desk, command.get("text", ""), place, once=command["trigger_id"]))

    @app.event("app_mention")
    def mention(event: Payload, body: Payload, client: WebClient) -> None:
        if (event.get("user_team") or event.get("team") or body.get("team_id")) != home.team:
            return
        place = Place(home.team, event["channel"], event["user"], thread_ts=event.get("thread_ts"))
        said = _opened(desk, event.get("text", ""), place, once=body["event_id"])
        if not said.startswith("Looking at "):
            client.chat_postEphemeral(channel=place.channel, user=place.user, text=said)

    @app.action(CHECK_AGAIN)
    def again(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        user = body.get("user", {})
        known = user.get("team_id") == home.team
        id_, _, round_ = action["value"].partition(":")
        if known and round_.isdigit() and desk.again(id_, int(round_)):
            return
        channel = body.get("channel", {}).get("id", "")
        text = STALE if known else STRANGER
        client.chat_postEphemeral(channel=channel, user=user["id"], text=text)

    @app.error
    def explain(error: Exception, body: Payload) -> BoltResponse:
        log.error("listener_failed", error=type(error).__name__, kind=body.get("type", "command"))
        return BoltResponse(status=200, body=OUR_FAULT if "command" in body else "")

    return app


def _opened(desk: Desk, text: str, place: Place, *, once: str) -> str:
    """Save what was asked; the words for the asker alone."""
    match wanted(text):
        case Say(text=said):
            return escaped_lines(said)
        case Check(target=target):
            desk.open(target.spelled, target.region, target.account, place, once)
            return f"Looking at {escaped(target.spelled)}…"


def escaped_lines(text: str) -> str:
    """Several lines, each made safe."""
    return "\n".join(escaped(line) for line in text.split("\n"))
