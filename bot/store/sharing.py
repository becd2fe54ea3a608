"""
What the processes of a bot share, so that each thing is read, learned and done once.

**Values**: evidence and reports that are fresh enough for whoever asks next. **Buckets**: with the
arithmetic of bot/aws/parallel.py on the store's clock, all processes together keep to AWS's rates.
While the store is away a process keeps to its own buckets: it must not stand still, nor forget AWS's
quotas. **Channels** of other organizations, as far as one process has learned of them.

**Single flight**: the first one `begin`s the work. The others save that they wait (with a due time of
their own, in case the first one dies), then `join`. `confirm` (the work has come so far that they
may know of it) and `end` make them due at once. A `join` that gives False came too late: the result is
there. A waiter is a member of the due set, of any kind. The release before knew diagnoses alone and
wrote their ids without the kind. They are still written so, because both releases wake each other's
waiters during a rollout.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

import structlog
from redis import Redis

from bot.aws.parallel import Buckets
from bot.store import keys
from bot.store.connection import StoreError, from_ms, milliseconds
from bot.store.due import DIAGNOSIS, kind_and_id, member
from bot.store.scripts import Script

Waiter = tuple[str, str]
"""Kind and id, as the due set has them."""
REMEMBERED = 30 * 24 * 3600
"""Seconds since it was learned last that a channel is shared with another organization."""

log = structlog.get_logger(__name__)


class SharedValues:
    """Values by scope: of an account, a region or a function."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._put = Script(redis, "evidence_put")

    def get(self, scope: str) -> tuple[str, datetime] | None:
        """The value and when it was read; None when it is absent or too old."""
        fields = self._redis.hmget(keys.EVIDENCE(scope), "value", "read_at")
        value, read_at = cast(list[str | None], fields)
        return (value, from_ms(read_at)) if value is not None and read_at is not None else None

    def put(self, scope: str, value_json: str, ttl: timedelta) -> None:
        """Keep the value for `ttl`."""
        self._put(scope=scope, value=value_json, ttl=milliseconds(ttl))


class SharedBuckets:
    """One bucket a name; it goes away when it is full again."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._take = Script(redis, "rate_take")
        self._own = Buckets()

    def take(self, name: str, rate: float, size: float, tokens: float, /) -> float:
        """A `Take` of bot/aws/parallel.py."""
        try:
            return float(self._take(name=name, rate=rate, size=size, tokens=tokens))
        except (StoreError, OSError) as error:
            log.warning("rates_not_shared", error=type(error).__name__)
            return self._own.take(name, rate, size, tokens)


class ExternalChannels:
    """Whether another organization reads along (Slack Connect), by channel."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis

    def put(self, channel: str, *, external: bool) -> None:
        """In place of what was learned before."""
        self._redis.set(keys.EXTERNAL(channel), int(external), ex=REMEMBERED)

    def get(self, channel: str) -> bool | None:
        """None where nothing was learned."""
        learned = self._redis.get(keys.EXTERNAL(channel))
        return None if learned is None else learned == "1"


class SingleFlight:
    """By the name of the work."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._begin = Script(redis, "flight_begin")
        self._join = Script(redis, "flight_join")
        self._confirm = Script(redis, "flight_confirm")
        self._end = Script(redis, "flight_end")

    def begin(self, name: str, token: str, lease: timedelta) -> bool:
        """Whether the work is ours to do; `token` is the worker's own."""
        return bool(self._begin(name=name, token=token, lease=milliseconds(lease)))

    def join(self, name: str, waiter: Waiter) -> bool:
        """Have `waiter` made due at the end; False when nobody is at work."""
        return bool(self._join(name=name, waiter=_written(waiter)))

    def confirm(self, name: str, token: str) -> list[Waiter]:
        """Who waits may know of it, and is due now."""
        return _read(self._confirm(name=name, token=token))

    def confirmed(self, name: str) -> bool:
        """Whether the work is under way, and was confirmed."""
        return bool(self._redis.exists(keys.FLIGHT_CONFIRMED(name)))

    def end(self, name: str, token: str) -> list[Waiter]:
        """Who is due now; nobody when the lease was lost to another."""
        return _read(self._end(name=name, token=token))


def _written(waiter: Waiter) -> str:
    kind, id_ = waiter
    return id_ if kind == DIAGNOSIS else member(kind, id_)


def _read(waiters: Iterable[str]) -> list[Waiter]:
    return [kind_and_id(written) if ":" in written else (DIAGNOSIS, written) for written in waiters]
