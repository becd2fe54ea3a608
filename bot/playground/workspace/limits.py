"""Slack's rate limits: a message a second in a channel, and the methods' tiers."""

from __future__ import annotations

import time
from collections import defaultdict, deque

from bot.playground.workspace.model import SlackError

TIERS = {
    "auth.test": 100,
    "apps.connections.open": 20,
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.getPermalink": 100,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.info": 50,
    "conversations.open": 50,
    "usergroups.users.list": 20,
    "users.info": 100,
}
"""Calls a minute (docs.slack.dev, web API rate limits)."""
POST = "chat.postMessage"
BURST = 4
"""Posts that a channel takes at once before it wants one a second; Slack names no figure."""
MINUTE = 60.0


class Limits:
    """Off until `on`, because most tests are about something else."""

    def __init__(self) -> None:
        """Nothing was called."""
        self.on = False
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, method: str, channel: str) -> None:
        """Count the call, or raise `ratelimited` with its `retry_after` in whole seconds."""
        if not self.on:
            return
        most, span = (BURST, float(BURST)) if method == POST else (TIERS.get(method, 100), MINUTE)
        key = (method, channel if method == POST else "")
        now = time.monotonic()
        made = self._calls[key]
        while made and made[0] <= now - span:
            made.popleft()
        if len(made) >= most:
            raise SlackError("ratelimited", retry_after=max(1, round(made[0] + span - now + 0.5)))
        made.append(now)
