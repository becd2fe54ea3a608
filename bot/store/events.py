"""
What arrived of the events of a watched account and region, and how far its event history was read.

Doctor and `slsdiag watch status` show it; the watch itself takes and reads by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis import Redis

from bot.store import keys
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import from_ms, to_ms
from bot.store.due import Claim
from bot.store.scripts import Script

EVENT_TTL = timedelta(days=5)
"""For how long an event is known: longer than the queue keeps it."""
DAYS = 7
"""Of which it is known how many events led to nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of the event history that takes several runs: it is read name after name, page after page."""

    began: datetime
    ended: datetime
    call: str = ""
    """The name of the call whose events are being read; those before it are done. Empty at the begin."""
    token: str | None = None
    """Of its next page; None for the first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run came."""

    mark: datetime
    """Until then all is read."""
    reading: Reading | None = None
    """What is left of the part after the mark."""
    why: str = ""
    """It could not go on; empty where nothing failed."""


@dataclass(frozen=True, slots=True)
class History:
    """When the event history was read last, in whole or in part, and since when it cannot be."""

    read_at: datetime | None = None
    """None where it never was."""
    failing_since: datetime | None = None
    why: str = ""
    """Of the newest failure; empty where the last reading succeeded."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of the events of an account and region."""

    last: datetime | None
    """When the last event was taken; None where none was, of late."""
    mark: datetime | None
    """Until when the event history was read; None before the first time."""
    history: History
    dropped: Mapping[str, int]
    """How many events led to nothing in the last days, by reason."""


def arrivals(redis: Redis, places: Iterable[str], now: datetime) -> Mapping[str, Arrival]:
    """Of each of these places."""
    events = Events(redis)
    return {
        place: Arrival(
            events.last(place),
            events.mark(place),
            events.history(place),
            events.dropped(place, now),
        )
        for place in places
    }


class Events:
    """Which events were taken already, and how far the event history was read."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._mark = Script(redis, "catch_up_mark")

    def new(self, place: str, ids: Sequence[str]) -> set[str]:
        """Those that were not taken yet."""
        if not ids:
            return set()
        scores = self._redis.zmscore(keys.WATCH_EVENTS(place), list(ids))
        return {id_ for id_, score in zip(ids, scores, strict=True) if score is None}

    def taken(self, place: str, ids: Iterable[str], now: datetime) -> None:
        """They are stored in their deployments."""
        name = keys.WATCH_EVENTS(place)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(name, dict.fromkeys(ids, to_ms(now)))
            pipe.zremrangebyscore(name, "-inf", to_ms(now - EVENT_TTL))
            pipe.expire(name, EVENT_TTL)
            pipe.execute()

    def last(self, place: str) -> datetime | None:
        """When the last event was taken; None where none was, of late."""
        newest = self._redis.zrange(keys.WATCH_EVENTS(place), 0, 0, desc=True, withscores=True)
        return from_ms(int(newest[0][1])) if newest else None

    def mark(self, place: str) -> datetime | None:
        """Until when the event history was read; None before the first time."""
        stored = cast("str | None", self._redis.get(keys.WATCH_MARK(place)))
        return from_ms(stored) if stored else None

    def reading(self, place: str) -> Reading | None:
        """What is being read of the event history, where a run ended before it was all read."""
        stored = cast("str | None", self._redis.hget(keys.WATCH_HISTORY(place), "reading"))
        try:
            return decode(Reading, stored) if stored else None
        except Unreadable:
            return None

    def advance(
        self, place: str, claim: Claim, now: datetime, progress: Progress, due_at: datetime
    ) -> bool:
        """False where the claim was lost."""
        saved = self._mark(
            place=place,
            mark=str(to_ms(progress.mark)),
            fence=claim.fence,
            due_at=to_ms(due_at),
            reading=encode(progress.reading) if progress.reading else None,
            why=progress.why,
            now=to_ms(now),
        )
        return bool(saved)

    def drop(self, place: str, reason: str, count: int, now: datetime) -> None:
        """So many events led to nothing."""
        name = keys.WATCH_DROPPED(place, f"{now:%Y-%m-%d}")
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hincrby(name, reason, count)
            pipe.expire(name, timedelta(days=DAYS + 1))
            pipe.execute()

    def dropped(self, place: str, now: datetime) -> Mapping[str, int]:
        """How many lately, by reason; of whole days, today included."""
        days = [f"{now - timedelta(days=n):%Y-%m-%d}" for n in range(DAYS)]
        with self._redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.hgetall(keys.WATCH_DROPPED(place, day))
            counts: Counter[str] = Counter()
            for found in cast(list[dict[str, str]], pipe.execute()):
                counts.update({reason: int(count) for reason, count in found.items()})
        return dict(counts)

    def history(self, place: str) -> History:
        """As far as it is known."""
        found = cast(dict[str, str], self._redis.hgetall(keys.WATCH_HISTORY(place)))
        read_at, failing = found.get("read_at"), found.get("failing_since")
        return History(
            from_ms(read_at) if read_at else None,
            from_ms(failing) if failing else None,
            found.get("why", ""),
        )
