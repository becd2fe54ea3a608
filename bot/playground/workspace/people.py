"""A person in the fake workspace: types, mentions, says, presses, reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.playground.workspace.api import shown, stamp
from bot.playground.workspace.delivery import Heard
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import APP, BOT_USER, DOMAIN, TEAM, Message
from bot.playground.workspace.server import Workspace


@dataclass
class Person:
    """A member of the workspace, or of another one."""

    slack: Workspace
    user: str = "U0ADA"
    team: str = TEAM
    name: str = "ada"
    zone: str = "Europe/Berlin"

    def __post_init__(self) -> None:
        """They join."""
        self.slack.store.join(self.user, self.name, self.zone, self.team)

    def types(self, text: str, channel: str = GENERAL) -> Heard:
        """A slash command, as "/slsdiag checkout"; its answer is seen by them alone."""
        command, _, rest = text.partition(" ")
        heard = self.slack.delivery.command(
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
        if heard.payload:
            self.slack.answers(heard.payload, channel, self.user)
        return heard

    def says(self, text: str, channel: str = GENERAL, thread: str | None = None) -> Message:
        """An ordinary message."""
        with self.slack.lock:
            message = self.slack.store.keep(
                channel, self.user, text=text, blocks=[], thread_ts=thread
            )
            self.slack.lock.notify_all()
        return message

    def mentions(self, text: str, channel: str = GENERAL, thread: str | None = None) -> Heard:
        """`@slsdiag text`, in a channel or a thread."""
        said = self.says(f"<@{BOT_USER}> {text}", channel, thread)
        event = {"type": "app_mention", "channel": channel, "event_ts": said.ts, **shown(said)}
        event |= {"type": "app_mention", "team": self.team}
        return self.slack.delivery.event(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "api_app_id": APP,
                "event_id": self.slack.new_id("Ev"),
                "event_time": int(float(said.ts)),
                "event": event,
                "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            }
        )

    def presses(self, message: Message, label: str, action_id: str | None = None) -> Heard:
        """A button that is on the message (a stale copy may be handed in); `action_id` of twins."""
        found = [
            each
            for each in message.elements()
            if each[0]["text"]["text"] == label and action_id in {None, each[0]["action_id"]}
        ]
        if not found or message.seen_by not in {None, self.user}:
            raise LookupError(f"there is no button {label!r} for {self.user} on that message")
        element, block_id = found[0]
        pressed = {
            key: element[key] for key in ("type", "action_id", "value", "text") if key in element
        }
        container: dict[str, Any] = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.seen_by is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return self.slack.delivery.interaction(
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": DOMAIN},
                "user": {"id": self.user, "name": self.name, "team_id": self.team},
                "channel": {"id": message.channel, "name": self._name(message.channel)},
                "message": shown(message),
                "container": container,
                "trigger_id": self._trigger(),
                "response_url": self.slack.response_url(message.channel, self.user),
                "api_app_id": APP,
                "is_enterprise_install": False,
                "state": {"values": {}},
                "actions": [pressed | {"block_id": block_id, "action_ts": stamp()}],
            }
        )

    def submits(self, **typed: str) -> Heard:
        """The window that is open, with what they typed, or the option they chose, by action id."""
        view = self.slack.store.views.pop(self.user)
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: _filled(
                    block["element"], typed[block["element"]["action_id"]]
                )
            }
            for block in view["blocks"]
            if block["type"] == "input"
        }
        return self.slack.delivery.interaction(
            {
                "type": "view_submission",
                "team": {"id": TEAM, "domain": DOMAIN},
                "user": {"id": self.user, "name": self.name, "team_id": self.team},
                "api_app_id": APP,
                "trigger_id": self._trigger(),
                "view": view | {"id": f"V{self.user}", "state": {"values": values}},
                "is_enterprise_install": False,
            }
        )

    def chooses(self, shortcut: str, message: Message) -> Heard:
        """A shortcut from the menu of a message."""
        return self.slack.delivery.interaction(
            {
                "type": "message_action",
                "callback_id": shortcut,
                "team": {"id": TEAM, "domain": DOMAIN},
                "user": {"id": self.user, "name": self.name, "team_id": self.team},
                "channel": {"id": message.channel, "name": self._name(message.channel)},
                "message": shown(message),
                "message_ts": message.ts,
                "action_ts": stamp(),
                "api_app_id": APP,
                "trigger_id": self._trigger(),
                "response_url": self.slack.response_url(message.channel, self.user),
                "is_enterprise_install": False,
            }
        )

    def reads(self, channel: str = GENERAL) -> list[Message]:
        """What this person sees there, threads left out."""
        return [
            message
            for message in self.slack.messages
            if message.channel == channel
            and message.thread_ts is None
            and message.seen_by in {None, self.user}
        ]

    def _trigger(self) -> str:
        with self.slack.lock:
            return self.slack.store.triggers.make(self.slack.new_id("trigger"), self.user)

    def _name(self, channel: str) -> str:
        return self.slack.store.channels[channel].name


def _filled(element: dict[str, Any], typed: str) -> dict[str, Any]:
    """A field's state, as Slack tells it; an option is chosen by its label or its value."""
    if element["type"] != "static_select":
        return {"type": element["type"], "value": typed}
    option = next(o for o in element["options"] if typed in {o["text"]["text"], o["value"]})
    return {"type": element["type"], "selected_option": option}
