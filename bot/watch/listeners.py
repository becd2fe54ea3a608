"""What people click on the message about a deployment."""

from __future__ import annotations

from slack_bolt import Ack, App

from bot.slack.actions import ActionId
from bot.slack.blocks import words
from bot.slack.interactions import STRANGER, Payload, Replies, conversation_of, id_of
from bot.watch.service import WatchService


def listen(app: App, team: str, service: WatchService, replies: Replies) -> None:
    """Put the listener on the app."""

    @app.action(ActionId.DEPLOY_FIXED)
    def fixed(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation, text = conversation_of(body, team), STRANGER
        if conversation.team:
            text = service.fixed(action["value"], conversation.channel, conversation.user)
        replies(conversation, words(text), id_of(body))
