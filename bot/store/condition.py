"""The state of the store: what server it is, what time it has, how it persists what it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, cast

from redis import Redis

from bot.store import keys
from bot.store.connection import StoreError, connect, from_ms, server_time
from bot.store.due import Due
from bot.store.events import Arrival, arrivals
from bot.store.outbox import Outbox
from bot.store.quarantine import Quarantine
from bot.store.readiness import Refusal, refusal

LIMIT = 3.0
"""Seconds to connect, and again for each answer."""
LATELY = timedelta(days=7)
"""As long as a request is stored; what was lost longer ago would be gone anyway."""


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """What could be read; None where the server did not say."""

    server: str
    """Such as "Valkey 9.1.2"."""
    version: tuple[int, ...] | None
    """As a Redis counts: a Valkey says which one it is like."""
    ahead: timedelta
    """By how much this machine's clock is ahead of the store's."""
    cluster: bool
    appendonly: bool | None
    appendfsync: str | None
    policy: str | None
    """maxmemory-policy."""
    refusal: Refusal | None = None
    """Why it takes no writes; None when it does."""
    owner: str | None = None
    """The team whose bot uses it."""
    lost_at: datetime | None = None
    """When it was found empty, although it had not been; for a week."""
    parked: tuple[str, ...] = ()
    """"kind:id" of what was given up or set aside."""
    unreadable: Mapping[str, int | None] = field(default_factory=dict)
    """Those of them that no release here can read, and their schema."""
    shut_out: str | None = None
    """Slack's word for why it takes no messages, as a sender met it lately."""


def condition(url: str) -> StoreCondition:
    """Raises redis's errors, and OSError, when it does not answer."""
    with connect(url, answer_limit=LIMIT) as redis:
        before = datetime.now(UTC)
        at = server_time(redis)
        middle = before + (datetime.now(UTC) - before) / 2
        name, version = _server(redis)
        cluster = bool(_info(redis, "cluster").get("cluster_enabled"))
        return StoreCondition(
            server=name,
            version=version,
            ahead=middle - at,
            cluster=cluster,
            appendonly=_appendonly(redis),
            appendfsync=_configured(redis, "appendfsync"),
            policy=_configured(redis, "maxmemory-policy")
            or _info(redis, "memory").get("maxmemory_policy"),
            **(_Contents() if cluster else _contents(redis, at)),
        )


def arrived(url: str, places: Iterable[str]) -> Mapping[str, Arrival]:
    """What came of the events of these places; raises as `condition`."""
    with connect(url, answer_limit=LIMIT) as redis:
        return arrivals(redis, places, server_time(redis))


class _Contents(TypedDict, total=False):
    """What a store in cluster mode is not asked for: scripts do not work there."""

    refusal: Refusal | None
    owner: str | None
    lost_at: datetime | None
    parked: tuple[str, ...]
    unreadable: Mapping[str, int | None]
    shut_out: str | None


def _contents(redis: Redis, at: datetime) -> _Contents:
    identity = cast(dict[str, str], redis.hgetall(keys.IDENTITY))
    return _Contents(
        refusal=refusal(redis),
        owner=identity.get("team"),
        lost_at=_lately(identity.get("lost_at"), at),
        parked=tuple(":".join(parked) for parked in Due(redis).parked()),
        unreadable=dict(Quarantine(redis).unreadable()),
        shut_out=Outbox(redis).shut_out_by(),
    )


def _server(redis: Redis) -> tuple[str, tuple[int, ...] | None]:
    """Such as "Valkey 9.1.2", and the version of Redis that it is like."""
    server = _info(redis, "server")
    number = str(server.get("redis_version") or "")
    name = str(server.get("server_name") or "redis").capitalize()
    own = server.get(f"{name.lower()}_version") or number
    version = tuple(map(int, number.split("."))) if number.replace(".", "").isdigit() else None
    return f"{name} {own}".strip() if server else "", version


def _lately(ms: str | None, now: datetime) -> datetime | None:
    then = from_ms(ms) if ms else None
    return then if then and now - then < LATELY else None


def _appendonly(redis: Redis) -> bool | None:
    configured = _configured(redis, "appendonly")
    if configured is not None:
        return configured == "yes"
    enabled = _info(redis, "persistence").get("aof_enabled")
    return None if enabled is None else bool(int(enabled))


def _configured(redis: Redis, name: str) -> str | None:
    """Hosted stores refuse CONFIG."""
    settings: Any = _or_none(lambda: redis.config_get(name))
    return str(settings[name]) if settings and name in settings else None


def _info(redis: Redis, section: str) -> Mapping[str, Any]:
    info: Any = _or_none(lambda: redis.info(section))
    return info or {}


def _or_none(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except StoreError:
        return None
