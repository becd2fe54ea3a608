"""How the store is: who it is, what time it has, how it keeps what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis

from bot.store.connection import StoreError, connect, now
from bot.store.due import Due
from bot.store.unread import Unread

LIMIT = 3.0
"""Seconds to connect, and again for each answer."""


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """What could be read; None where the server did not tell."""

    server: str
    """Such as "Valkey 9.1.2"."""
    version: tuple[int, ...] | None
    """As a Redis counts: a Valkey says which one it is like."""
    ahead: timedelta
    """By how much this machine's clock is ahead of the store's."""
    appendonly: bool | None
    appendfsync: str | None
    policy: str | None
    """maxmemory-policy."""
    parked: tuple[str, ...]
    """"kind:id" of what was given up or put aside."""
    unread: Mapping[str, int | None]
    """Those of them that no release here can read, and their schema."""


def condition(url: str) -> StoreCondition:
    """Raises redis's errors, and OSError, when it does not answer."""
    with connect(url, answer_limit=LIMIT) as redis:
        before = datetime.now(UTC)
        at = now(redis)
        middle = before + (datetime.now(UTC) - before) / 2
        server = _told(redis, "server")
        number = str(server.get("redis_version") or "")
        name = str(server.get("server_name") or "redis").capitalize()
        own = server.get(f"{name.lower()}_version") or number
        return StoreCondition(
            server=f"{name} {own}".strip() if server else "",
            version=tuple(map(int, number.split(".")))
            if number.replace(".", "").isdigit()
            else None,
            ahead=middle - at,
            appendonly=_appendonly(redis),
            appendfsync=_configured(redis, "appendfsync"),
            policy=_configured(redis, "maxmemory-policy")
            or _told(redis, "memory").get("maxmemory_policy"),
            parked=tuple(":".join(each) for each in Due(redis).parked()),
            unread=dict(Unread(redis).told()),
        )


def _appendonly(redis: Redis) -> bool | None:
    configured = _configured(redis, "appendonly")
    if configured is not None:
        return configured == "yes"
    told = _told(redis, "persistence").get("aof_enabled")
    return None if told is None else bool(int(told))


def _configured(redis: Redis, name: str) -> str | None:
    """Hosted stores refuse CONFIG."""
    found: Any = _or_none(lambda: redis.config_get(name))
    return str(found[name]) if found and name in found else None


def _told(redis: Redis, section: str) -> Mapping[str, Any]:
    told: Any = _or_none(lambda: redis.info(section))
    return told or {}


def _or_none(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except StoreError:
        return None
