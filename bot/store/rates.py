"""
Token buckets that all processes of the bot share, so that together they keep to AWS's rates.

The same arithmetic as bot/aws/rates.py, on the store's clock. While the store is away a process
keeps to its own buckets: it must not stand still, nor forget AWS's quotas.
"""

from __future__ import annotations

import structlog
from redis import Redis

from bot.aws.rates import Buckets
from bot.store.connection import StoreError

_TAKE = """
local name, rate, size = 'slsdiag:rate:' .. ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local found = redis.call('HMGET', name, 'level', 'filled_at')
local level, filled_at = tonumber(found[1] or size), tonumber(found[2] or now)
level = math.min(size, level + math.max(0, now - filled_at) * rate) - 1
redis.call('HSET', name, 'level', tostring(level), 'filled_at', string.format('%.6f', now))
redis.call('PEXPIRE', name, math.ceil((size - level) / rate * 1000) + 1000)
return tostring(math.max(0, -level / rate))
"""

log = structlog.get_logger(__name__)


class SharedBuckets:
    """One bucket a name; it goes away when it is full again."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._take = redis.register_script(_TAKE)
        self._own = Buckets()

    def take(self, name: str, rate: float, size: float, /) -> float:
        """A `Take` of bot/aws/rates.py."""
        try:
            return float(self._take(args=[name, rate, size]))
        except (StoreError, OSError) as error:
            log.warning("rates_not_shared", error=type(error).__name__)
            return self._own.take(name, rate, size)
