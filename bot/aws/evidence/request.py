"""Whose evidence is gathered, and where what was read is cached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.aws.client import Account
from bot.aws.evidence.batch import Batch, default_group
from checks.function_ref import FunctionRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FunctionRequest:
    """One function whose evidence is wanted, and when that was."""

    account: Account
    region: str
    function: FunctionRef
    now: datetime
    batch: Batch | None = None
    """Those that are checked with it."""

    @property
    def together(self) -> Batch:
        """Its batch, or one of its own."""
        return self.batch or Batch(self.account, self.region, (self.name,), self.now)

    @property
    def name(self) -> str:
        """The function's."""
        return self.function.name

    @property
    def qualifier(self) -> str | None:
        """The alias or version that is wanted."""
        return self.function.qualifier

    @property
    def default_group(self) -> str:
        """Where Lambda logs to by default."""
        return default_group(self.name)


class Cache(Protocol):
    """What is cached under `key` ("region:123456789012:eu-west-1"), or what `read` gives."""

    def __call__(self, key: str, read: Callable[[], T], /) -> T: ...


def uncached(_: str, read: Callable[[], T], /) -> T:
    """Caches nothing."""
    return read()
