"""
How many functions of each account and region are in which class, for monitoring: the last whole scan of each.

The worker that ends a scan stores the counts. Every process shows what is stored, so replicas
agree, and a query takes their maximum, not their sum.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from redis import Redis

from bot.account_settings import account_of
from bot.observability.metrics import Functions
from bot.scan.model import ProblemClass, Scan, Seen
from bot.scan.run import Run
from bot.store import keys
from bot.store.connection import StoreError

KEPT = timedelta(days=8)
"""A digest may come once a week."""
MOST = 1_000
"""Accounts and regions that have labels of their own; those with the most broken functions first."""
OTHERS = ("others", "others")
_HEALTHY, _UNVERIFIED = "healthy", "unverified"
CLASSES = (*(kind.value for kind in ProblemClass), _HEALTHY, _UNVERIFIED)
_WELL = frozenset({"healthy", "notice"})
Place = tuple[str, str]
"""The account's number, and the region."""


def class_of(seen: Seen) -> str:
    """That of a problem, else whether it is known to be healthy."""
    if seen.kind:
        return seen.kind.value
    return _HEALTHY if seen.verdict in _WELL else _UNVERIFIED


def counted(run: Run, scan: Scan, own: str) -> dict[Place, Mapping[str, int] | None]:
    """Of each place of the scan; None where none of it could be read. `own` is the bot's account."""
    found: dict[Place, Counter[str]] = {}
    for seen in scan.seen:
        found.setdefault((seen.account, seen.region), Counter())[class_of(seen)] += 1
    unread = {(place.account, place.region) for place in scan.unreadable}
    counts: dict[Place, Mapping[str, int] | None] = dict(found)
    for number, (_, region) in enumerate(run.places):
        role = run.roles[number] if run.roles else ""
        place = (account_of(role) if role else own, region)
        if place[0] and place not in counts:
            counts[place] = None if place in unread else {}
    return counts


@dataclass(frozen=True)
class FunctionCounts:
    """`redis` is the caller's."""

    redis: Redis

    def put(self, counts: Mapping[Place, Mapping[str, int] | None], at: datetime) -> None:
        """In place of what the scans before counted there."""
        with self.redis.pipeline(transaction=False) as pipe:
            for (account, region), numbers in counts.items():
                name = f"{account}:{region}"
                if numbers is None:
                    pipe.hdel(keys.FUNCTIONS, name)
                else:
                    pipe.hset(keys.FUNCTIONS, name, json.dumps([at.timestamp(), dict(numbers)]))
            pipe.expire(keys.FUNCTIONS, KEPT)
            pipe.execute()

    def read(self) -> list[Functions]:
        """At most `MOST` places and the sum of the others; none where the store is away."""
        try:
            stored: Mapping[str, str] = self.redis.hgetall(keys.FUNCTIONS)  # type: ignore[assignment]  # not awaited
        except (StoreError, OSError):
            return []
        return list(_bounded(dict(_fresh(stored, datetime.now(UTC)))))


def _fresh(stored: Mapping[str, str], now: datetime) -> Iterator[tuple[Place, Mapping[str, int]]]:
    for name, text in stored.items():
        account, _, region = name.partition(":")
        at, numbers = json.loads(text)
        if now.timestamp() - at < KEPT.total_seconds():
            yield (account, region), numbers


def _bounded(counts: Mapping[Place, Mapping[str, int]]) -> Iterator[Functions]:
    def order(place: Place) -> tuple[int, Place]:
        numbers = counts[place]
        return -numbers.get("down", 0) - numbers.get("blind", 0), place

    ordered = sorted(counts, key=order)
    for account, region in ordered[:MOST]:
        numbers = counts[account, region]
        yield from (Functions(account, region, it, numbers.get(it, 0)) for it in CLASSES)
    if rest := ordered[MOST:]:
        for each in CLASSES:
            yield Functions(*OTHERS, each, sum(counts[place].get(each, 0) for place in rest))
