"""
Evidence that is fresh enough to be shared, and who is gathering which part just now.

Several asks about one thing gather once. The first one `begin`s; the others save that they
wait (with a due time of their own, in case the first one dies), then `join`. `end` makes
them due at once. A `join` that gives False came too late: read the cache again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from redis import Redis

from bot.store.connection import from_ms
from bot.store.due import LUA

_PUT = """
local name, value, ttl = 'slsdiag:evidence:' .. ARGV[1], ARGV[2], ARGV[3]
redis.call('HSET', name, 'value', value, 'read_at', now)
redis.call('PEXPIRE', name, ttl)
"""

_BEGIN = """
local name, token, lease = 'slsdiag:gathering:' .. ARGV[1], ARGV[2], ARGV[3]
return redis.call('SET', name, token, 'NX', 'PX', lease) and 1 or 0
"""

_JOIN = """
local name, id = 'slsdiag:gathering:' .. ARGV[1], ARGV[2]
if redis.call('EXISTS', name) == 0 then return 0 end
redis.call('SADD', name .. ':joined', id)
redis.call('EXPIRE', name .. ':joined', 3600)
return 1
"""

_END = """
local name, token = 'slsdiag:gathering:' .. ARGV[1], ARGV[2]
local owner = redis.call('GET', name)
if owner and owner ~= token then return {} end
local joined = redis.call('SMEMBERS', name .. ':joined')
for _, id in ipairs(joined) do redis.call('ZADD', DUE, 'XX', 'LT', now, 'diagnosis:' .. id) end
redis.call('DEL', name, name .. ':joined')
return joined
"""


class Evidence:
    """Values by scope: of an account, a region or a function."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._put = redis.register_script(LUA + _PUT)

    def get(self, scope_key: str) -> tuple[str, datetime] | None:
        """The value and when it was read; None when it is absent or too old."""
        name = f"slsdiag:evidence:{scope_key}"
        found = cast(list[str | None], self._redis.hmget(name, "value", "read_at"))
        value, read_at = found
        return (value, from_ms(read_at)) if value is not None and read_at is not None else None

    def put(self, scope_key: str, value_json: str, ttl: timedelta) -> None:
        """Keep the value for `ttl`."""
        self._put(args=[scope_key, value_json, _ms(ttl)])


class Gathering:
    """Single flight over all processes."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._begin = redis.register_script(_BEGIN)
        self._join = redis.register_script(_JOIN)
        self._end = redis.register_script(LUA + _END)

    def begin(self, key: str, token: str, lease: timedelta) -> bool:
        """Whether it is ours to gather; `token` is the gatherer's own."""
        return bool(self._begin(args=[key, token, _ms(lease)]))

    def join(self, key: str, id_: str) -> bool:
        """Have the diagnosis `id_` made due at the end; False when nobody gathers."""
        return bool(self._join(args=[key, id_]))

    def end(self, key: str, token: str) -> list[str]:
        """Ids of the diagnoses that are due now; none when the lease was lost to another."""
        return list(self._end(args=[key, token]))


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
