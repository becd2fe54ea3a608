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
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
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
        self.tiers, self.span = dict(TIERS), MINUTE
        self.limited = self.early = 0
        """Calls that were turned down; those of all that came before the time that was named."""
        self._not_before: dict[tuple[str, str], float] = {}
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, method: str, channel: str) -> None:
        """Count the call, or raise `ratelimited` with its `retry_after` in whole seconds."""
        if not self.on:
            return
        most, span = (BURST, float(BURST)) if method == POST else self._tier(method)
        key = (method, channel if method == POST else "")
        now = time.monotonic()
        made = self._calls[key]
        self.early += now < self._not_before.get(key, 0.0)
        while made and made[0] <= now - span:
            made.popleft()
        if len(made) >= most:
            after = max(1, round(made[0] + span - now + 0.5))
            self._not_before[key] = max(self._not_before.get(key, 0.0), now + after)
            self.limited += 1
            raise SlackError("ratelimited", retry_after=after)
        made.append(now)

    def _tier(self, method: str) -> tuple[int, float]:
        return self.tiers.get(method, 100), self.span
