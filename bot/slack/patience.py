"""
One deadline for all calls of Slack before a request of its own is acknowledged.

Slack waits three seconds. Half of that is for its own answers, however many are needed; the rest
is for the store.
"""

from __future__ import annotations

import time
from contextvars import ContextVar

SECONDS = 1.5

_until: ContextVar[float | None] = ContextVar("asking_until", default=None)


def begin() -> None:
    """A request arrived: it has all of the time."""
    _until.set(time.monotonic() + SECONDS)


def left() -> float:
    """Seconds that are left of it; all of them outside a request."""
    until = _until.get()
    return SECONDS if until is None else max(0.0, until - time.monotonic())
