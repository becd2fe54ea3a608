"""What a scan knows of a function, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.regions import partition_of

UNVERIFIED = "unverified"
"""A scan's own verdict: what it looked at is well, and the log was not read."""


class Kind(StrEnum):
    """The class of a function with a problem; only the last is news."""

    NOT_INSTRUMENTED = "not_instrumented"
    """No sign of the SDK on it: neither layer, wrapper nor org id."""
    QUIET = "quiet"
    """Nobody invoked it."""
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Seen:
    """One function."""

    name: str
    region: str
    account: str
    verdict: str
    """As a report's, or `UNVERIFIED`."""
    cause: str | None = None
    kind: Kind | None = None
    """Only of a problem."""
    invoked: int = 0
    """Invocations of the last two weeks, as far as they were read."""
    exact: bool = False
    """By the same look as one check's."""
    saw: str | None = None
    """What the exact look saw of the cause."""
    owner: str | None = None
    """Of a blind one: what the tag says that the settings name."""

    @property
    def suspicious(self) -> bool:
        """Whether an exact look may tell more."""
        return not self.exact and (self.kind is Kind.BLIND or self.verdict == "undetermined")


def arn(seen: Seen) -> str:
    """Of the function."""
    partition = partition_of(seen.region)
    return f"arn:{partition}:lambda:{seen.region}:{seen.account}:function:{seen.name}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An account or region that could not be scanned, or not all of it."""

    account: str
    region: str
    why: str
    denied: bool = False
    """For lack of a permission."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Functions with one cause and class."""

    cause: str
    kind: Kind
    functions: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole result."""

    checked_at: datetime
    seen: tuple[Seen, ...]
    unreadable: tuple[Unreadable, ...]
    places: int = 1
    """How many accounts and regions were to be read."""

    @property
    def blank(self) -> bool:
        """Not one account and region could be read."""
        hidden = {(each.account, each.region) for each in self.unreadable}
        return not self.seen and len(hidden) >= self.places

    @property
    def verified(self) -> tuple[int, int]:
        """How many were seen exactly, of how many that were suspicious."""
        exact = sum(each.exact for each in self.seen)
        return exact, exact + sum(each.suspicious for each in self.seen)
