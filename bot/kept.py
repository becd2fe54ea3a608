"""
Evidence kept by scope, for those who do not ask for a new look.

A part that could not be read is never kept: the permission may be granted the next minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.aws.account_parts import AccountParts
from bot.aws.function_parts import FunctionParts
from bot.aws.region_parts import RegionParts
from bot.aws.under_way import UnderWay
from bot.store.coding import Unreadable, decode, encode
from bot.store.evidence import Evidence
from checks.evidence import Missing

T = TypeVar("T")
SCOPES: dict[str, type[Any]] = {
    "account": AccountParts,
    "region": RegionParts,
    "function": FunctionParts,
}


@dataclass
class Kept:
    """A `Keep` of bot/aws/asked.py. `fresh` reads anew and keeps what it read."""

    evidence: Evidence
    under_way: UnderWay
    ttl: timedelta
    fresh: bool
    oldest: datetime | None = None
    """When the oldest part was read that came from the store."""

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """The parts of one scope."""
        if not self.fresh and (found := self._found(key)) is not None:
            known: T = found
            return known
        value = self.under_way(key, read)
        if self.ttl and _whole(value):
            self.evidence.put(key, encode(value), self.ttl)
        return value

    def _found(self, key: str) -> Any:
        stored = self.evidence.get(key)
        if stored is None:
            return None
        text, read_at = stored
        try:
            value = decode(SCOPES[key.partition(":")[0]], text)
        except Unreadable:
            return None
        self.oldest = min(self.oldest or read_at, read_at)
        return value


def _whole(value: Any) -> bool:
    """Whether every part of it was read."""
    parts = [getattr(value, each.name) for each in fields(value)]
    parts += [getattr(each, field.name) for each in parts for field in _fields(each)]
    return not any(isinstance(each, Missing) for each in parts)


def _fields(value: Any) -> Any:
    return fields(value) if hasattr(value, "__dataclass_fields__") else ()
