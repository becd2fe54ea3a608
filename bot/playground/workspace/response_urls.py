"""Addresses for answers to one command: five uses, within half an hour."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

USES, SECONDS = 5, 1800.0


@dataclass
class ResponseUrl:
    """Who reads what is sent there."""

    channel: str
    user: str
    until: float
    left: int = USES

    @property
    def open(self) -> bool:
        """Whether it takes another answer."""
        return self.left > 0 and time.monotonic() <= self.until


class ResponseUrls:
    """By their ids."""

    def __init__(self) -> None:
        """None yet."""
        self._urls: dict[str, ResponseUrl] = {}

    def __iter__(self) -> Iterator[ResponseUrl]:
        """All that were given out."""
        return iter(self._urls.values())

    def add(self, id_: str, channel: str, user: str) -> None:
        """Another one."""
        self._urls[id_] = ResponseUrl(channel, user, time.monotonic() + SECONDS)

    def get(self, id_: str) -> ResponseUrl | None:
        """None for one that is used up, too old, or was never there."""
        url = self._urls.get(id_)
        return url if url and url.open else None
