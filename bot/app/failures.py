"""What a person reads when a listener fails."""

from __future__ import annotations

import structlog
from slack_bolt import App, BoltResponse

from bot.conversation import Conversation
from bot.slack.blocks import words
from bot.slack.interactions import Payload, Replies, conversation_of, id_of
from bot.store.coding import Unreadable, is_wrong_type
from bot.store.connection import StoreError
from bot.store.replicas import NotReplicated

AWAY = "I could not save that: my store is away. Please try again in a minute."

UNSAFE = (
    "I could not save that safely: it is stored once, but no replica of my store has it yet. If you "
    "see no answer in a minute, please try again."
)

OUR_FAULT = "That failed, and it is my fault: my log holds more. Please try again in a minute."

OTHERS = "Another release of me made that, and I cannot read it: please try again in a minute."

log = structlog.get_logger(__name__)


def listen(app: App, team: str, replies: Replies) -> None:
    """Put the listener for errors on the app."""

    @app.error
    def explain(error: Exception, body: Payload) -> BoltResponse:
        log.error("listener_failed", error=type(error).__name__, kind=body.get("type", "command"))
        text = _sentence(error)
        if "command" in body:
            return BoltResponse(status=200, body=text)
        conversation = conversation_of(body, team)
        if conversation.team and conversation.channel:
            _reply(replies, conversation, text, id_of(body), error)
        return BoltResponse(status=200)


def _reply(
    replies: Replies, conversation: Conversation, text: str, once: str, error: Exception
) -> None:
    """By the outbox, unless it is the store that failed."""
    if not isinstance(error, StoreError):
        try:
            replies(conversation, words(text), once)
        except StoreError:
            replies.directly(conversation, words(text))
    else:
        replies.directly(conversation, words(text))


def _sentence(error: Exception) -> str:
    if isinstance(error, Unreadable) or is_wrong_type(error):
        return OTHERS
    if isinstance(error, NotReplicated):
        return UNSAFE
    return AWAY if isinstance(error, StoreError) else OUR_FAULT
