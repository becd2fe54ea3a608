"""
Steps of the store's clock, noticed by this machine's monotonic one, and corrected.

What is due stands in the store by the time of its server. Where that clock jumps (somebody set it,
or a failover leads to a server with another one), waits would end early, or hours late. So each
process compares both clocks at every tick, and what they moved apart is added to what is due:
once, whichever process notices it first. From the jump until then the store's `now` stands still
(lua/clock.lua). Slots of digests are times of the wall clock: they are left where they are.

A step while no process runs goes unnoticed. So does one between the moment at which a due time is
computed and the one at which it is saved: milliseconds for a wait that somebody requests.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import structlog
from redis import Redis

from bot.store.scripts import Script

LEAST = 1_000
"""Milliseconds; clocks that are slewed, or drift, move apart by less between two ticks."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Of both clocks: the store's in milliseconds, between two seconds of ours."""

    at: int
    before: float
    after: float
    steps: int
    """How many were corrected by then."""


def moved(earlier: Reading, later: Reading) -> int:
    """
    Milliseconds by which the store's clock was set forward (or back, below zero) between the two.

    0 unless it is proved: an answer that took its time proves the less.
    """
    store = later.at - earlier.at
    least = store - round((later.after - earlier.before) * 1000)
    most = store - round((later.before - earlier.after) * 1000)
    return round((least + most) / 2) if least > LEAST or most < -LEAST else 0


class ClockSteps:
    """`tick` is to be called twice a second, by each process."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._read = Script(redis, "clock_read")
        self._confirm = Script(redis, "clock_confirm")
        self._correct = Script(redis, "clock_correct")
        self._earlier: Reading | None = None

    def tick(self) -> None:
        """Confirm the store's time, or correct a step of it."""
        reading = self._reading()
        earlier, self._earlier = self._earlier, reading
        if earlier is None:
            return  # nothing to compare it with: it may have jumped a moment ago
        by = moved(earlier, reading)
        if not by or earlier.steps != reading.steps:
            self._confirm(at=reading.at, steps=reading.steps)
            return
        log.warning("store_clock_stepped", seconds=by / 1000)
        if self._correct(by=by, at=reading.at, steps=reading.steps):
            self._earlier = replace(reading, steps=reading.steps + 1)

    def _reading(self) -> Reading:
        before = _monotonic()
        at, steps = self._read()
        return Reading(int(at), before, _monotonic(), int(steps))


def _monotonic() -> float:
    """Seconds; those in which the machine slept count, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
