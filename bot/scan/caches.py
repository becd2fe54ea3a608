"""What the chunks of a scan share in one process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from bot.aws.evidence.once import Once
from bot.aws.evidence.request import Cache

T = TypeVar("T")
MOST = 8
"""Scans at once; of others it is read again."""


class ByScan:
    """By a scan's id, what is the same for all of a place, and is not in the store."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._of: OrderedDict[str, Once] = OrderedDict()
        self._lock = Lock()

    def of(self, scan: str) -> Once:
        """The newest `MOST` are kept."""
        with self._lock:
            once = self._of.setdefault(scan, Once())
            self._of.move_to_end(scan)
            while len(self._of) > MOST:
                self._of.popitem(last=False)
            return once


class Apart:
    """A function's own parts are always read again; the others are `cache`'s."""

    def __init__(self, cache: Cache) -> None:
        """Reads nothing."""
        self._cache = cache

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """As a `Cache` of bot/aws/evidence/request.py."""
        return read() if key.startswith("function:") else self._cache(key, read)
