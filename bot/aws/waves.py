"""
Calls under way at once, with one deadline for all of them.

Threads are daemons: a call that hangs must keep neither the caller nor the end of the process
waiting. What comes too late is `Missing`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import TypeVar

from bot.tracing import carried
from checks.evidence import Missing

T = TypeVar("T")
Progress = Callable[[frozenset[str]], None]
"""Told the names of the parts that are still being read, whenever one is done."""

DEADLINE = 45.0


@dataclass
class Wave:
    """What is being read; `left` are its names."""

    progress: Progress
    seconds: float = DEADLINE
    began: float = field(default_factory=monotonic)
    left: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, part: str, read: Callable[[], T]) -> Future[T]:
        """Begin to read `part`, which people are shown while it is being read."""
        with self._lock:
            self.left.add(part)

        def known() -> T:
            try:
                return read()
            finally:
                self._done(part)

        return self.begin(known)

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Begin `work`, which may itself ask and wait."""
        future: Future[T] = Future()
        Thread(target=carried(_settle), args=(future, work), name="aws", daemon=True).start()
        return future

    def get(self, future: Future[T], *, within: float | None = None) -> T | Missing:
        """What was read; Missing when it came too late, for the wave or for `within`."""
        left = max(0.0, self.began + self.seconds - monotonic())
        patience = left if within is None else min(left, within)
        try:
            return future.result(patience)
        except LateError:
            if future.done():  # it failed with a timeout of its own
                raise
            return Missing(f"AWS did not answer within {within or self.seconds:.0f} seconds.")

    def _done(self, part: str) -> None:
        with self._lock:
            self.left.discard(part)
            left = frozenset(self.left)
        self.progress(left)


def _settle(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
        future.set_exception(error)
