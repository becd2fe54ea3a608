"""Who clicked what, and where: authorized again each time; and what they are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.conversation import Conversation
from bot.slack import roles
from bot.slack.background import Background
from bot.slack.blocks import Body, words
from bot.slack.refusals import refusal
from bot.slack.response_url import respond
from bot.store.due import ENTRY
from bot.store.messages import Entry, EntryKind
from bot.store.outbox import Outbox

STRANGER = roles.STRANGER
STALE = "That button is of an earlier check; use the newest message."
NO_WINDOW = "Slack did not open the window in time. Please click the button again."

log = structlog.get_logger(__name__)
Payload = dict[str, Any]


def conversation_of(body: Payload, team: str) -> Conversation:
    """Where it was clicked; without a team for whoever is not of ours."""
    user = body.get("user") or {}
    return Conversation(
        team if user.get("team_id") == team else "",
        (body.get("channel") or {}).get("id", ""),
        user.get("id", ""),
        thread_ts=(body.get("container") or {}).get("thread_ts"),
        response_url=body.get("response_url"),
    )


def id_of(body: Payload) -> str:
    """Slack's own id of what somebody did: the same where it is sent or delivered twice."""
    if body.get("type") == "view_submission":
        return str(body["view"]["id"])
    return str(body.get("event_id") or body.get("trigger_id") or uuid4().hex)


@dataclass(frozen=True)
class Replies:
    """What one person alone is answered: by the outbox, so that it survives Slack's bad moments."""

    outbox: Outbox
    nudge: Callable[[str, str], None]
    client: WebClient
    later: Background

    def __call__(self, conversation: Conversation, body: Body, once: str) -> None:
        """Save it; `once` names what it answers. Raises the store's errors."""
        key = f"reply:{once}"
        entry = Entry(
            key,
            EntryKind.EPHEMERAL,
            conversation.channel,
            body,
            key,
            user=conversation.user,
            thread_ts=conversation.thread_ts,
            response_url=conversation.response_url,
        )
        self.outbox.add(entry)
        self.nudge(ENTRY, key)

    def directly(self, conversation: Conversation, body: Body) -> None:
        """While the store is away: one try, in the background."""
        self.later.submit(partial(self._try, conversation, body))

    def window(
        self,
        body: Payload,
        conversation: Conversation,
        view: dict[str, object],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """
        Open one for whoever clicked, in the background: Slack waits for our answer meanwhile.

        `failed` informs them that it did not open, where there is no channel to say it in.
        """
        self.later.submit(partial(self._open, body, conversation, view, failed))

    def another_window(self, body: Payload, view: dict[str, object]) -> None:
        """In the place of the one that was acted in, likewise."""
        self.later.submit(partial(self._update, body["view"], view))

    def _update(self, window: Payload, view: dict[str, object]) -> None:
        try:
            self.client.views_update(view_id=window["id"], hash=window["hash"], view=view)
        except (SlackApiError, OSError) as error:
            log.warning("window_not_updated", error=refusal(error).word)

    def _open(
        self,
        body: Payload,
        conversation: Conversation,
        view: dict[str, object],
        failed: Callable[[], None] | None,
    ) -> None:
        try:
            self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except (SlackApiError, OSError) as error:
            log.warning("window_not_opened", error=refusal(error).word)
            if failed:
                failed()
            elif conversation.channel:
                self(conversation, words(NO_WINDOW), id_of(body))

    def _try(self, conversation: Conversation, body: Body) -> None:
        try:
            self.client.chat_postEphemeral(
                channel=conversation.channel,
                user=conversation.user,
                thread_ts=conversation.thread_ts,
                **body,
            )
        except (SlackApiError, OSError) as error:
            log.warning("reply_lost", error=refusal(error).word)
            if conversation.response_url:  # it works where the bot is no member, too
                self._respond(conversation.response_url, body)

    def _respond(self, url: str, body: Body) -> None:
        try:
            why = respond(url, body, self.client.base_url)
        except OSError as error:
            why = refusal(error).word
        if why:
            log.warning("reply_lost", error=why)
