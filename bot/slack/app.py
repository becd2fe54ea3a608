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
from bot.finding.finder import Finder
from bot.looking import Reach
from bot.render import card, lists
from bot.slack import triage
from bot.slack.manifest import DIAGNOSE
from bot.slack.presses import STALE, STRANGER, pressed_at, tell
from bot.slack.words import Accounts, Check, History, Say, Status, Stop, wanted
from bot.target import Target
from bot.triage.desk import TriageDesk
from bot.triage.model import Kind

OUR_FAULT = "I could not save that: my store is away. Please try again in a minute."

NOTHING_NAMED = "That message names no function that I can tell: type /slsdiag my-function"

DID_YOU_MEAN = "Did you mean one of these?"

log = structlog.get_logger(__name__)
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """Who we are in Slack, asked once at the start."""

    team: str
    bot_user: str
    bot_id: str
    url: str = ""
    """The workspace's address, with a slash at its end."""


@dataclass(frozen=True)
class Desks:
    """Where what people say is taken."""

    asks: Desk
    triages: TriageDesk
    reach: Reach
    finder: Finder


def build(client: WebClient, home: Home, desks: Desks) -> App:
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
        ack(**opened(desks, command.get("text", ""), place, command["trigger_id"]))

    @app.event("app_mention")
    def mention(event: Payload, body: Payload, client: WebClient) -> None:
        if (event.get("user_team") or event.get("team") or body.get("team_id")) != home.team:
            return
        place = Place(home.team, event["channel"], event["user"], thread_ts=event.get("thread_ts"))
        said = opened(desks, event.get("text", ""), place, body["event_id"])
        if not said["text"].startswith(card.LOOKING_AT):
            tell(client, place, said)

    @app.action(card.CHECK_AGAIN)
    def again(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home.team)
        id_, _, round_ = action["value"].partition(":")
        if place.team and round_.isdigit() and desks.asks.again(id_, int(round_)):
            return
        tell(client, place, card.words(STALE if place.team else STRANGER))

    @app.action(card.MEANT)
    def meant(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home.team)
        once = f"{body.get('container', {}).get('message_ts')}:{action['value']}"
        known = bool(place.team)
        tell(
            client,
            place,
            opened(desks, action["value"], place, once) if known else card.words(STRANGER),
        )

    @app.message_shortcut(DIAGNOSE)
    def diagnose(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        place = pressed_at(body, home.team)
        if not place.team:
            tell(client, place, card.words(STRANGER))
            return
        named = desks.finder.meant(_all_text(body["message"]), place.user, place.channel)
        if named:
            tell(client, place, card.question("Which function shall I look at?", named))
        else:
            tell(client, place, card.words(NOTHING_NAMED))

    triage.listen(app, home.team, desks.asks, desks.triages)

    @app.error
    def explain(error: Exception, body: Payload) -> BoltResponse:
        log.error("listener_failed", error=type(error).__name__, kind=body.get("type", "command"))
        if "command" in body:
            return BoltResponse(status=200, body=OUR_FAULT)
        place = pressed_at(body, home.team)
        if place.team and place.channel:
            tell(client, place, card.words(OUR_FAULT))
        return BoltResponse(status=200)

    return app


def opened(desks: Desks, text: str, place: Place, once: str) -> card.Body:
    """Save what was asked; what the asker alone is told."""
    match wanted(text):
        case Say(text=said, choices=choices, sought=sought):
            known = desks.finder.resembling(sought, place.user, place.channel) if sought else ()
            said = f"{said} {DID_YOU_MEAN}" if known else said
            return card.question(said, choices or known) if choices or known else card.words(said)
        case Accounts():
            return card.words("\n".join(desks.reach.told(place.channel)))
        case Check(target=target, only=only, guide=guide):
            desks.asks.open(target, place, once, only, guide=guide)
            return card.words(f"{card.LOOKING_AT}{target.spelled}…")
        case Status():
            return lists.status(desks.triages.under_way(place.channel))
        case History(target=target):
            return lists.history(desks.asks.diagnoses.newest(place.channel, 50), target)
        case Stop(target=target):
            return _stopped(desks.triages, target, place)


def _all_text(message: Payload) -> str:
    """Alarms of other apps come as blocks or attachments, with little or no text."""
    strings: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                if isinstance(each, str) and key in {"text", "title", "fallback", "value", "url"}:
                    strings.append(each)
                else:
                    walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk({key: message.get(key) for key in ("text", "blocks", "attachments")})
    return "\n".join(strings)


def _stopped(triages: TriageDesk, target: Target | None, place: Place) -> card.Body:
    """The only one, or the one that was named; else a question."""
    named = [
        each
        for each in triages.under_way(place.channel)
        if target is None or each.target == target.spelled
    ]
    if not named:
        return card.words("No triage is open in this channel.")
    if len(named) > 1:
        which = [f"stop function:{each.target}" for each in named]
        return card.question("Several triages are open: which one shall I stop?", which)
    only = named[0]
    triages.press(only.id, only.turn, Kind.STOPPED, place.user)
    return card.words(f"Stopped the triage of {only.target}.")
