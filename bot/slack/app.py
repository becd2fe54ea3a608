"""
The Bolt app: it parses, saves and answers; workers do the rest.

`process_before_response` lets the answer leave when a listener returns, so a listener does no
more than one round trip to the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.diagnosis.desk import Desk
from bot.diagnosis.model import Place
from bot.digest.desk import DigestDesk
from bot.digest.words import Create, End, List, Now
from bot.errors import UsageError
from bot.finding.finder import Finder
from bot.fleet.desk import FleetDesk
from bot.reach import Reach
from bot.render import card, lists
from bot.render.blocks import Body, words
from bot.slack import digest, fleet, triage
from bot.slack.gate import Access, Gate, mentioned_at
from bot.slack.manifest import DIAGNOSE
from bot.slack.presses import STALE, pressed_at, tell
from bot.slack.watched import WatchedApp
from bot.slack.who import Role
from bot.slack.words import (
    Accounts,
    Check,
    Doctor,
    History,
    Say,
    ScanWanted,
    Status,
    Stop,
    wanted,
)
from bot.store.coding import Unreadable
from bot.store.connection import StoreError
from bot.target import Target
from bot.triage.desk import TriageDesk
from bot.triage.model import Triage

AWAY = "I could not save that: my store is away. Please try again in a minute."

OUR_FAULT = "That failed, and it is my fault: my log holds more. Please try again in a minute."

OTHERS = "Another release of me made that, and I cannot read it: please try again in a minute."

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
    fleet: FleetDesk
    digests: DigestDesk
    finder: Finder
    reach: Reach
    doctor: Callable[[Place], str]
    """Begins to look at the bot itself, and gives what to say at once."""
    access: Access


def build(client: WebClient, home: Home, desks: Desks) -> App:
    """The app with every listener on it; requests are verified before they come here."""
    us = AuthorizeResult(
        enterprise_id=None,
        team_id=home.team,
        bot_user_id=home.bot_user,
        bot_id=home.bot_id,
        bot_token=client.token,
    )
    app = WatchedApp(
        client=client,
        authorize=lambda: us,  # without it, the first request waits for Slack to say who we are
        request_verification_enabled=False,
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        signing_secret="verified-before",  # noqa: S106 - no secret: see http.py
    )
    app.use(Gate(home.team, desks.access, client))

    @app.command("/slsdiag")
    def command(ack: Ack, command: Payload) -> None:
        url = command.get("response_url")
        place = Place(home.team, command["channel_id"], command["user_id"], response_url=url)
        ack(**opened(desks, command.get("text", ""), place, command["trigger_id"]))

    @app.event("app_mention")
    def mention(event: Payload, body: Payload, client: WebClient) -> None:
        place = mentioned_at(body, home.team)
        said = opened(desks, event.get("text", ""), place, body["event_id"])
        if not said["text"].startswith(card.LOOKING_AT):
            tell(client, place, said)

    @app.action(card.CHECK_AGAIN[0])
    def again(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home.team)
        id_, _, round_ = action["value"].partition(":")
        if not (round_.isdigit() and desks.asks.again(id_, int(round_))):
            tell(client, place, words(STALE))

    @app.action(card.JOIN[0])
    def joined(ack: Ack) -> None:
        ack()  # Slack opens the address; it only wants to hear that we heard

    @app.action(card.MEANT)
    def meant(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home.team)
        once = f"{body.get('container', {}).get('message_ts')}:{action['value']}"
        tell(client, place, opened(desks, action["value"], place, once))

    @app.message_shortcut(DIAGNOSE)
    def diagnose(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        place = pressed_at(body, home.team)
        named = desks.finder.meant(_all_text(body["message"]), place.user, place.channel)
        if named:
            tell(client, place, card.question("Which function shall I look at?", named))
        else:
            tell(client, place, words(NOTHING_NAMED))

    triage.listen(app, home.team, desks.asks, desks.triages, partial(_refused, desks))
    fleet.listen(app, home.team, desks.fleet)
    digest.listen(app, home.team, desks.digests)

    @app.error
    def explain(error: Exception, body: Payload) -> BoltResponse:
        log.error("listener_failed", error=type(error).__name__, kind=body.get("type", "command"))
        said = _trouble(error)
        if "command" in body:
            return BoltResponse(status=200, body=said)
        place = pressed_at(body, home.team)
        if place.team and place.channel:
            tell(client, place, words(said))
        return BoltResponse(status=200)

    return app


def opened(desks: Desks, text: str, place: Place, once: str) -> Body:
    """Save what was asked; what the asker alone is told."""
    match wanted(text):
        case (Create() | List() | Now() | End()) as of_digest:
            return digest.asked(desks.digests, of_digest, place, once)
        case Say(text=said, choices=choices, sought=sought):
            known = desks.finder.resembling(sought, place.user, place.channel) if sought else ()
            said = f"{said} {DID_YOU_MEAN}" if known else said
            return card.question(said, choices or known) if choices or known else words(said)
        case Accounts():
            return words("\n".join(desks.reach.told(place.channel)))
        case Check(target=target, only=only, guide=guide):
            try:
                desks.reach.must_agree(target)
            except UsageError as error:
                return words(str(error))
            desks.asks.open(target, place, once, only, guide=guide)
            return words(f"{card.LOOKING_AT}{target.spelled}…")
        case Doctor():
            return words(desks.doctor(place))
        case ScanWanted(prefix=prefix):
            desks.fleet.open(prefix, place, once)
            return words(f"{card.LOOKING_AT}all functions{f' {prefix}*' if prefix else ''}…")
        case Status():
            scans = desks.fleet.under_way(place.channel)
            return lists.status(desks.triages.under_way(place.channel), scans)
        case History(target=target):
            return lists.history(desks.asks.diagnoses.newest(place.channel, 50), target)
        case Stop(target=target):
            return _stopped(desks, target, place)


def _trouble(error: Exception) -> str:
    """What the person is told whose act failed."""
    if isinstance(error, Unreadable):
        return OTHERS
    return AWAY if isinstance(error, StoreError) else OUR_FAULT


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


def _stopped(desks: Desks, target: Target | None, place: Place) -> Body:
    """The only one, or the one that was named; else a question."""
    named = [
        each
        for each in desks.triages.under_way(place.channel)
        if target is None or each.target == target.spelled
    ]
    if not named:
        return words("No triage is open in this channel.")
    if len(named) > 1:
        which = [f"stop function:{each.target}" for each in named]
        return card.question("Several triages are open: which one shall I stop?", which)
    refused = _refused(desks, named[0], place)
    return words(refused or f"Stopped the triage of {named[0].target}.")


def _refused(desks: Desks, triage: Triage, place: Place) -> str | None:
    """Ends the triage for who began it, or an admin; why not, otherwise."""
    others = triage.place.user != place.user
    if others and (refused := desks.access.allowed(place, Role.ADMIN)):
        return refused
    over = not desks.triages.stop(triage.id, place.user)
    return f"The triage of {triage.target} is over already." if over else None
