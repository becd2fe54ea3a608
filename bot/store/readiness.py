"""
Whether the store takes a write: a replica and a full one answer PING as well.

Probes, App Home and doctor ask for it; an answer is good for a second.
"""

from __future__ import annotations

import threading
import time
from enum import StrEnum

from redis import Redis
from redis.exceptions import OutOfMemoryError

from bot.store import keys
from bot.store.connection import NotWritable, StoreError

STAYS_FOR = 60_000
"""Milliseconds for which what is written stays."""
GOOD_FOR = 1.0
"""Seconds."""


class Refusal(StrEnum):
    """Why a server that answers takes no write."""

    REPLICA = "replica"
    LOADING = "loading"
    DISK = "disk"
    FULL = "full"
    OTHER = "other"


_WORDS = {
    "READONLY": Refusal.REPLICA,
    "MASTERDOWN": Refusal.REPLICA,
    "LOADING": Refusal.LOADING,
    "MISCONF": Refusal.DISK,
}


def refusal(redis: Redis) -> Refusal | None:
    """Why it takes no write, None when it took one; raises redis's errors when it is away."""
    try:
        redis.set(keys.READY, 1, px=STAYS_FOR)
    except OutOfMemoryError:
        return Refusal.FULL
    except NotWritable as error:
        reason = str(error)
        return next((why for word, why in _WORDS.items() if word in reason), Refusal.OTHER)
    return None


class Readiness:
    """Of the store behind one client."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._ready = False

    def __call__(self) -> bool:
        """Whether it took a write within the last second; never raises."""
        with self._lock:
            if time.monotonic() - self._checked_at >= GOOD_FOR:
                try:
                    self._ready = refusal(self._redis) is None
                except (StoreError, OSError):
                    self._ready = False
                self._checked_at = time.monotonic()
            return self._ready
