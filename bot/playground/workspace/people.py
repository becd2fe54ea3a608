"""A person in the fake workspace: types, mentions, presses, reads."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bot.playground.workspace.server import TEAM, Message, Workspace


@dataclass(frozen=True)
class Heard:
    """What Slack got back from the bot."""

    status: int
    text: str
    seconds: float


@dataclass
class Person:
    """A member of the workspace, or of another one."""

    slack: Workspace
    port: int
    """Where the bot listens."""
    user: str = "U0ADA"
    team: str = TEAM

    def types(self, text: str, channel: str = "C0GENERAL") -> Heard:
        """A slash command, as "/slsdiag checkout"."""
        command, _, rest = text.partition(" ")
        form = {
            "command": command,
            "text": rest,
            "team_id": self.team,
            "channel_id": channel,
            "user_id": self.user,
            "trigger_id": self.slack.new_id("trigger"),
            "response_url": self.slack.response_url(channel, self.user),
            "api_app_id": self.slack.app_id,
        }
        return self.sends(urlencode(form).encode(), "application/x-www-form-urlencoded")

    def mentions(self, text: str, channel: str = "C0GENERAL", thread: str | None = None) -> Heard:
        """`@slsdiag text`, in a channel or a thread."""
        event = {
            "type": "app_mention",
            "user": self.user,
            "team": self.team,
            "channel": channel,
            "text": f"<@U0SLSDIAG> {text}",
            "ts": f"{time.time():.6f}",
        } | ({"thread_ts": thread} if thread else {})
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": self.slack.app_id,
            "event_id": self.slack.new_id("Ev"),
            "event": event,
        }
        return self.sends(json.dumps(body).encode(), "application/json")

    def presses(self, message: Message, label: str) -> Heard:
        """A button that is on the message (a stale copy may be handed in)."""
        button = message.buttons()[label]
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": self.user, "team_id": self.team},
            "channel": {"id": message.channel},
            "message": {"ts": message.ts},
            "container": {"type": "message", "message_ts": message.ts},
            "trigger_id": self.slack.new_id("trigger"),
            "response_url": self.slack.response_url(message.channel, self.user),
            "api_app_id": self.slack.app_id,
            "actions": [
                {
                    "type": "button",
                    "action_id": button["action_id"],
                    "block_id": "b",
                    "value": button["value"],
                    "action_ts": f"{time.time():.6f}",
                }
            ],
        }
        form = urlencode({"payload": json.dumps(payload)}).encode()
        return self.sends(form, "application/x-www-form-urlencoded")

    def reads(self, channel: str = "C0GENERAL") -> list[Message]:
        """What this person sees there, threads left out."""
        return [
            message
            for message in self.slack.messages
            if message.channel == channel
            and message.thread_ts is None
            and message.seen_by in {None, self.user}
        ]

    def sends(self, body: bytes, kind: str, headers: dict[str, Any] | None = None) -> Heard:
        """A signed request; `headers` replace those that Slack would send."""
        stamp = str(int(time.time()))
        signed = b"v0:" + stamp.encode() + b":" + body
        secret = self.slack.signing_secret.encode()
        signature = "v0=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        } | (headers or {})
        began = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/slack/events", body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return Heard(answer.status, text, time.perf_counter() - began)
