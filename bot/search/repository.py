"""
The names of an account and region's functions, so that a search waits for no listing.

Bounded: so many names a place, a day after they were last read. A listing that is still under way
is stored as far as it came, and marked as such. Each process caches what it decoded, because a
search reads it at every letter that somebody types.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from redis import Redis

from bot.search.model import Listing
from bot.store import keys
from bot.store.coding import Unreadable, decode, encode, right_type

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
        """In place of what was stored before."""
        with self._redis.pipeline() as pipe:
            name, stamp = keys.INVENTORY(key), listing.read_at.isoformat()
            version = f"{stamp} {len(listing.names)} {listing.whole}"
            pipe.hset(name, mapping={"doc": encode(listing), "version": version})
            pipe.expire(name, KEPT_FOR)
            pipe.execute()

    def get(self, key: str) -> Listing | None:
        """As last put; None when it is unknown, or of another release."""
        try:
            with right_type(INVENTORY):
                return self._get(key)
        except (Unreadable, ValueError):
            return None

    def _get(self, key: str) -> Listing | None:
        version = cast(str | None, self._redis.hget(keys.INVENTORY(key), "version"))
        if version is None:
            return None
        cached = self._decoded.get(key)
        if cached and cached[0] == version:
            return cached[1]
        doc = cast(str | None, self._redis.hget(keys.INVENTORY(key), "doc"))
        listing = decode(Listing, doc) if doc else None
        if listing:
            self._decoded[key] = version, listing
        return listing
