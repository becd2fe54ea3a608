"""What is known of the functions that exist, and what a search found. Frozen; no IO."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

FRESH_FOR = timedelta(minutes=10)
TRIED_AGAIN_AFTER = timedelta(minutes=1)
_SPELLED = re.compile(r"function:(?P<name>\S+) (?P<region>\S+) --account (?P<account>\d{12})")


@dataclass(frozen=True, slots=True)
class Listing:
    """The names of one account and region."""

    account: str
    """12 digits."""
    region: str
    names: tuple[str, ...]
    read_at: datetime
    whole: bool = True
    """False while the listing is under way."""
    why: str | None = None
    """Why names are missing: a refusal, or that there are too many. A sentence."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One account and region, and what is kept of it."""

    key: str
    region: str
    listing: Listing | None

    @property
    def whole(self) -> bool:
        """Whether its listing has come to an end."""
        return self.listing is not None and self.listing.whole

    def stale(self, now: datetime) -> bool:
        """Whether it is worth reading anew."""
        if self.listing is None or not self.listing.whole:
            return True
        good_for = TRIED_AGAIN_AFTER if self.listing.why else FRESH_FOR
        return now - self.listing.read_at > good_for


@dataclass(frozen=True, slots=True)
class Named:
    """
    One function in one place.

    It is spelled as it may be typed after /slsdiag, so that it can be asked for as it stands:
    "function:checkout eu-west-1 --account 123456789012".
    """

    name: str
    """With a qualifier where it was asked for with one."""
    region: str
    account: str
    read_at: datetime | None = None
    """When it was last listed; None for one that is known from an ask only."""

    @property
    def command(self) -> str:
        """As it may be typed."""
        return f"function:{self.name} {self.region} --account {self.account}"


def spelled(command: str) -> Named | None:
    """What `Named.command` gave."""
    match = _SPELLED.fullmatch(command)
    return Named(match["name"], match["region"], match["account"]) if match else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, the likeliest first, and from what."""

    found: tuple[Named, ...]
    shelves: tuple[Shelf, ...]

    @property
    def unread(self) -> tuple[Shelf, ...]:
        """Places whose listing is not whole yet."""
        return tuple(shelf for shelf in self.shelves if not shelf.whole)
