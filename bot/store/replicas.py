"""
Where the store has replicas: what is acknowledged to people must be on one of them, too.

Replication lags. A failover would lose what only the old primary had, and nobody would notice.
Without replicas there is nothing to wait for.
"""

from __future__ import annotations

from typing import Any, cast

from redis.connection import AbstractConnection
from redis.exceptions import NoPermissionError

from bot.store.connection import Client, StoreError, limits

REPLICATED_WITHIN = 500
"""Milliseconds."""


class NotReplicated(StoreError):
    """It was written, but no replica confirmed it in time: a failover now might lose it."""


class Acknowledging(Client):
    """For what is acknowledged to people: where there are replicas, one of them must have it."""

    has_replicas = False

    def parse_response(
        self, connection: AbstractConnection, command_name: str, **options: Any
    ) -> Any:
        """The answer; NotReplicated where a script's writes may exist on one server only."""
        answer = super().parse_response(connection, command_name, **options)
        if self.has_replicas and command_name == "EVALSHA":
            # on the same connection: WAIT is about what this one wrote
            connection.send_command("WAIT", 1, REPLICATED_WITHIN)  # type: ignore[no-untyped-call]
            if not super().parse_response(connection, "WAIT"):
                raise NotReplicated("no replica confirmed it")
        return answer

    def look_for_replicas(self) -> None:
        """To be called every now and then; a server that does not allow the question counts as alone."""
        try:
            replication: Any = self.info("replication")
        except NoPermissionError:
            replication = {}
        self.has_replicas = int(replication.get("connected_slaves", 0)) > 0


def connect_acknowledging(url: str, answer_limit: float) -> Acknowledging:
    """A client for what people wait for."""
    made = Acknowledging.from_url(url, decode_responses=True, **limits(answer_limit))
    return cast(Acknowledging, made)
