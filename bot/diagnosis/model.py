"""What is kept of an ask while it is looked into. Frozen; `desk.py` moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checks.report import Report


class Stage(StrEnum):
    """How far an ask is."""

    LOOKING = "looking"
    REPORTED = "reported"
    FAILED = "failed"
    """Nothing could be checked; `complaint` says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer goes, and who asked. Slack's ids."""

    team: str
    channel: str
    user: str
    thread_ts: str | None = None
    """Set when the ask came from inside a thread: the card is posted there."""
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One ask. `version` is the store's compare-and-set number."""

    id: str
    target: str
    """What the person named, in canonical spelling (see bot/target.py)."""
    place: Place
    asked_at: datetime
    region: str | None = None
    """A region that the person gave is binding."""
    account: str | None = None
    only: str | None = None
    """A step's slug: show that one check, from the cache where it is fresh."""
    stage: Stage = Stage.LOOKING
    round: int = 1
    """Raised by each accepted *Check again*; buttons carry it, so that a stale one is told apart."""
    private: bool = False
    """The bot may not post in the channel: the answer goes to the asker alone."""
    report: Report | None = None
    seen_at: datetime | None = None
    """When the evidence of `report` was gathered."""
    complaint: str | None = None
    misnamed: bool = False
    """What was typed names no function that can be found: told to the asker alone."""
    candidates: tuple[str, ...] = ()
    """Did you mean: commands offered as buttons."""
    guide: bool = False
    """A triage begins as soon as the report is there."""
    version: int = 0
    trace: str = ""
    """Of the request that asked last (bot/tracing.py)."""

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    @property
    def fresh(self) -> bool:
        """One step is served from what is kept; all else, and *Check again*, is a new look."""
        return self.only is None or self.round > 1
