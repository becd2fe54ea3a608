"""
What a release cannot read is put aside, and taken back by one that can.

During a rollout an older worker may be nudged about what a newer one wrote. It parks that at
once and keeps the record for as long as it takes, instead of failing until the tries are
spent; the newer release takes it back within a second. So is what nobody can read kept and
counted, and doctor names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import structlog
from redis import Redis

from bot.store.coding import Unreadable, known
from bot.store.due import LUA, member

A_TICK = 100
"""How many are taken back at once."""

_PUT_ASIDE = """
local name, schema = ARGV[1], ARGV[2]
if not redis.call('ZSCORE', DUE, name) then return 0 end
redis.call('ZADD', 'slsdiag:parked', now, name)
redis.call('ZADD', 'slsdiag:unread', schema, name)
redis.call('PERSIST', 'slsdiag:' .. name)
finish(name)
return 1
"""

_TAKE_BACK = """
local back = redis.call('ZRANGEBYSCORE', 'slsdiag:unread', ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
for _, name in ipairs(back) do
  redis.call('ZREM', 'slsdiag:unread', name)
  redis.call('ZREM', 'slsdiag:parked', name)
  schedule(name, now)
end
return #back
"""

log = structlog.get_logger(__name__)
Handler = Callable[[str], None]


class Unread:
    """A sorted set of "kind:id" by schema; infinite where the record bears none that helps."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._put_aside = redis.register_script(LUA + _PUT_ASIDE)
        self._take_back = redis.register_script(LUA + _TAKE_BACK)

    def guarding(self, handlers: Mapping[str, Handler]) -> dict[str, Handler]:
        """The handlers, which now put aside what they cannot read."""
        return {kind: self._guarded(kind, handler) for kind, handler in handlers.items()}

    def put_aside(self, kind: str, id_: str, schema: int | None) -> bool:
        """Park it; False when it is not due at all."""
        score = "+inf" if schema is None else schema
        return bool(self._put_aside(args=[member(kind, id_), score]))

    def take_back(self) -> None:
        """Make due what another release put aside, and this one reads."""
        if back := int(self._take_back(args=[*known(), A_TICK])):
            log.info("unread_taken_back", count=back)

    def try_again(self) -> None:
        """At the start: a release that was mended may read what fitted no type before."""
        self._take_back(args=["+inf", "+inf", A_TICK])

    def told(self) -> list[tuple[str, int | None]]:
        """("kind:id", schema) of each."""
        found = cast(
            list[tuple[str, float]], self._redis.zrange("slsdiag:unread", 0, -1, withscores=True)
        )
        return [(name, None if at == float("inf") else int(at)) for name, at in found]

    def _guarded(self, kind: str, handler: Handler) -> Handler:
        def run(id_: str) -> None:
            try:
                handler(id_)
            except Unreadable as error:
                log.warning("put_aside", kind=kind, id=id_, why=str(error))
                self.put_aside(kind, id_, error.schema)

        return run
