"""
The metronome: twice a second, nudge what is due.

It decides nothing, and any number of replicas may run one. What it nudged and is still
due, it nudges again only after a while; and it adds nothing to a queue that is long.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from operator import itemgetter

import structlog
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)

from bot.jobs.broker import Broker
from bot.store.due import Due

TICK = 0.5
"""Seconds."""
AGAIN_AFTER = 5.0
"""Seconds; a worker that was killed with a nudge in hand is noticed as late as this."""
LONGEST_QUEUE = 200
BEAT_LIMIT = 10.0
"""Seconds without a beat after which the clock counts as dead."""

log = structlog.get_logger(__name__)


class Clock:
    """Sweeps; `every` are other things to do as often, such as keeping the store up."""

    def __init__(
        self, due: Due, broker: Broker, *, every: tuple[Callable[[], None], ...] = ()
    ) -> None:
        """Stands still until `start`."""
        self._due, self._broker = due, broker
        self._nudged: dict[tuple[tuple[str, str], datetime], float] = {}
        self._beat_at = float("-inf")
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for act in (self._beat, self._sweep, *every):
            self._scheduler.add_job(_guarded(act), "interval", seconds=TICK)

    def start(self) -> None:
        """Begin at once."""
        self._beat()
        self._scheduler.start()

    def stop(self) -> None:
        """Return when the last act is over."""
        if self._scheduler.running:
            self._scheduler.shutdown()

    def alive(self) -> bool:
        """Whether it beat lately: the scheduler calls itself running even when it is not."""
        return time.monotonic() - self._beat_at < BEAT_LIMIT

    def _beat(self) -> None:
        self._beat_at = time.monotonic()

    def _sweep(self) -> None:
        room = LONGEST_QUEUE - self._broker.waiting()
        if room <= 0:
            return
        now = time.monotonic()
        due = set(self._due.sweep(LONGEST_QUEUE).items())
        recent = {it: at for it, at in self._nudged.items() if it in due and now - at < AGAIN_AFTER}
        for it in sorted(due - recent.keys(), key=itemgetter(1))[:room]:
            self._broker.nudge(*it[0])
            recent[it] = now
        self._nudged = recent


def _guarded(act: Callable[[], None]) -> Callable[[], None]:
    """An error must not end the thread; the next tick tries again."""

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it was
            log.warning("tick_failed", act=act.__qualname__, error=type(error).__name__)

    return run
