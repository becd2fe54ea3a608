"""
Exact answers that outlast their scan, by the role they were read with, and the region.

They save calls and nothing rests on them: whatever cannot be read counts as not remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from redis import Redis

from bot.aws.locate import Location
from bot.scan.memory import LASTS, lasts
from bot.scan.model import Seen
from bot.scan.rows import key_of, packed, unpacked
from bot.store import keys
from bot.store.coding import Unreadable, right_type

MOST = 10_000
"""Of one role and region; beyond that all are forgotten, because the old ones are not known apart."""


class Answers:
    """In the store."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis

    def of(self, place: Location, names: Sequence[str]) -> Mapping[str, Seen]:
        """Those of these functions, by name, however old."""
        if not names:
            return {}
        try:
            with right_type("scan-answers"):
                rows = cast(list[str | None], self._redis.hmget(_key(place), list(names)))
        except Unreadable:
            return {}
        given = zip(names, rows, strict=True)
        answers = {name: unpacked(key_of(0, name), row) for name, row in given if row}
        return {name: seen for name, seen in answers.items() if seen}

    def remember(self, place: Location, exact: Mapping[str, Seen | None], now: datetime) -> None:
        """
        By name, what was read at `now` or later; None for a function that is gone.

        What does not last takes the place of an earlier answer all the same: that one is forgotten.
        """
        rows = {
            name: packed(replace(seen, checked_before=now))
            for name, seen in exact.items()
            if seen and lasts(seen)
        }
        key = _key(place)
        full = self._is_full(key, len(rows))
        with self._redis.pipeline() as together:
            if full:
                together.delete(key)
            elif gone := exact.keys() - rows.keys():
                together.hdel(key, *gone)
            for name, row in rows.items():
                together.hset(key, name, row)
            together.expire(key, LASTS)
            together.execute()

    def _is_full(self, key: str, more: int) -> bool:
        """Also what is no table of answers: nothing of it can be used."""
        try:
            with right_type("scan-answers"):
                return bool(self._redis.hlen(key) + more > MOST)
        except Unreadable:
            return True


def _key(place: Location) -> str:
    return keys.SCAN_ANSWERS(f"{place.account.key}:{place.region}")
