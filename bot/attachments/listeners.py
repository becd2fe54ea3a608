"""The button that attaches a bundle, and the window in which that is confirmed."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Ack, App

from bot.attachments.service import Attachments
from bot.attachments.window import ALREADY, WINDOW, gone, window
from bot.slack.actions import ActionId
from bot.slack.blocks import Body, words
from bot.slack.interactions import STALE, Payload, Replies, conversation_of, id_of
from bot.triage.model import Triage


def listen(app: App, team: str, attachments: Attachments, replies: Replies) -> None:
    """Put the listeners on the app."""
    _listen_to_the_button(app, team, attachments, replies)
    _listen_to_the_window(app, team, attachments, replies)


def _listen_to_the_button(app: App, team: str, attachments: Attachments, replies: Replies) -> None:
    @app.action(ActionId.ATTACH_BUNDLE)
    def offered(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        place, once = conversation_of(body, team), id_of(body)
        triage = attachments.triage(_id(action["value"]))
        held = attachments.find(triage) if triage else None
        if held and triage:
            where = f"{triage.id}:{held.number}|{place.channel}|{place.thread_ts or ''}"
            replies.window(body, place, window(held, where, place.channel))
        else:
            replies(place, _gone(attachments, triage, once), once)


def _listen_to_the_window(app: App, team: str, attachments: Attachments, replies: Replies) -> None:
    @app.view(WINDOW)
    def confirmed(ack: Ack, body: Payload, view: Payload) -> None:
        ack()
        value, channel, thread = view["private_metadata"].split("|")
        who, once = conversation_of(body, team), id_of(body)
        place = replace(who, channel=channel, thread_ts=thread or None)
        triage = attachments.triage(_id(value))
        held = attachments.find(triage, int(value.rpartition(":")[2])) if triage else None
        if triage is None or held is None:
            replies(place, _gone(attachments, triage, once), once)
        elif not attachments.attach(triage, held, place, once):
            replies(place, words(ALREADY), once)


def _gone(attachments: Attachments, triage: Triage | None, once: str) -> Body:
    return gone(triage, once, stored=attachments.stored) if triage else words(STALE)


def _id(value: str) -> str:
    return value.partition(":")[0]
