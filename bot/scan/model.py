"""What a scan knows of a function, and of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.organization import Unit
from bot.regions import partition_of
from checks.function_ref import FunctionRef

UNVERIFIED = "unverified"
"""A scan's own verdict: what it looked at is well, and the log was not read."""


MOST_EXACT = 1_000
"""Functions that one scan looks at exactly: else a permission that is missing makes it all of them."""


class ProblemClass(StrEnum):
    """The class of a function with a problem."""

    DOWN = "down"
    """The SDK's setup, or another tool's wrapper, stops the function itself."""
    NOT_INSTRUMENTED = "not_instrumented"
    """No sign of the SDK on it, now or before."""
    QUIET = "quiet"
    """Nobody invoked it."""
    BLIND = "blind"


NEWS = frozenset({ProblemClass.DOWN, ProblemClass.BLIND})
"""The classes that a script fails on and a digest reports."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One function."""

    name: str
    region: str
    account: str
    verdict: str
    """As a report's, or `UNVERIFIED`."""
    cause: str | None = None
    kind: ProblemClass | None = None
    """Only of a problem."""
    invoked: int = 0
    """Invocations of the last two weeks, as far as they were read."""
    exact: bool = False
    """By a whole check, or because nothing that was not read could change it."""
    saw: str | None = None
    """What was seen of the cause, where it is exact."""
    owner: str | None = None
    """What the tag says that the settings name; read of those that are broken or should report."""
    reported_at: datetime | None = None
    """By a whole check: when the newest payload was logged."""
    impact: str | None = None
    """Of a problem or a notice, as a report's."""
    headline: str | None = None
    """What is wrong, as a report's, without the function's name."""
    basis: str | None = None
    """What an exact answer may rest on, as the first tier saw it (bot/scan/memory.py)."""
    runtime: str | None = None
    """None for a container image."""
    checked_before: datetime | None = None
    """When an earlier scan checked it exactly, where that still holds."""
    steady: bool = False
    """Of an exact answer: invocations have shown the problem, and no alias can be moved."""

    @property
    def is_news(self) -> bool:
        """Whether it is down or blind."""
        return self.kind in NEWS

    @property
    def ref(self) -> FunctionRef:
        """Which function."""
        return FunctionRef(self.name, None, self.region, self.account)

    @property
    def suspicious(self) -> bool:
        """Whether a whole check may show more."""
        return not self.exact and (self.is_news or self.verdict == "undetermined")


def arn(seen: Seen) -> str:
    """Of the function."""
    return seen.ref.arn(partition_of(seen.region) or "aws")


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
    kind: ProblemClass
    functions: tuple[Seen, ...]

    @property
    def is_news(self) -> bool:
        """Whether its functions are down or blind."""
        return self.kind in NEWS

    @property
    def key(self) -> str:
        """What no other cluster on a card has; no slug, because a card holds it."""
        partly = ":partial" if any(it.impact == "partial" for it in self.functions) else ""
        return sha256(f"{self.kind.value}:{self.cause}{partly}".encode()).hexdigest()[:16]

    @property
    def headline(self) -> str | None:
        """Of most of its functions."""
        return next(iter(self._headlines), None)

    @property
    def other_headlines(self) -> int:
        """How many others there are: the same check may fail for several reasons."""
        return max(0, len(self._headlines) - 1)

    @property
    def _headlines(self) -> Sequence[str]:
        counted = Counter(function.headline for function in self.functions if function.headline)
        return [headline for headline, _ in counted.most_common()]


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole result."""

    checked_at: datetime
    seen: tuple[Seen, ...]
    unreadable: tuple[Unreadable, ...]
    places: int = 1
    """How many accounts and regions were to be read."""
    left: int = 0
    """Suspicious ones beyond `MOST_EXACT`, which were not looked at exactly."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    """The organizational unit of each account that has one, by its number."""

    @property
    def blank(self) -> bool:
        """Not one account and region could be read."""
        hidden = {(place.account, place.region) for place in self.unreadable}
        return not self.seen and len(hidden) >= self.places
