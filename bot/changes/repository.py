"""
What was seen of functions' setups, by place and function.

Bounded: the newest setups of a function, so many days after it was last checked. A place names the role that
read it, as for all that is read from AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import cast

from redis import Redis

from bot.changes.memory import Seen, Setup
from bot.store import keys
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import from_ms, milliseconds
from bot.store.scripts import Script

MOST = 20
"""Setups of one function."""
KEPT_FOR = timedelta(days=90)


def place_key(role: str, number: str, region: str) -> str:
    """A region of the account of that number, as `role` reads it (`Account.key`)."""
    return f"{role}:{number}:{region}"


class Setups:
    """By a place's key and a function's name."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._note = Script(redis, "setup_note")

    def note(self, place: str, setups: Mapping[str, Setup]) -> None:
        """What was just seen, by function."""
        names, written = list(setups), list(map(encode, setups.values()))
        ttl = milliseconds(KEPT_FOR)
        self._note(place=place, names=names, setups=written, most=MOST, ttl=ttl)

    def listed(self, place: str, setups: Mapping[str, Setup]) -> None:
        """
        The same of a listing, which shows no filters: those are taken to be as they were.

        Of functions that nothing of the SDK was ever seen on nothing is kept.
        """
        with self._redis.pipeline(transaction=False) as pipe:
            for name in setups:
                pipe.lindex(keys.SETUPS(place, name), -1)
            kept = cast(list[str | None], pipe.execute())
        known = {
            name: replace(setup, filter=before.setup.filter if before else None)
            for (name, setup), text in zip(setups.items(), kept, strict=True)
            if (before := _read(text) if text else None) or setup.instrumented
        }
        if known:
            self.note(place, known)

    def seen(self, place: str, name: str) -> list[Seen]:
        """Oldest first, as far as this release reads it."""
        kept = cast(list[str], self._redis.lrange(keys.SETUPS(place, name), 0, -1))
        return [one for text in kept if (one := _read(text))]


def _read(text: str) -> Seen | None:
    first, last, setup = text.split(" ", 2)
    try:
        return Seen(decode(Setup, setup), from_ms(first), from_ms(last))
    except Unreadable:
        return None
