"""
The names of the functions that may be asked for, kept so that nobody waits for AWS.

A search takes what is kept, and has a worker read anew what is old. So a search may answer with
half a list, or none, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Semaphore
from uuid import uuid4

from bot.aws.inventory import names, number
from bot.aws.places import Place
from bot.errors import UsageError
from bot.finding.model import Listing, Shelf
from bot.reach import Reach
from bot.store.evidence import Gathering
from bot.store.inventory import INVENTORY, MOST, Inventories
from checks.evidence import Missing

LEASE = timedelta(minutes=2)
"""A reader that takes longer, or dies, is replaced by the next one."""
OWN = "own"
AT_ONCE = 2
"""Listings by one process: the other threads are for people who wait for a look."""
NUDGED_AFTER = 3.0
"""Seconds between two nudges for one place: a search is made at every letter."""


@dataclass(frozen=True)
class Inventory:
    """All it needs is handed in."""

    kept: Inventories
    gathering: Gathering
    reach: Reach
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    _nudged: dict[str, float] = field(default_factory=dict)
    _free: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def shelves(self, channel: str) -> list[Shelf]:
        """Those that `channel` may see; "" for what every channel may see."""
        return [
            Shelf(key, place.region, self.kept.get(key)) for key, place in self._places(channel)
        ]

    def refresh(self, shelves: list[Shelf]) -> None:
        """Have workers read what is old; nobody waits for it."""
        now, clock = self.now(), time.monotonic()
        for shelf in shelves:
            before = self._nudged.get(shelf.key, float("-inf"))
            if shelf.stale(now) and clock - before > NUDGED_AFTER:
                self._nudged[shelf.key] = clock
                self.nudge(INVENTORY, shelf.key)

    def hidden(self, channel: str) -> frozenset[str]:
        """Accounts, by their 12 digits, that `channel` may not see."""
        seen = {place.account.id for _, place in self._places(channel)}
        return frozenset({place.account.id for _, place in self._places(None)} - seen)

    def read(self, key: str) -> None:
        """What a worker does: list the place, then every other one that is old."""
        if not self._free.acquire(blocking=False):
            return
        try:
            places = dict(self._places(None))
            for each in sorted(places, key=lambda other: other != key):
                self._read(each, places[each])
        finally:
            self._free.release()

    def _read(self, key: str, place: Place) -> None:
        """If nobody else does, and it is still old."""
        lease = f"{INVENTORY}/{key}", uuid4().hex
        if not self.gathering.begin(*lease, LEASE):
            return
        try:
            if Shelf(key, place.region, self.kept.get(key)).stale(self.now()):
                self._list(key, place)
        finally:
            self.gathering.end(*lease)

    def _list(self, key: str, place: Place) -> None:
        known = self.kept.get(key)
        account = number(place.account, place.region)
        listing = Listing(account, place.region, (), self.now(), whole=False)
        found: list[str] = []
        for page in names(place.account, place.region):
            if isinstance(page, Missing):
                before = (*(known.names if known else ()), *found)
                return self.kept.put(key, _ended(listing, dict.fromkeys(before), page.why))
            found += page
            if len(found) > MOST:
                why = f"There are more than {MOST} functions."
                return self.kept.put(key, _ended(listing, found[:MOST], why))
            if known is None or not known.whole:  # half a list is better than none
                self.kept.put(key, replace(listing, names=tuple(found)))
        return self.kept.put(key, _ended(listing, found))

    def _places(self, channel: str | None) -> Iterator[tuple[str, Place]]:
        try:
            places = [self.reach.place(*each) for each in self.reach.fleet([], [], channel)]
        except UsageError:  # no region is set: there is nothing to list
            return
        for place in places:
            account = OWN if place.account is self.reach.own else place.account.id
            yield f"{account}/{place.region}", place


def _ended(listing: Listing, names: Iterable[str], why: str | None = None) -> Listing:
    return replace(listing, names=tuple(names), whole=True, why=why)
