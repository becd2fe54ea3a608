"""
What a release cannot read is set aside, and taken back by one that can.

During a rollout an older worker may be nudged about what a newer one wrote. It parks that at
once and leaves the record for as long as it takes, instead of failing until the tries are
spent; the newer release takes it back within a second. What nobody can read stays and is counted,
and doctor names it.

The same holds for a member of a kind that this release does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import ResponseError

from bot.store import keys
from bot.store.coding import Unreadable, is_wrong_type, schemas
from bot.store.due import member
from bot.store.scripts import Script

A_TICK = 100
"""How many are taken back at once."""

log = structlog.get_logger(__name__)
Handler = Callable[[str], None]


class Quarantine:
    """
    A sorted set of "kind:id" by schema; infinite where the record has no schema that helps.

    Those of unknown kinds stand in a second one, without scores, to be listed by kind.
    """

    def __init__(self, redis: Redis, kinds: Iterable[str] = ()) -> None:
        """`kinds` are those that this release knows. Costs no round trip."""
        self._redis, self._kinds = redis, tuple(kinds)
        self._set_aside = Script(redis, "quarantine_set_aside")
        self._take_back = Script(redis, "quarantine_take_back")

    def guarding(self, handlers: Mapping[str, Handler]) -> dict[str, Handler]:
        """The handlers, which now set aside what they cannot read."""
        return {kind: self._guarded(kind, handler) for kind, handler in handlers.items()}

    def set_aside(
        self, kind: str, id_: str, schema: int | None, *, unknown_kind: bool = False
    ) -> bool:
        """Park it; False when it is not due at all."""
        score = "+inf" if schema is None else schema
        return bool(
            self._set_aside(member=member(kind, id_), schema=score, unknown_kind=unknown_kind)
        )

    def take_back(self) -> None:
        """Make due what another release set aside, and this one reads."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zrangebyscore(keys.UNREADABLE, *schemas(), start=0, num=A_TICK)
            for kind in self._kinds:
                pipe.zrangebylex(keys.UNKNOWN_KINDS, f"[{kind}:", f"({kind};", start=0, num=A_TICK)
            pages = pipe.execute()
        self._back([name for names in pages for name in names])

    def try_again(self) -> None:
        """At the start: a fixed release may read what fitted no type before."""
        unknown = set(cast(list[str], self._redis.zrange(keys.UNKNOWN_KINDS, 0, -1)))
        garbled = cast(list[str], self._redis.zrangebyscore(keys.UNREADABLE, "+inf", "+inf"))
        names = [name for name in garbled if name not in unknown]
        for at in range(0, len(names), A_TICK):
            self._back(names[at : at + A_TICK])

    def _back(self, names: Sequence[str]) -> None:
        if names and (back := int(self._take_back(members=names))):
            log.info("unread_taken_back", count=back)

    def unreadable(self) -> list[tuple[str, int | None]]:
        """("kind:id", schema) of each."""
        by_schema = self._redis.zrange(keys.UNREADABLE, 0, -1, withscores=True)
        return [
            (name, None if schema == float("inf") else int(schema))
            for name, schema in cast(list[tuple[str, float]], by_schema)
        ]

    def _guarded(self, kind: str, handler: Handler) -> Handler:
        def run(id_: str) -> None:
            try:
                handler(id_)
            except Unreadable as error:
                self._log_and_set_aside(kind, id_, error, error.schema)
            except ResponseError as error:
                if not is_wrong_type(error):
                    raise
                self._log_and_set_aside(kind, id_, error, None)

        return run

    def _log_and_set_aside(self, kind: str, id_: str, why: Exception, schema: int | None) -> None:
        log.warning("put_aside", kind=kind, id=id_, why=str(why))
        self.set_aside(kind, id_, schema)
