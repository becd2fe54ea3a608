"""What people click on the card of a scan."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack, App

from bot.scan.service import ScanService
from bot.scan.window import window
from bot.slack.actions import ActionId, pattern
from bot.slack.blocks import words
from bot.slack.interactions import STALE, STRANGER, Payload, Replies, conversation_of, id_of

GONE = "The functions of that scan are no longer stored: click Check again."


def listen(app: App, team: str, service: ScanService, replies: Replies) -> None:
    """Put the listeners on the app."""

    def take(act: Callable[[str, int], bool], body: Payload, value: str) -> None:
        conversation = conversation_of(body, team)
        id_, _, round_ = value.partition(":")
        if conversation.team and round_.isdigit() and act(id_, int(round_)):
            return
        replies(conversation, words(STALE if conversation.team else STRANGER), id_of(body))

    @app.action(ActionId.STOP_SCAN)
    def stop(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        take(service.stop, body, action["value"])

    @app.action(ActionId.SCAN_AGAIN)
    def again(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        take(service.again, body, action["value"])

    _listen_to_causes(app, team, service, replies)


def _listen_to_causes(app: App, team: str, service: ScanService, replies: Replies) -> None:
    @app.action(pattern(ActionId.SHOW_FUNCTIONS))
    def show(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, team)
        id_, _, rest = action["value"].partition(":")
        round_, _, cause = rest.partition(":")
        ours = conversation.team and round_.isdigit()
        cluster = service.behind(id_, int(round_), cause) if ours else None
        if cluster:
            replies.window(body, conversation, window(cluster))
        else:
            text = GONE if conversation.team else STRANGER
            replies(conversation, words(text), id_of(body))
