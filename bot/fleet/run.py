"""What is kept of a scan that workers carry out, and of who asked for it. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.diagnosis.model import Place

Named = tuple[str | None, str]
"""A configured account, None for the credentials' own, and a region in it."""


class Stage(StrEnum):
    """How far a scan is."""

    LISTING = "listing"
    """Every function is seen once."""
    VERIFYING = "verifying"
    """The suspicious ones are seen exactly."""
    DONE = "done"
    STOPPED = "stopped"
    """Somebody ended it."""


OVER = frozenset({Stage.DONE, Stage.STOPPED})


@dataclass(frozen=True, slots=True)
class Run:
    """One scan. `version` is the store's compare-and-set number."""

    id: str
    scope: str
    """Asks with the same scope share a scan."""
    places: tuple[Named, ...]
    prefix: str
    by: str | None
    """Slack's id of who asked first; accounts are read in their name."""
    started_at: datetime
    stage: Stage = Stage.LISTING
    chunks: int = 0
    """Planned so far."""
    suspicious: int | None = None
    ended_at: datetime | None = None
    version: int = 0
    trace: str = ""
    """Of the request that asked first (bot/tracing.py)."""

    @property
    def channel(self) -> str:
        """Runs are listed by their scope."""
        return self.scope

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.stage in OVER


def scope_of(places: tuple[Named, ...], prefix: str) -> str:
    """The same for all who would see the same."""
    said = "\n".join([prefix, *(f"{name or ''} {region}" for name, region in places)])
    return sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a scan that one worker does."""

    place: int
    """Which of the run's."""
    names: tuple[str, ...] = ()
    """To be seen exactly; none while listing."""
    marker: str | None = None
    """Where AWS's listing goes on, so that another worker need not begin anew."""
    then: int | None = None
    """The chunk that begins when this one is done."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One person's ask for a scan, in one channel."""

    id: str
    place: Place
    prefix: str
    asked_at: datetime
    round: int = 1
    """Raised by each accepted *Check again*."""
    run: str | None = None
    """The scan that answers it."""
    joined: bool = False
    """The scan was under way already."""
    answered: bool = False
    private: bool = False
    """The bot may not post in the channel: the answer goes to the asker alone."""
    version: int = 0
    trace: str = ""
    """Of the request that asked last (bot/tracing.py)."""

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel
