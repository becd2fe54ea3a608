"""The workspace's memory: channels, members and everything that was said."""

from __future__ import annotations

import random
import time
from typing import Any

from bot.playground.workspace.files import Files
from bot.playground.workspace.model import BOT_USER, TEAM, Blocks, Channel, Message, SlackError
from bot.playground.workspace.views import Views

GENERAL, ELSEWHERE = "C0GENERAL", "C0SECRET"


TRIGGER_SECONDS = 3.0


class Triggers:
    """What a click may open a window with: once, and within three seconds."""

    def __init__(self) -> None:
        """None is known."""
        self._made: dict[str, tuple[str, float]] = {}

    def make(self, id_: str, user: str) -> str:
        """One for `user`."""
        self._made[id_] = user, time.monotonic()
        return id_

    def use(self, id_: str) -> str:
        """Whose it is, or SlackError."""
        user, made_at = self._made.pop(id_, ("", 0.0))
        if not user:
            raise SlackError("invalid_trigger_id")
        if time.monotonic() - made_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return user


class Messages(Views):
    """Guarded by the workspace's lock."""

    def __init__(self, chance: random.Random) -> None:
        """The bot is a member of "C0GENERAL"; "C0SECRET" exists without it."""
        super().__init__()
        self.all: list[Message] = []
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, set[str]] = {}
        """User groups by id: their members."""
        self.keeps_all = False
        """Nothing may be deleted, as where a workspace archives all."""
        self.page = 999
        """Messages that a history lists at once, at most; 15 for some apps."""
        self.lag = 0.0
        """Seconds until a history lists a new message, at most: Slack's lag."""
        self.triggers = Triggers()
        self.files = Files()
        self._chance = chance
        self._last = 0
        self.channel(GENERAL, "general", BOT_USER)
        self.channel(ELSEWHERE, "elsewhere")

    def channel(self, id_: str, name: str, *members: str, private: bool = False) -> Channel:
        """A new channel."""
        self.channels[id_] = Channel(id_, name, set(members), private)
        return self.channels[id_]

    def direct(self, user: str) -> Channel:
        """The bot's own channel with somebody."""
        id_ = f"D{user}"
        if id_ not in self.channels:
            self.channels[id_] = Channel(id_, user, {user, BOT_USER}, private=True, direct=True)
        return self.channels[id_]

    def join(self, user: str, name: str, zone: str, team: str = TEAM) -> None:
        """A person that users.info knows; they are in every public channel."""
        self.users[user] = {
            "id": user,
            "team_id": team,
            "name": name,
            "tz": zone,
            "is_bot": False,
            "is_restricted": False,
        }
        for channel in self.channels.values():
            if not channel.private:
                channel.members.add(user)

    def keep(
        self,
        channel: str,
        user: str,
        *,
        text: str,
        blocks: Blocks,
        thread_ts: str | None = None,
        metadata: dict[str, Any] | None = None,
        seen_by: str | None = None,
    ) -> Message:
        """A new message, with a `ts` that comes once."""
        message = Message(
            ts=self._next_ts(),
            channel=channel,
            user=user,
            text=text,
            blocks=self.named(blocks),
            thread_ts=thread_ts,
            metadata=metadata,
            seen_by=seen_by,
            readable_at=time.monotonic() + self._chance.random() * self.lag,
        )
        self.all.append(message)
        return message

    def _next_ts(self) -> str:
        self._last = max(self._last + 1, int(time.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def find(self, channel: str, ts: str) -> Message | None:
        """A message that everybody sees."""
        matching = (m for m in self.all if (m.channel, m.ts) == (channel, ts) and not m.seen_by)
        return next(matching, None)

    def listed(self, channel: str) -> list[Message]:
        """What histories list, oldest first: ephemeral messages never, new ones late."""
        now = time.monotonic()
        messages = (m for m in self.all if m.channel == channel and not m.seen_by)
        return [m for m in messages if m.readable_at <= now]
