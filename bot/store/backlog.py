"""What waits in the store, for whoever scrapes: one round trip, and soon told when it is away."""

from __future__ import annotations

from collections.abc import Sequence

from redis import Redis

from bot.metrics import Backlog
from bot.store.connection import StoreError
from bot.store.due import LUA

LIMIT = 0.4
"""Seconds to connect, and again to be answered: a scrape must not wait for a store that is away."""

_READ = """
local function age(at) return at and math.max(0, now - tonumber(at)) or 0 end

local oldest
for _ = 1, 100 do
  local head = redis.call('ZRANGE', 'slsdiag:outbox', 0, 0, 'WITHSCORES')
  if not head[1] then break end
  local state = redis.call('HGET', 'slsdiag:entry:' .. head[1], 'state')
  if state == 'pending' or state == 'sending' then oldest = head[2] break end
  -- a release that keeps no such set has settled it
  redis.call('ZREM', 'slsdiag:outbox', head[1])
end
local due = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local found = {age(oldest), age(due[2]), redis.call('ZCARD', 'slsdiag:parked')}
for _, queue in ipairs(ARGV) do table.insert(found, redis.call('LLEN', queue)) end
return found
"""


class Backlogs:
    """`redis` is a client of its own, that gives up within LIMIT."""

    def __init__(self, redis: Redis, queues: Sequence[str]) -> None:
        """`queues` are the names of lists. Costs no round trip."""
        self._queues = queues
        self._read = redis.register_script(LUA + _READ)

    def read(self) -> Backlog | None:
        """Now; None when the store does not answer."""
        try:
            found = self._read(args=list(self._queues))
        except (StoreError, OSError):
            return None
        oldest, due, parked, *lengths = map(int, found)
        names = [each.rpartition(":")[2] for each in self._queues]
        return Backlog(oldest / 1000, due / 1000, dict(zip(names, lengths, strict=True)), parked)
