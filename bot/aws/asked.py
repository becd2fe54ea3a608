"""Whose evidence is gathered, and how what was read is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.aws.door import Account

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """One function, as it was asked for, and when."""

    account: Account
    region: str
    name: str
    qualifier: str | None
    now: datetime

    @property
    def default_group(self) -> str:
        """Where Lambda logs to unless told otherwise."""
        return f"/aws/lambda/{self.name}"


class Keep(Protocol):
    """What was kept under `key` ("region:123456789012:eu-west-1"), or what `read` gives."""

    def __call__(self, key: str, read: Callable[[], T], /) -> T: ...


def anew(_: str, read: Callable[[], T], /) -> T:
    """Keeps nothing."""
    return read()
