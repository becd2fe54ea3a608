"""
The fake account's CloudTrail: what was recorded, and when its event history shows it.

`makers.py` says who changes something and how, `composed.py` makes events of it in the shapes of
public samples. No real account was ever read.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Event = dict[str, Any]
KEPT = timedelta(days=90)
"""AWS CloudTrail User Guide, "Working with CloudTrail event history"."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as CloudTrail writes it, and the resources by which it can be looked up."""

    event: Mapping[str, Any]
    at: datetime
    shown_from: datetime
    resources: Sequence[tuple[str, str]] = ()
    """Type and name: AWS::Lambda::Function, orders."""


@dataclass
class Trail:
    """Of an account, all regions. Faults hold for what is recorded after they were set."""

    delay: timedelta = timedelta(minutes=5)
    """After which the event history shows an event."""
    jitter: timedelta = timedelta(0)
    """By how much longer at most."""
    lost: float = 0.0
    """Share of events that are never shown."""
    doubled: float = 0.0
    """Share of events that are shown twice."""
    mixed: timedelta = timedelta(0)
    """By how much the order of events may be wrong; AWS says newest first."""
    trails: dict[str, bool] = field(default_factory=dict)
    """Those that record into a bucket, and whether each is logging; the event history needs none."""
    recorded: dict[str, list[Recorded]] = field(default_factory=dict)
    """By region, lost ones not included."""
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret

    def record(self, *events: tuple[Event, Sequence[tuple[str, str]]]) -> None:
        """Each with its resources, in the region that it names."""
        for event, resources in events:
            at = datetime.fromisoformat(str(event["eventTime"])).astimezone(UTC)
            if self.dice.random() < self.lost:
                continue
            late = self.jitter * self.dice.random()
            one = Recorded(event, at, at + self.delay + late, resources)
            times = 2 if self.dice.random() < self.doubled else 1
            self.recorded.setdefault(str(event["awsRegion"]), []).extend([one] * times)

    @property
    def is_logging(self) -> bool:
        """Whether EventBridge is told of calls. An account without any trail is taken to have one elsewhere."""
        return not self.trails or any(self.trails.values())

    def shown(self, region: str, now: datetime) -> list[Recorded]:
        """What the event history shows at `now`, newest first."""
        events = [
            one
            for one in self.recorded.get(region, [])
            if one.shown_from <= now and one.at > now - KEPT
        ]
        return sorted(events, key=self._place, reverse=True)

    def _place(self, one: Recorded) -> datetime:
        """The same in each answer, so that pages fit together."""
        share = int(str(one.event["eventID"])[:4], 16) / 0xFFFF
        return one.at + self.mixed * share
