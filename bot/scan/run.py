"""What is stored of a scan that workers carry out, and of who requested it. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.conversation import Conversation, Owner

Named = tuple[str | None, str]
"""A configured account, None for the credentials' own, and a region in it."""


class Stage(StrEnum):
    """How far a scan is."""

    LISTING = "listing"
    """The first tier: every function, by calls a page."""
    VERIFYING = "verifying"
    """The second: functions are checked exactly."""
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
    """Slack's id of who requested it first; accounts are read in their name."""
    started_at: datetime
    stage: Stage = Stage.LISTING
    chunks: int = 0
    """Planned so far."""
    suspicious: int | None = None
    ended_at: datetime | None = None
    version: int = 0
    trace: str = ""
    """Of the first request (bot/observability/tracing.py)."""
    roles: tuple[str, ...] = ()
    """Of each place, the role it is read by, as the settings had it when the scan began; empty
    for the credentials' own account, and in a scan of an older release."""
    left: int = 0
    """Suspicious functions that are not checked exactly, because there are too many."""
    seconds: float = 0.0
    """In which AWS's rates allow the exact checks, if nobody else calls."""
    complaint: str | None = None
    """Why it was given up. A sentence."""
    fresh: bool = False
    """Somebody pressed *Check again*: no answer of an earlier scan is taken over."""

    @property
    def channel(self) -> str:
        """Runs are listed by their scope."""
        return self.scope

    @property
    def owner(self) -> None:
        """Nobody's: it may be shared by several channels."""
        return None

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.stage in OVER


def scope_of(places: tuple[Named, ...], prefix: str, roles: tuple[str, ...] = ()) -> str:
    """The same for all who would see the same, by the same roles."""
    named = (f"{name or ''} {region}" for name, region in places)
    whole = "\n".join([prefix, *named, *roles])
    return sha256(whole.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a scan that one worker does."""

    place: int
    """Which of the run's."""
    names: tuple[str, ...] = ()
    """To check exactly; none while listing."""
    marker: str | None = None
    """Where AWS's listing goes on, so that another worker need not start over."""
    then: int | None = None
    """The chunk that begins when this one is done."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One person's request for a scan, in one channel."""

    id: str
    place: Conversation
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
    """The bot may not post in the channel: the answer goes to the requester only."""
    version: int = 0
    trace: str = ""
    """Of the last request (bot/observability/tracing.py)."""

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return Owner(self.channel, self.place.user)
