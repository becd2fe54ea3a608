"""What the bot knows of deployments, and which channels want to hear of them. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversation import Owner


class Source(StrEnum):
    """How a change came to be known."""

    CALL = "call"
    """An event of CloudTrail, by way of the queue."""
    STATE = "state"
    """Lambda's own event about a function's state."""
    STACK = "stack"
    """CloudFormation's event about a stack's status."""
    CATCH_UP = "catch_up"
    """CloudTrail's event history."""


@dataclass(frozen=True, slots=True)
class Change:
    """One event: somebody changed these functions."""

    id: str
    """CloudTrail's eventID, the same in the queue and in the event history; else EventBridge's id."""
    at: datetime
    account: str
    region: str
    source: Source
    functions: tuple[str, ...] = ()
    """Bare names; none where only a stack is known."""
    actor: str = ""
    """The same for all that one principal does in one way; empty where it is not known."""
    by: str = ""
    """As people may read it: "role deploy-prod"."""
    how: str = ""
    """One of `checks.change.Means`; empty where it is not known."""
    provider: str = ""
    """The CI."""
    stack: str = ""

    @property
    def place(self) -> str:
        """Account and region, as keys have it."""
        return f"{self.account}/{self.region}"


class Kind(StrEnum):
    """What was proved of a function."""

    REPORTING = "reporting"
    BLIND = "blind"
    DOWN = "down"
    OTHER = "other"
    """Neither: not instrumented, not invoked, or gone."""

    @property
    def broken(self) -> bool:
        """Whether it is news when a function becomes so."""
        return self in {Kind.BLIND, Kind.DOWN}


@dataclass(frozen=True, slots=True)
class State:
    """The last that was proved of a function, whichever deployment it was checked for."""

    kind: Kind
    at: datetime
    deploy: str = ""
    """The deployment that reported it as broken; it is kept when the function reports again."""
    by: str = ""
    """Who made the change after which it was seen so, in words."""


class News(StrEnum):
    """What a deployment reports of a function."""

    NONE = ""
    BROKE = "broke"
    """It is down or not reporting since this deployment."""
    RESTORED = "restored"
    """It was broken before, and reports again since this deployment."""
    AGAIN = "again"
    """It broke with this deployment, and reports again."""
    ENDED = "ended"
    """It broke with this deployment, and is neither broken nor reporting now."""


@dataclass(frozen=True, slots=True)
class Row:
    """One function of a deployment."""

    name: str
    changed_at: datetime
    """When it was changed last within the deployment."""
    due_at: datetime | None
    """When it is checked next; None once that is over."""
    tries: int = 0
    """Checks since it was changed last."""
    kind: Kind | None = None
    """As the last check proved it; None while nothing is proved."""
    news: News = News.NONE
    headline: str = ""
    partial: bool = False
    """Some of its invocations report."""
    found_at: datetime | None = None
    """When the news was found."""
    repaired_at: datetime | None = None
    """When Dashboard changed it after the deployment."""
    fixed_by: str = ""
    """Of one that reports again: who made the other deployment that did it, in words."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The message about a deployment in one channel."""

    channel: str
    shown: str
    """A digest of what it shows, so that only a change is an edit."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Somebody clicked *I fixed it* on the message in a channel."""

    channel: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deploy:
    """Changes that belong together. `version` is the store's compare-and-set number."""

    id: str
    account: str
    region: str
    first_at: datetime
    last_at: datetime
    """The times of its first and last change."""
    arrived_at: datetime
    """When the first event of it was taken."""
    actor: str = ""
    by: str = ""
    how: str = ""
    provider: str = ""
    stack: str = ""
    rows: tuple[Row, ...] = ()
    posted: tuple[Posted, ...] = ()
    fixes: tuple[Fix, ...] = ()
    open: bool = True
    """Further changes may join it."""
    version: int = 0

    @property
    def place(self) -> str:
        """Account and region, as keys have it."""
        return f"{self.account}/{self.region}"

    @property
    def channel(self) -> str:
        """It is in none; records are listed by place."""
        return self.place

    @property
    def owner(self) -> Owner | None:
        """It belongs to all channels that were told of it."""
        return None

    def row(self, name: str) -> Row | None:
        """Of the function of that name."""
        return next((row for row in self.rows if row.name == name), None)


@dataclass(frozen=True, slots=True)
class Watch:
    """A channel wants to hear of the functions whose names begin so."""

    channel: str
    prefix: str
    by: str
    """Who turned it on."""
    since: datetime

    def covers(self, name: str) -> bool:
        """Whether it is about the function of that name."""
        return name.startswith(self.prefix)

    def hears(self, prefix: str) -> bool:
        """Whether it is about functions whose names begin with `prefix`, some or all of them."""
        return self.prefix.startswith(prefix) or prefix.startswith(self.prefix)


def watch_id(watch: Watch) -> str:
    """Its name in the due set."""
    return f"{watch.channel}:{watch.prefix}"
