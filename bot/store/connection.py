"""
How the store is reached, and what time it is there.

Nothing is repeated on its own: a command whose answer was lost may have been done. An
absent store is noticed within a second, well before Slack stops waiting for us.
"""

from __future__ import annotations

from datetime import UTC, datetime

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError as StoreError
from redis.retry import Retry

__all__ = ["Redis", "StoreError", "connect", "from_ms", "now", "to_ms"]

CONNECT_LIMIT = 1.0
ANSWER_LIMIT = 5.0


def connect(url: str, *, text: bool = True, answer_limit: float = ANSWER_LIMIT) -> Redis:
    """A client with its own pool; `text` decodes what it reads, within `answer_limit` seconds."""
    return Redis.from_url(
        url,
        decode_responses=text,
        socket_connect_timeout=min(answer_limit, CONNECT_LIMIT),
        socket_timeout=answer_limit,
        retry=Retry(NoBackoff(), 0),
    )


def now(redis: Redis) -> datetime:
    """The store's time, which all replicas share."""
    seconds, micros = redis.time()
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


def to_ms(moment: datetime) -> int:
    """As due times are kept; never later than `moment`."""
    return round(moment.timestamp() * 1_000_000) // 1000


def from_ms(ms: int | str) -> datetime:
    """As due times are read."""
    return datetime.fromtimestamp(int(ms) / 1000, UTC)
