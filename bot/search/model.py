"""What is known of the functions that exist, and what a search found. Frozen; no IO."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.function_ref import FunctionRef

FRESH_FOR = timedelta(minutes=10)
TRIED_AGAIN_AFTER = timedelta(minutes=1)


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
class InventoryEntry:
    """One account and region, and what is stored of it."""

    key: str
    region: str
    listing: Listing | None

    @property
    def whole(self) -> bool:
        """Whether its listing has come to an end."""
        return self.listing is not None and self.listing.whole

    def stale(self, now: datetime) -> bool:
        """Whether it is worth reading again."""
        if self.listing is None or not self.listing.whole:
            return True
        good_for = TRIED_AGAIN_AFTER if self.listing.why else FRESH_FOR
        return now - self.listing.read_at > good_for


@dataclass(frozen=True, slots=True)
class Named(FunctionRef):
    """One function in one place, with a qualifier where it was asked for with one."""

    read_at: datetime | None = None
    """When it was last listed; None for one that is known only from a request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, the likeliest first, and from what."""

    functions: tuple[Named, ...]
    entries: tuple[InventoryEntry, ...]

    @property
    def incomplete(self) -> tuple[InventoryEntry, ...]:
        """Places whose listing is not whole yet."""
        return tuple(entry for entry in self.entries if not entry.whole)
