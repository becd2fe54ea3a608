"""A digest as it is kept, and what it has reported. Frozen; `work.py` changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Conversation, Owner
from bot.scan.model import Seen
from checks.function_ref import FunctionRef

FUNCTION, CAUSE = "function:", "cause:"
"""Stand before a function's key, or the slug of a cause, in a snooze."""
Key = tuple[str, str, str]
"""Account, region and name of a function."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a digest comes, and of which functions."""

    words: str
    """As people type it: "daily 09:00", "weekly mon 09:00", "every 30m"."""
    zone: str
    """An IANA name."""
    prefix: str = ""
    quiet: str = ""
    """As "22:00-07:00": hours in which nothing is posted."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a digest. No two of a digest share a name; they sort by it."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was asked for, until it is kept."""

    id: str
    place: Conversation
    words: str
    zone: str | None
    """None: the zone that the requester has in Slack."""
    prefix: str
    quiet: str
    asked_at: datetime
    kept: bool = False
    previewed: bool = False
    """Its times were shown; the digest itself may still come."""
    scan: str | None = None
    """The scan for that."""
    version: int = 0

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return Owner(self.channel, self.place.user)

    def plan(self, zone: str) -> Plan:
        """In `zone`, where none was said."""
        return Plan(self.words, self.zone or zone, self.prefix, self.quiet)


@dataclass(frozen=True, slots=True)
class Looked:
    """What exact checks found before the slot came."""

    seen: tuple[Seen, ...] = ()
    gone: tuple[Key, ...] = ()

    @classmethod
    def of(cls, by_key: Mapping[Key, Seen | None]) -> Looked:
        """As a check of some functions gives it."""
        gone = tuple(key for key, seen in by_key.items() if seen is None)
        return cls(tuple(seen for seen in by_key.values() if seen), gone)

    @property
    def by_key(self) -> dict[Key, Seen | None]:
        """By function; None for one that is gone."""
        seen = {
            (function.account, function.region, function.name): function for function in self.seen
        }
        return {**seen, **dict.fromkeys(self.gone)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that waits for its scan."""

    name: str
    """The slot's, or one of its own for a run that somebody asked for."""
    since: datetime
    """The slot's time."""
    always: bool = False
    """Somebody asked for it: it is posted even where nothing changed."""
    scan: str | None = None
    by: str | None = None
    """Who asked for it."""
    began: datetime | None = None
    """When it asked for its scan first."""
    looked: Looked | None = None
    """Once all is there but the slot's time."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """A function or a cause that is no news for a while."""

    id: str
    what: str
    """"cause:SLUG" or "function:ACCOUNT/REGION/NAME"."""
    reason: str
    until: datetime
    by: str
    label: str = ""
    """What is snoozed, as people read it; empty in a record of an older release."""


@dataclass(frozen=True, slots=True)
class Point:
    """One look, for the trend."""

    at: datetime
    blind: int
    functions: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many functions reported at one look, where all that count were verified; one a day."""

    at: datetime
    reporting: int
    of: int


@dataclass(frozen=True, slots=True)
class Undo:
    """What a digest was like before messages whose outcome is open; its memory is in the store."""

    posted_at: datetime | None
    changed_at: datetime | None
    unread: tuple[tuple[str, str], ...] = ()
    snoozes: tuple[Snooze, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionState:
    """What a digest remembers of one function, and has reported of it."""

    account: str
    region: str
    name: str
    cause: str
    since: datetime
    """Blind since, as far as this digest has seen."""
    changed: datetime
    """When it became blind, or was no longer."""
    seen: datetime
    """When one of both was proved last."""
    blind: bool = True
    exact: bool = False
    """The cause is as a whole check gave it."""
    flaps: int = 0
    """Changes that followed each other within a week."""
    told: str = ""
    """The state that was posted last; see diff.py."""
    owner: str | None = None
    ended: str | None = None
    """Why it is no longer blind: healthy, quiet, gone; of an older release, not instrumented."""
    down: bool = False
    """While it is blind: it cannot even start."""
    headline: str | None = None
    """What is wrong, as the scan said; None in a record of an older release."""

    @property
    def ref(self) -> FunctionRef:
        """The function."""
        return FunctionRef(self.name, None, self.region, self.account)

    @property
    def key(self) -> Key:
        """Which function."""
        return self.account, self.region, self.name


@dataclass(frozen=True, slots=True)
class Digest:
    """`version` is the store's compare-and-set number."""

    id: str
    place: Conversation
    """The channel, and who made it."""
    plan: Plan
    created: datetime
    slot: Slot
    """The next one."""
    waiting: Waiting | None = None
    ordered: str | None = None
    """Somebody wants it now."""
    orders: int = 0
    posted_at: datetime | None = None
    changed_at: datetime | None = None
    """When there was news last."""
    complaint: str | None = None
    """Why nothing could be scanned, as it was posted last."""
    unread: tuple[tuple[str, str], ...] = ()
    """Account and region of what could not be read at the last look."""
    snoozes: tuple[Snooze, ...] = ()
    trend: tuple[Point, ...] = ()
    shares: tuple[Share, ...] = ()
    unsettled: tuple[str, ...] = ()
    """Keys of first messages that were not posted yet when they were looked at last."""
    undo: Undo | None = None
    """How it was before the first of them."""
    took: float | None = None
    """Seconds from asking for a scan until all was there, at the last run."""
    refused: str | None = None
    """Slack's word for why nothing can be posted, as its maker was told; until a post succeeds."""
    version: int = 0

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return Owner(self.channel, self.place.user)

    @property
    def confirmed(self) -> bool:
        """Whether a scan has found functions that begin with the prefix."""
        return any(point.functions for point in self.trend)
