"""
The names of the functions that can be searched for, stored so that nobody waits for AWS.

A search takes what is stored, and has a worker read again what is old. So a search may answer with
half a list, or none, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Semaphore
from uuid import uuid4

from bot.aws.accounts import Accounts
from bot.aws.client import OWN
from bot.aws.evidence.inventory import names, number
from bot.aws.locate import Location
from bot.errors import UsageError
from bot.search.model import InventoryEntry, Listing
from bot.search.repository import INVENTORY, MOST, Inventories
from bot.store.connection import StoreError
from bot.store.sharing import SingleFlight
from checks.evidence import Missing

LEASE = timedelta(minutes=2)
"""A reader that takes longer, or dies, is replaced by the next one."""
AT_ONCE = 2
"""Listings by one process: the other threads are for people who wait for a check."""
NUDGED_AFTER = 3.0
"""Seconds between two nudges for one place: a search is made at every letter."""


@dataclass(frozen=True)
class Inventory:
    """Its dependencies are passed in."""

    listings: Inventories
    gathering: SingleFlight
    accounts: Accounts
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    _nudged: dict[str, float] = field(default_factory=dict)
    _free: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def entries(self, channel: str) -> list[InventoryEntry]:
        """Those that `channel` may see; "" for what every channel may see."""
        return [
            InventoryEntry(key, region, self._listing(key, channel))
            for key, (_, region) in self._places(channel)
        ]

    def _listing(self, key: str, channel: str) -> Listing | None:
        """What is stored of a place, where it is of an account that `channel` may see."""
        listing = self.listings.get(key)
        if listing and listing.account and self.accounts.hidden(listing.account, channel):
            return None
        return listing

    def refresh(self, entries: list[InventoryEntry]) -> None:
        """Have workers read what is old; nobody waits for it."""
        now, clock = self.now(), time.monotonic()
        for entry in entries:
            before = self._nudged.get(entry.key, float("-inf"))
            if entry.stale(now) and clock - before > NUDGED_AFTER:
                self._nudged[entry.key] = clock
                self.nudge(INVENTORY, entry.key)

    def read(self, key: str) -> None:
        """What a worker does: list the place, then every other one that is old."""
        if not self._free.acquire(blocking=False):
            return
        try:
            places = {
                key: place for view in self.accounts.views() for key, place in self._places(view)
            }
            for due in sorted(places, key=lambda other: other != key):
                self._read(due, *places[due])
        finally:
            self._free.release()

    def give_up(self, key: str, why: str) -> None:
        """Note that the names are old, or missing, for those who search."""
        listing = self.listings.get(key) or Listing("", key.rpartition("/")[2], (), self.now())
        self.listings.put(key, _ended(replace(listing, read_at=self.now()), listing.names, why))

    def _read(self, key: str, name: str | None, region: str) -> None:
        """If nobody else does, and it is still old."""
        lease = f"{INVENTORY}/{key}", uuid4().hex
        if not self.gathering.begin(*lease, LEASE):
            return
        try:
            if InventoryEntry(key, region, self.listings.get(key)).stale(self.now()):
                self._list(key, self.accounts.location(name, region))
        finally:
            self.gathering.end(*lease)

    def _list(self, key: str, place: Location) -> None:
        earlier = self.listings.get(key)
        account = number(place.account, place.region)
        listing = Listing(account, place.region, (), self.now(), whole=False)
        listed: list[str] = []
        for page in names(place.account, place.region):
            if isinstance(page, Missing):
                before = (*(earlier.names if earlier else ()), *listed)
                return self.listings.put(key, _ended(listing, dict.fromkeys(before), page.why))
            listed += page
            if len(listed) > MOST:
                why = f"There are more than {MOST} functions."
                return self.listings.put(key, _ended(listing, listed[:MOST], why))
            if earlier is None or not earlier.whole:  # half a list is better than none
                self.listings.put(key, replace(listing, names=tuple(listed)))
        return self.listings.put(key, _ended(listing, listed))

    def _places(self, channel: str) -> Iterator[tuple[str, tuple[str | None, str]]]:
        """None is opened: a search has to answer soon, and there may be thousands."""
        try:
            places = self.accounts.account_regions([], [], channel)
        except UsageError:  # no region is set, or the channel sees nothing
            return
        for name, region in places:
            yield _key(self.accounts.role(name) or OWN, region), (name, region)


def key_of(place: Location) -> str:
    """By the role that reads it: another one in the same account may list other names."""
    return _key(place.account.key, place.region)


def _key(role: str, region: str) -> str:
    return f"{role}/{region}"


def stored(listings: Inventories, place: Location) -> tuple[str, ...] | None:
    """The names of the place's functions; None where not all of them are stored."""
    try:
        listing = listings.get(key_of(place))
    except (StoreError, OSError):
        return None
    return listing.names if listing and listing.whole and not listing.why else None


def _ended(listing: Listing, names: Iterable[str], why: str | None = None) -> Listing:
    return replace(listing, names=tuple(names), whole=True, why=why)
