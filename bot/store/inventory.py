"""
The names of an account and region's functions, so that a search waits for no listing.

Bounded: so many names a place, a day after they were last read. What was read of a listing that
is still under way is kept too, and says so. Each process keeps what it decoded, because a search
reads it at every letter that somebody types.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from redis import Redis

from bot.finding.model import Listing
from bot.store.coding import Unreadable, decode, encode

INVENTORY = "inventory"
"""The kind of the nudge that has a worker read a place; its id is the place's key."""
KEPT_FOR = timedelta(days=1)
MOST = 20_000


class Inventories:
    """By place; its key is ours to choose."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._decoded: dict[str, tuple[str, Listing]] = {}

    def put(self, key: str, listing: Listing) -> None:
        """In the place of what was known."""
        with self._redis.pipeline() as pipe:
            name, stamp = _name(key), listing.read_at.isoformat()
            version = f"{stamp} {len(listing.names)} {listing.whole}"
            pipe.hset(name, mapping={"doc": encode(listing), "version": version})
            pipe.expire(name, KEPT_FOR)
            pipe.execute()

    def get(self, key: str) -> Listing | None:
        """As last put; None when it is unknown, or of another release."""
        version = cast(str | None, self._redis.hget(_name(key), "version"))
        if version is None:
            return None
        known = self._decoded.get(key)
        if known and known[0] == version:
            return known[1]
        doc = cast(str | None, self._redis.hget(_name(key), "doc"))
        try:
            listing = decode(Listing, doc) if doc else None
        except (Unreadable, ValueError):
            return None
        if listing:
            self._decoded[key] = version, listing
        return listing


def _name(key: str) -> str:
    return f"slsdiag:inventory:{key}"
