"""
Claims of this process that are renewed while their work goes on.

So a lease may be short, and what a killed process held comes back soon, although a look may
take long. Work that hangs is given up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.store.due import Claim, Due

LEASE = timedelta(seconds=20)
LONGEST = 120.0
"""Seconds of one piece of work."""


class Leases:
    """Those at work now."""

    def __init__(self, due: Due) -> None:
        """`renew` is to be called each second."""
        self._due = due
        self._lock = threading.Lock()
        self._held: dict[Claim, float] = {}

    @contextmanager
    def claimed(self, kind: str, id_: str) -> Iterator[Claim | None]:
        """The claim, for as long as the block runs; None where it is not due, or another's."""
        claim = self._due.claim(kind, id_, LEASE)
        if claim is None:
            yield None
            return
        with self._lock:
            self._held[claim] = time.monotonic() + LONGEST
        try:
            yield claim
        finally:
            with self._lock:
                del self._held[claim]

    def renew(self) -> None:
        """For all of them."""
        with self._lock:
            held = [claim for claim, until in self._held.items() if time.monotonic() < until]
        for claim in held:
            self._due.renew(claim, LEASE)
