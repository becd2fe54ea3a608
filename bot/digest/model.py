"""A digest as it is kept, and what it has told. Frozen; `work.py` moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.diagnosis.model import Place

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
    place: Place
    words: str
    zone: str | None
    """None: the zone that the asker has in Slack."""
    prefix: str
    quiet: str
    asked_at: datetime
    kept: bool = False
    version: int = 0

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    def plan(self, zone: str) -> Plan:
        """In `zone`, where none was said."""
        return Plan(self.words, self.zone or zone, self.prefix, self.quiet)


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


@dataclass(frozen=True, slots=True)
class Snooze:
    """A function or a cause that is no news for a while."""

    id: str
    what: str
    """"cause:SLUG" or "function:ACCOUNT/REGION/NAME"."""
    reason: str
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Point:
    """One look, for the trend."""

    at: datetime
    blind: int
    functions: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a digest knows of one function, and has told of it."""

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
    """The cause is as one check's look gave it."""
    flaps: int = 0
    """Changes that followed each other within a week."""
    told: str = ""
    """The state that was posted last; see diff.py."""
    owner: str | None = None
    ended: str | None = None
    """Why it is no longer blind: healthy, quiet, not instrumented, gone."""

    @property
    def key(self) -> Key:
        """Which function."""
        return self.account, self.region, self.name


@dataclass(frozen=True, slots=True)
class Digest:
    """`version` is the store's compare-and-set number."""

    id: str
    place: Place
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
    version: int = 0

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel
