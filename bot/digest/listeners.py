"""What people click on a digest and on its preview, and the window to snooze in."""

from __future__ import annotations

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.conversation import Conversation
from bot.digest.dialog import WINDOW, chosen
from bot.digest.parser import Create, DigestWanted, End, List, Now
from bot.digest.service import DigestService
from bot.slack.actions import ActionId, pattern
from bot.slack.blocks import Body, words
from bot.slack.interactions import STRANGER, Payload, Replies, conversation_of, id_of

GONE = "That digest is no longer kept: /slsdiag digest list shows those there are."
NOTHING = "Nothing of that digest is blind now."
WOKEN = "The snooze is over: what it held back comes with the next digest."
PREVIEWING = "Here comes a preview, for you alone…"


def answer(
    service: DigestService, wanted: DigestWanted, conversation: Conversation, once: str
) -> Body:
    """Save what was typed; what the person alone reads at once."""
    match wanted:
        case Create():
            service.open(wanted, conversation, once)
            return words(PREVIEWING)
        case List():
            return service.listed(conversation.channel, conversation.user)
        case Now(id=id_):
            return service.order(conversation.channel, id_, conversation.user, once)
        case End(id=id_):
            return service.stop(conversation.channel, id_)


def zone_of(client: WebClient, user: str) -> str | None:
    """The person's time zone in Slack; None where it may not be seen."""
    try:
        zone = client.users_info(user=user)["user"].get("tz")
    except (SlackApiError, OSError):
        return None
    return str(zone) if zone else None


def listen(app: App, team: str, service: DigestService, replies: Replies) -> None:
    """Put the listeners on the app."""
    _listen_to_previews(app, team, service, replies)
    _listen_to_snoozes(app, team, service, replies)


def _listen_to_previews(app: App, team: str, service: DigestService, replies: Replies) -> None:
    @app.action(ActionId.KEEP_DIGEST)
    def keep(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation, reply = conversation_of(body, team), words(STRANGER)
        if conversation.team:
            reply = service.keep(action["value"], conversation.user)
        replies(conversation, reply, id_of(body))

    @app.action(ActionId.DROP_DIGEST)
    def not_now(ack: Ack, body: Payload) -> None:
        ack()
        replies(conversation_of(body, team), words("Not kept: nothing will come."), id_of(body))

    @app.action(pattern(ActionId.WAKE))
    def wake(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, team)
        id_, _, snooze = action["value"].partition(":")
        woken = conversation.team and service.wake(id_, snooze)
        text = STRANGER if not conversation.team else WOKEN if woken else GONE
        replies(conversation, words(text), id_of(body))


def _listen_to_snoozes(app: App, team: str, service: DigestService, replies: Replies) -> None:
    @app.action(ActionId.SNOOZE)
    def snooze(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation, id_ = conversation_of(body, team), action["value"]
        thread = conversation.thread_ts or body["container"]["message_ts"]
        where = f"{id_}|{conversation.channel}|{thread}"
        view = service.window(id_, where) if conversation.team else None
        if view:
            replies.window(body, conversation, view)
        else:
            text = NOTHING if conversation.team else STRANGER
            replies(conversation, words(text), id_of(body))

    @app.view(WINDOW)
    def snoozed(ack: Ack, body: Payload, view: Payload) -> None:
        ack()
        id_, channel, thread = view["private_metadata"].split("|")
        there = body | {"channel": {"id": channel}, "container": {"thread_ts": thread}}
        conversation = conversation_of(there, team)
        if not conversation.team:
            replies(conversation, words(STRANGER), id_of(body))
        elif not service.snooze(id_, chosen(view), conversation.user, thread, view["id"]):
            replies(conversation, words(GONE), id_of(body))
