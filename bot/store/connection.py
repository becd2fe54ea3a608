"""
Connections to the store, and what time it is there.

Nothing is repeated on its own: a command whose answer was lost may have been done. An
absent store is noticed within a second, well before Slack stops waiting for us.

After a failover connections to the old primary stay open, and it goes on answering reads. So
an answer that says "this server takes no writes" closes every idle connection: the next
command connects again, to whatever server the address leads to by then.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError as StoreError
from redis.exceptions import ResponseError
from redis.retry import Retry

from bot.store.scripts import Script

__all__ = [
    "NotWritable",
    "Redis",
    "StoreError",
    "connect",
    "from_ms",
    "milliseconds",
    "now",
    "server_time",
    "to_ms",
]

CONNECT_LIMIT = 1.0
ANSWER_LIMIT = 5.0
_TAKES_NO_WRITES = re.compile(
    r"(?:^|-)(?:READONLY|MASTERDOWN|LOADING|MISCONF|NOREPLICAS|UNBLOCKED)\b"
)
"""At the start, or after "-" where a script of an old Redis passes the error on."""

OLD = 1_000
"""Milliseconds since the last tick at which the time was confirmed, at most."""


class NotWritable(NotConnected):
    """
    The server answers but takes no writes: a replica, one that is loading, or a disk that failed.

    A kind of lost connection: Dramatiq, too, then tries again instead of giving up.
    """


class Client(Redis):
    """Leaves a server that takes no writes."""

    def parse_response(
        self, connection: AbstractConnection, command_name: str, **options: Any
    ) -> Any:
        """The answer; NotWritable, with all idle connections closed, if that is what it says."""
        try:
            return super().parse_response(  # type: ignore[no-untyped-call]
                connection, command_name, **options
            )
        except (ResponseError, NotConnected) as error:
            text = f"{getattr(error, 'status_code', None) or ''} {error}".strip()
            if not _TAKES_NO_WRITES.search(text):
                raise
            connection.disconnect()  # type: ignore[no-untyped-call]
            self.connection_pool.disconnect(inuse_connections=False)
            raise NotWritable(text) from None


def connect(url: str, *, text: bool = True, answer_limit: float = ANSWER_LIMIT) -> Redis:
    """A client with its own pool; `text` decodes what it reads, within `answer_limit` seconds."""
    return Client.from_url(url, decode_responses=text, **limits(answer_limit))


def limits(answer_limit: float) -> dict[str, Any]:
    """How long such a client waits."""
    return {
        "socket_connect_timeout": min(answer_limit, CONNECT_LIMIT),
        "socket_timeout": answer_limit,
        "retry": Retry(NoBackoff(), 0),
    }


def now(redis: Redis) -> datetime:
    """
    The time of the due set, which all replicas share.

    After a jump: the latest that it can be, so that no wait which begins then is too short.
    """
    return from_ms(Script(redis, "now")(margin=OLD))


def server_time(redis: Redis) -> datetime:
    """What the server's own clock says."""
    seconds, micros = redis.time()
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


def to_ms(moment: datetime) -> int:
    """A due time as it is stored; never later than `moment`."""
    return round(moment.timestamp() * 1_000_000) // 1000


def milliseconds(span: timedelta) -> int:
    """As the scripts count."""
    return round(span.total_seconds() * 1000)


def from_ms(ms: int | str) -> datetime:
    """A stored due time."""
    return datetime.fromtimestamp(int(ms) / 1000, UTC)
