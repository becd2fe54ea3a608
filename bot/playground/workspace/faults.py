"""What the fake Slack can be made to do: faults, refusals, limits, delays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.playground.workspace.limits import Limits


@dataclass
class Faults:
    """The share of posts, edits and readings, 0 to 1, that each fault affects."""

    dropped_before: float = 0.0
    """The connection ends, and nothing was done."""
    dropped_after: float = 0.0
    """It was done, and the connection ends."""
    error_before: float = 0.0
    """Answered with status 500, and nothing was done."""
    error_after: float = 0.0
    """It was done, and answered with status 500."""
    trouble_before: float = 0.0
    """Answered with status 200 and `internal_error`, as Slack does, and nothing was done."""
    trouble_after: float = 0.0
    """It was done, and answered so."""
    late: float = 0.0
    """It was done, and the answer takes longer than its client waits."""
    limited: float = 0.0
    """Answered with status 429."""

    def pick(self, chance: Random) -> str | None:
        """At most one."""
        at = chance.random()
        for name, share in vars(self).items():
            if at < share:
                return name
            at -= share
        return None


@dataclass
class Behavior:
    """What whoever holds a workspace may set, and the calls that they may count."""

    calls: Counter[str] = field(default_factory=Counter)
    faults: Faults = field(default_factory=Faults)
    refuses: dict[tuple[str, str], str] = field(default_factory=dict)
    """(method, what it is about or "*") → the error word that is the answer."""
    hangs_up: set[tuple[str, str]] = field(default_factory=set)
    """(method, what it is about): it is done, and the connection ends."""
    limits: Limits = field(default_factory=Limits)
    latencies: dict[str, float] = field(default_factory=dict)
    """Seconds by method; 0 where none are given."""
    clock_ahead: float = 0.0
    """Seconds by which the Date of an answer is ahead of this machine's."""
    reports_scopes: bool = True
