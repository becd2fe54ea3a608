"""
The metronome: twice a second, nudge what is due.

It decides nothing, and any number of replicas may run one. What it nudged and is still
due, it nudges again only after a while; and it adds nothing to a queue that is long. No queue
and no kind holds up another one, and what people were promised goes first.

APScheduler plans by the wall clock. Two measures keep a step of that clock from stalling or
hurrying a tick: the next tick is always TICK from now, whatever was missed, and a thread that
waits by the monotonic clock makes everything due when the wall clock moved.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)
from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]

from bot.jobs.broker import Broker
from bot.store.due import (
    AT_ONCE,
    CATCH_UP,
    CHUNK,
    COPIES,
    DEPLOY,
    DIAGNOSIS,
    DIGEST,
    DRAFT,
    ENTRY,
    HOME,
    INQUIRY,
    SCAN,
    TRIAGE,
    WATCH,
    Due,
)

TICK = 0.5
"""Seconds."""
AGAIN_AFTER = 5.0
"""Seconds; a worker that was killed with a nudge in hand is noticed as late as this."""
LONGEST_QUEUE = 200
"""Nudges that wait for a worker."""
RESERVED = 100
"""Places behind those for what was promised: checks that wait for a worker must not hold it up."""
PROMISED = (ENTRY, TRIAGE, DIGEST, DEPLOY)
ORDER = (*PROMISED, HOME, DRAFT, INQUIRY, DIAGNOSIS, SCAN, CHUNK, WATCH, CATCH_UP, COPIES)
"""Of kinds that are due at once; unknown ones come last."""
BEAT_LIMIT = 10.0
"""Seconds without a beat after which the clock counts as dead."""

log = structlog.get_logger(__name__)
Member = tuple[tuple[str, str], datetime]
"""Kind and id, and since when it is due."""


class _Ticks(BaseTrigger):  # type: ignore[misc]
    """
    At once, and then TICK after each tick.

    IntervalTrigger lists every tick that was missed: a step forward by a day makes 172,800.
    """

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """APScheduler's interface."""
        return now + timedelta(seconds=TICK) if previous else now


class Clock:
    """Sweeps; `every` is what else to do as often, such as keeping the store up."""

    def __init__(
        self, due: Due, broker: Broker, *, every: tuple[Callable[[], None], ...] = ()
    ) -> None:
        """Stands still until `start`."""
        self._due, self._broker = due, broker
        self._nudged: dict[Member, float] = {}
        self._beat_at = float("-inf")
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for act in (self._beat, self._sweep, *every):
            self._scheduler.add_job(_guarded(act), _Ticks())
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="wall-clock", daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._beat()
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        """Return when the last act is over."""
        if self._scheduler.running:
            self._stopping.set()
            self._watcher.join()
            self._scheduler.shutdown()

    def alive(self) -> bool:
        """Whether it beat lately: the scheduler calls itself running even when it is not."""
        return time.monotonic() - self._beat_at < BEAT_LIMIT

    def _beat(self) -> None:
        self._beat_at = time.monotonic()

    def _watch(self) -> None:
        ahead = _wall_ahead()
        while not self._stopping.wait(TICK):
            if abs(_wall_ahead() - ahead) > TICK:
                ahead = _wall_ahead()
                log.warning("wall_clock_stepped")
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    def _sweep(self) -> None:
        now = time.monotonic()
        of_a_kind = LONGEST_QUEUE + len(self._nudged)
        due = set(self._due.sweep(AT_ONCE, of_a_kind=of_a_kind).items())
        nudged = {it: at for it, at in self._nudged.items() if it in due}
        lengths = {queue.name: queue.waiting() for queue in self._broker.queues}
        for it in sorted(due, key=lambda it: _urgency(it, nudged)):
            (kind, id_), _ = it
            queue = self._broker.queue_of(kind).name
            rests = now - nudged.get(it, float("-inf")) < AGAIN_AFTER
            if not rests and lengths[queue] < _longest(kind):
                self._broker.nudge(kind, id_)
                lengths[queue] += 1
                nudged[it] = now
        self._nudged = nudged


def _urgency(it: Member, nudged: Mapping[Member, float]) -> tuple[int, float, datetime]:
    """By kind; then what was not nudged yet, or longest ago; then the longest due."""
    (kind, _), since = it
    first = ORDER.index(kind) if kind in ORDER else len(ORDER)
    return first, nudged.get(it, float("-inf")), since


def _longest(kind: str) -> int:
    """The queue that its nudges are still added to."""
    return LONGEST_QUEUE + (RESERVED if kind in PROMISED else 0)


def _wall_ahead() -> float:
    """Seconds by which the wall clock is ahead of the monotonic one; only its changes mean much."""
    return time.time() - time.monotonic()


def _guarded(act: Callable[[], None]) -> Callable[[], None]:
    """An error must not end the thread; the next tick tries again."""

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it was
            log.warning("tick_failed", act=act.__qualname__, error=type(error).__name__)

    return run
