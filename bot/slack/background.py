"""Threads for calls to Slack that no answer waits for: bounded, and never in the way of an end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Thread

import structlog

from bot.observability.tracing import carried

log = structlog.get_logger(__name__)
Work = Callable[[], None]


class Background:
    """
    So many threads, and room for so much work that waits for one.

    They are daemons: at the end of the process a call that hangs is left behind. So only that
    belongs here which is in no store, and may be lost.
    """

    def __init__(self, name: str, threads: int, room: int) -> None:
        """They wait for work at once."""
        self._name, self._threads = name, threads
        self._waiting: Queue[Work | None] = Queue(room)
        self._stopped = Event()
        for _ in range(threads):
            Thread(target=self._run, name=name, daemon=True).start()

    def submit(self, work: Work) -> bool:
        """Do it when a thread is free; False, and nothing is done, when too much waits already."""
        try:
            if not self._stopped.is_set():
                self._waiting.put_nowait(carried(work))
                return True
        except Full:
            log.warning("too_much_waits", of=self._name)
        return False

    def stop(self) -> None:
        """Begin nothing more, and wait for nothing."""
        self._stopped.set()
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()
        with suppress(Full):
            for _ in range(self._threads):
                self._waiting.put_nowait(None)

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                work()
            except Exception:  # nobody else would hear of it
                log.exception("background_failed", of=self._name)
