"""What waits in the store, for monitoring: one round trip, and a quick answer when it is away."""

from __future__ import annotations

from collections.abc import Sequence

from redis import Redis

from bot.observability.metrics import Backlog
from bot.store.connection import StoreError
from bot.store.scripts import Script

LIMIT = 0.4
"""Seconds to connect, and again to be answered: a scrape must not wait for a store that is away."""


class Backlogs:
    """`redis` is a client of its own, that gives up within LIMIT."""

    def __init__(self, redis: Redis, queues: Sequence[str]) -> None:
        """`queues` are the names of lists. Costs no round trip."""
        self._queues = queues
        self._read = Script(redis, "backlog")

    def read(self) -> Backlog | None:
        """Now; None when the store does not answer."""
        try:
            numbers = self._read(queues=self._queues)
        except (StoreError, OSError):
            return None
        oldest, due, parked, *lengths = map(int, numbers)
        names = [queue.rpartition(":")[2] for queue in self._queues]
        return Backlog(oldest / 1000, due / 1000, dict(zip(names, lengths, strict=True)), parked)
