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
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.diagnosis.desk import Desk
from bot.diagnosis.model import Place
from bot.looking import Reach
from bot.render import card
from bot.slack.words import Accounts, Check, Say, wanted

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


def build(client: WebClient, home: Home, desk: Desk, reach: Reach) -> App:
    """The app with every listener on it; requests are verified before they come here."""
    us = AuthorizeResult(
        enterprise_id=None,
        team_id=home.team,
        bot_user_id=home.bot_user,
        bot_id=home.bot_id,
        bot_token=client.token,
    )
    app = App(
        client=client,
        authorize=lambda: us,  # without it, the first request waits for Slack to say who we are
        request_verification_enabled=False,
        process_before_response=True,
        signing_secret="verified-before",  # noqa: S106 - no secret: see http.py
    )

    @app.command("/slsdiag")
    def command(ack: Ack, command: Payload) -> None:
        if command.get("team_id") != home.team:
            ack(STRANGER)
            return
        url = command.get("response_url")
        place = Place(home.team, command["channel_id"], command["user_id"], response_url=url)
        ack(**_opened(desk, reach, command.get("text", ""), place, command["trigger_id"]))

    @app.event("app_mention")
    def mention(event: Payload, body: Payload, client: WebClient) -> None:
        if (event.get("user_team") or event.get("team") or body.get("team_id")) != home.team:
            return
        place = Place(home.team, event["channel"], event["user"], thread_ts=event.get("thread_ts"))
        said = _opened(desk, reach, event.get("text", ""), place, body["event_id"])
        if not said["text"].startswith(card.LOOKING_AT):
            _tell(client, place, said)

    @app.action(card.CHECK_AGAIN)
    def again(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = _pressed_at(body, home)
        id_, _, round_ = action["value"].partition(":")
        if place.team and round_.isdigit() and desk.again(id_, int(round_)):
            return
        _tell(client, place, card.words(STALE if place.team else STRANGER))

    @app.action(card.MEANT)
    def meant(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = _pressed_at(body, home)
        once = f"{body.get('container', {}).get('message_ts')}:{action['value']}"
        if place.team:
            said = _opened(desk, reach, action["value"], place, once)
        else:
            said = card.words(STRANGER)
        _tell(client, place, said)

    @app.error
    def explain(error: Exception, body: Payload) -> BoltResponse:
        log.error("listener_failed", error=type(error).__name__, kind=body.get("type", "command"))
        return BoltResponse(status=200, body=OUR_FAULT if "command" in body else "")

    return app


def _pressed_at(body: Payload, home: Home) -> Place:
    """Where a button was pressed; without a team for whoever is not of ours."""
    user = body.get("user") or {}
    team = home.team if user.get("team_id") == home.team else ""
    return Place(
        team,
        (body.get("channel") or {}).get("id", ""),
        user.get("id", ""),
        thread_ts=(body.get("container") or {}).get("thread_ts"),
        response_url=body.get("response_url"),
    )


def _tell(client: WebClient, place: Place, said: card.Body) -> None:
    client.chat_postEphemeral(
        channel=place.channel, user=place.user, thread_ts=place.thread_ts, **said
    )


def _opened(desk: Desk, reach: Reach, text: str, place: Place, once: str) -> card.Body:
    """Save what was asked; what the asker alone is told."""
    match wanted(text):
        case Say(text=said, choices=choices):
            return card.question(said, choices) if choices else card.words(said)
        case Accounts():
            return card.words("\n".join(reach.told(place.channel)))
        case Check(target=target, only=only):
            desk.open(target, place, once, only)
            return card.words(f"{card.LOOKING_AT}{target.spelled}…")
