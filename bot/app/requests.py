"""
Slack's payload → what somebody requests by it, as far as authorization must know. Pure.

Commands, mentions, shortcuts, buttons, windows and App Home are one kind of value here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from slack_bolt import BoltResponse

from bot.app.parser import only_checks, spoken, to_type
from bot.attachments.window import WINDOW as BUNDLE_WINDOW
from bot.conversation import Conversation
from bot.serving_settings import Role
from bot.slack import roles
from bot.slack.actions import ActionId, action_of
from bot.slack.interactions import Payload, conversation_of
from bot.triage.windows import WINDOW

HOME_OPENED = "app_home_opened"
"""Nobody's act, and the page says nothing of others: it is only counted."""
_OF_TRIAGES = frozenset({WINDOW, BUNDLE_WINDOW})
"""Windows whose private metadata begins with a triage's id."""
_CHANNEL = re.compile(r"(?<![A-Za-z0-9])[CGD][A-Z0-9]{2,30}(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Request:
    """One."""

    kind: str
    conversation: Conversation
    needs: Role
    record: tuple[str, str] | None = None
    stops: bool = False
    """It ends the record, which may be another person's."""
    counts: bool = True
    keyed: bool = False
    """What it saves has a key of its own (Slack's trigger or event id), so a replay saves nothing."""


def request_of(body: Payload, team: str) -> Request | BoltResponse | None:
    """What somebody requests by `body`; None for what nobody did; a 400 for half a click."""
    kind = str(body.get("type", ""))
    if "command" in body:
        return _words("command", _typed_in(body, team), body)
    if kind == "event_callback":
        return _of_event(body, team)
    conversation = conversation_of(body, team)
    match kind:
        case "block_actions":
            return _click(body, conversation)
        case "view_submission" | "view_closed":
            return _window(body, conversation, kind)
        case "message_action" | "shortcut":
            return Request(kind, conversation, Role.RUNNER)
        case "block_suggestion":
            return Request(kind, conversation, Role.VIEWER, counts=False)
    return None


def _of_event(body: Payload, team: str) -> Request | None:
    event = body.get("event") or {}
    match event.get("type"):
        case "app_mention":
            return _words("mention", mention_in(body, team), event)
        case "app_home_opened" if event.get("tab") == "home":
            return Request(HOME_OPENED, _home_of(body, event, team), Role.VIEWER)
    return None


def _words(kind: str, conversation: Conversation, given: Payload) -> Request:
    words = spoken(str(given.get("text", "")))
    return Request(kind, conversation, to_type(words), keyed=only_checks(words))


def mention_in(body: Payload, team: str) -> Conversation:
    """Where somebody mentioned the bot; without a team for who is not of ours, or is nobody."""
    event = body["event"]
    user, theirs = event.get("user") or "", event.get("user_team") or event.get("team")
    return Conversation(
        team if user and theirs == team else "",
        event.get("channel", ""),
        user,
        thread_ts=event.get("thread_ts"),
    )


def _home_of(body: Payload, event: Payload, team: str) -> Conversation:
    """Whose App Home it is; it is in no channel."""
    return Conversation(team if body.get("team_id") == team else "", "", str(event.get("user", "")))


def _typed_in(body: Payload, team: str) -> Conversation:
    return Conversation(
        team if body.get("team_id") == team else "",
        str(body.get("channel_id", "")),
        str(body.get("user_id", "")),
        response_url=body.get("response_url"),
    )


def _click(body: Payload, conversation: Conversation) -> Request | BoltResponse:
    """A message sends one action at a time; of several, the one that takes most counts."""
    actions = [action for action in body.get("actions") or () if isinstance(action, dict)]
    ids = [str(action.get("action_id", "")) for action in actions]
    if not ids or any(
        roles.has_value(id_) and not isinstance(action.get("value"), str)
        for id_, action in zip(ids, actions, strict=True)
    ):
        return BoltResponse(status=400, body="")
    rule = roles.to_click(ids[0])
    needs = max(roles.to_click(id_).needs for id_ in ids)
    if action_of(ids[0]) is ActionId.CHOICE:
        needs = max(needs, to_type(spoken(actions[0]["value"])))
    record = (rule.record, _id(actions[0]["value"])) if rule.record else None
    return Request("block_actions", conversation, needs, record, stops=rule.stops)


def _window(body: Payload, conversation: Conversation, kind: str) -> Request:
    """Its private metadata names the channel that it was opened in."""
    view = body.get("view") or {}
    metadata = str(view.get("private_metadata", ""))
    channel = _CHANNEL.search(metadata)
    if channel and not conversation.channel:
        conversation = replace(conversation, channel=channel[0])
    if kind == "view_closed":
        return Request(kind, conversation, Role.VIEWER, counts=False)
    record = ("triage", _id(metadata)) if view.get("callback_id") in _OF_TRIAGES else None
    return Request(kind, conversation, Role.RUNNER, record)


def _id(value: str) -> str:
    return value.partition(":")[0]
