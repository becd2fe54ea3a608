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
from bot.scan.memory import LASTS
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

    def remember(self, place: Location, exact: Sequence[Seen], now: datetime) -> None:
        """Answers that were read at `now` or later."""
        rows = {seen.name: packed(replace(seen, checked_before=now)) for seen in exact}
        if not rows:
            return
        key = _key(place)
        try:
            with right_type("scan-answers"):
                full = self._redis.hlen(key) + len(rows) > MOST
        except Unreadable:
            full = True
        with self._redis.pipeline() as together:
            if full:
                together.delete(key)
            for name, row in rows.items():
                together.hset(key, name, row)
            together.expire(key, LASTS)
            together.execute()


def _key(place: Location) -> str:
    return keys.SCAN_ANSWERS(f"{place.account.key}:{place.region}")
