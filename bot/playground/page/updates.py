"""Who waits for something to be new in the workspace."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.playground.workspace import Workspace

BEAT = 1.0
"""Seconds after which those who wait check anyway."""


class News:
    """Wakes the page's streams when the workspace says that something changed."""

    def __init__(self, slack: Workspace) -> None:
        """Within the loop that the streams run in."""
        self._slack = slack
        self._loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Event] = set()
        self._over = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @contextmanager
    def listener(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.remove(event)

    def tell(self) -> None:
        """Wake everybody."""
        for event in self._waiting:
            event.set()

    def stop(self) -> None:
        """Listen no more."""
        self._over = True

    def _listen(self) -> None:
        # the lock is given up in wait() alone, so that no change is missed
        with self._slack.lock:
            while not self._over:
                self._slack.lock.wait(BEAT)
                if not self._loop.is_closed():
                    self._loop.call_soon_threadsafe(self.tell)
