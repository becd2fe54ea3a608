"""What people press on a digest and on its preview, and the window to snooze in."""

from __future__ import annotations

import re

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.diagnosis.model import Place
from bot.digest.desk import DigestDesk
from bot.digest.words import Create, DigestWanted, End, List, Now
from bot.render.blocks import Body, words
from bot.render.digest import SNOOZE
from bot.render.digest_talk import KEEP, NOT_NOW, WAKE, WINDOW, chosen
from bot.slack.presses import STRANGER, Payload, pressed_at, tell

GONE = "That digest is no longer kept: /slsdiag digest list shows those there are."
NOTHING = "Nothing of that digest is blind now."
WOKEN = "The snooze is over: what it held back comes with the next digest."
PREVIEWING = "Here comes a preview, for you alone…"


def asked(desk: DigestDesk, wanted: DigestWanted, place: Place, once: str) -> Body:
    """Save what was asked; what the asker alone is told."""
    match wanted:
        case Create():
            desk.open(wanted, place, once)
            return words(PREVIEWING)
        case List():
            return desk.listed(place.channel)
        case Now(id=id_):
            return desk.order(place.channel, id_, place.user, once)
        case End(id=id_):
            return desk.stop(place.channel, id_)


def zone_of(client: WebClient, user: str) -> str | None:
    """The person's time zone in Slack; None where it may not be seen."""
    try:
        found = client.users_info(user=user)["user"].get("tz")
    except (SlackApiError, OSError):
        return None
    return str(found) if found else None


def listen(app: App, home: str, desk: DigestDesk) -> None:
    """Put the listeners on the app."""

    @app.action(KEEP[0])
    def keep(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home)
        said = desk.keep(action["value"], place.user) if place.team else words(STRANGER)
        tell(client, place, said)

    @app.action(NOT_NOW[0])
    def not_now(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        tell(client, pressed_at(body, home), words("Not kept: nothing will come."))

    @app.action(SNOOZE[0])
    def snooze(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place, id_ = pressed_at(body, home), action["value"]
        if not place.team:
            tell(client, place, words(STRANGER))
            return
        where = f"{id_}|{place.channel}|{place.thread_ts or body['container']['message_ts']}"
        view = desk.window(id_, where)
        if view is None:
            tell(client, place, words(NOTHING))
        else:
            client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view(WINDOW)
    def snoozed(ack: Ack, body: Payload, view: Payload, client: WebClient) -> None:
        ack()
        id_, channel, thread = view["private_metadata"].split("|")
        told = body | {"channel": {"id": channel}, "container": {"thread_ts": thread}}
        place, (what, why, span) = pressed_at(told, home), chosen(view)
        if not place.team:
            tell(client, place, words(STRANGER))
        elif not desk.snooze(id_, what, why, span, place.user, thread):
            tell(client, place, words(GONE))

    @app.action(re.compile(rf"{WAKE}_\d$"))
    def wake(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home)
        id_, _, one = action["value"].partition(":")
        known = place.team and desk.wake(id_, one)
        tell(client, place, words(STRANGER if not place.team else WOKEN if known else GONE))
