"""A person in the fake workspace: types, mentions, says, clicks, reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.playground.workspace.answers import shown, stamp
from bot.playground.workspace.controls import controls
from bot.playground.workspace.delivery import Response
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import APP, BOT_USER, DOMAIN, Message
from bot.playground.workspace.windows import AtWindows


@dataclass
class Person(AtWindows):
    """A member of the workspace, or of another one."""

    def types(self, text: str, channel: str = GENERAL) -> Response:
        """A slash command, as "/slsdiag checkout"; its answer is seen by them alone."""
        command, _, rest = text.partition(" ")
        response = self.slack.delivery.command(
            {
                "command": command,
                "text": rest,
                "team_id": self.team,
                "team_domain": DOMAIN,
                "channel_id": channel,
                "channel_name": self.slack.store.channels[channel].name,
                "user_id": self.user,
                "user_name": self.name,
                "trigger_id": self._trigger(),
                "response_url": self.slack.response_url(channel, self.user),
                "api_app_id": APP,
                "is_enterprise_install": "false",
            }
        )
        if response.payload:
            self.slack.answers(response.payload, channel, self.user)
        return response

    def says(self, text: str, channel: str = GENERAL, thread: str | None = None) -> Message:
        """An ordinary message."""
        with self.slack.lock:
            message = self.slack.store.keep(
                channel, self.user, text=text, blocks=[], thread_ts=thread
            )
            self.slack.lock.notify_all()
        return message

    def mentions(self, text: str, channel: str = GENERAL, thread: str | None = None) -> Response:
        """`@slsdiag text`, in a channel or a thread."""
        message = self.says(f"<@{BOT_USER}> {text}", channel, thread)
        event = {
            "type": "app_mention",
            "channel": channel,
            "event_ts": message.ts,
            **shown(message),
        }
        event |= {"type": "app_mention", "team": self.team}
        return self.slack.delivery.event(self._event(message.ts, **event))

    def clicks(self, message: Message, label: str, action_id: str | None = None) -> Response:
        """A button that is on the message (a stale copy may be given); `action_id` of twins."""
        buttons = [
            control
            for control in controls(message.blocks)
            if control.label == label and action_id in {None, control.element["action_id"]}
        ]
        if not buttons or message.seen_by not in {None, self.user}:
            raise LookupError(f"there is no button {label!r} for {self.user} on that message")
        return self.slack.delivery.interaction(
            self._payload(
                "block_actions",
                **self._about(message),
                container=_container(message),
                state={"values": {}},
                actions=[buttons[0].clicked() | {"action_ts": stamp()}],
            )
        )

    def chooses(self, shortcut: str, message: Message) -> Response:
        """A shortcut from the menu of a message."""
        return self.slack.delivery.interaction(
            self._payload(
                "message_action",
                **self._about(message),
                callback_id=shortcut,
                message_ts=message.ts,
                action_ts=stamp(),
            )
        )

    def _about(self, message: Message) -> dict[str, Any]:
        return {
            "channel": {"id": message.channel, "name": self._name(message.channel)},
            "message": shown(message),
            "trigger_id": self._trigger(),
            "response_url": self.slack.response_url(message.channel, self.user),
        }

    def reads(self, channel: str = GENERAL) -> list[Message]:
        """What this person sees there, threads left out."""
        return [
            message
            for message in self.slack.messages
            if message.channel == channel
            and message.thread_ts is None
            and message.seen_by in {None, self.user}
        ]


def _container(message: Message) -> dict[str, Any]:
    """What Slack says of the message that a button is on."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.seen_by is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container
