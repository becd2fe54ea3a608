"""
Messages on their way to Slack: pending, sending (stored before the call), sent or dead.

A sender claims an entry, calls `sending`, calls Slack, and then says how it went: `sent`,
`dead` (Slack refused it for good) or `postpone`. What `sent` and `dead` return became due
by it and may be nudged. An edit that a newer one replaced shows as sent, without a `ts`.
How entries wait for each other is in lanes.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import cast

from redis import Redis

from bot.store.coding import decode
from bot.store.connection import from_ms, to_ms
from bot.store.due import Claim
from bot.store.lanes import LUA
from bot.store.messages import Entry, State

COPIES_AFTER = 60_000
"""Milliseconds; until then Slack's history tells of both copies, if there are two."""

_HELD = """
local key, fence = ARGV[1], ARGV[2]
local member = 'entry:' .. key
if not held(member, fence) then return false end
"""

_SENDING = """
redis.call('HSET', entry(key), 'state', 'sending')
redis.call('ZADD', DUE, now + tonumber(ARGV[3]), member)
redis.call('HSETNX', entry(key), 'first_try_at', now)
return {redis.call('HINCRBY', entry(key), 'tries', 1), get(key, 'first_try_at')}
"""

_SENT = """
local tries = tonumber(get(key, 'tries') or 0)
if get(key, 'folds') == '1' then
  redis.call('HSET', entry(get(key, 'parent')), 'edited_at', now)
end
settle(key, 'sent', 'ts', ARGV[3])
if tries > 1 then schedule('copies:' .. key, now + tonumber(ARGV[4])) end
lead('thread:' .. key)
lead('update:' .. key)
return released
"""

_DOUBT = """
schedule('copies:' .. ARGV[1], now + tonumber(ARGV[2]))
"""

_MARKER = """
redis.call('SET', 'slsdiag:marker', ARGV[1], 'NX')
return redis.call('GET', 'slsdiag:marker')
"""

_DEAD = """
bury(key, ARGV[3])
return released
"""

_POSTPONE = """
local at, state, name = ARGV[3], ARGV[4], get(key, 'lane')
redis.call('HSET', entry(key), 'state', state, 'after', at)
schedule(member, at)
if get(key, 'folds') == '1' then
  fold(name, redis.call('LINDEX', lane(name), -1))
  lead(name)
end
return 1
"""


class Outbox:
    """The messages on their way."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._sending = redis.register_script(LUA + _HELD + _SENDING)
        self._sent = redis.register_script(LUA + _HELD + _SENT)
        self._doubt = redis.register_script(LUA + _DOUBT)
        self._secret = redis.register_script(_MARKER)
        self._dead = redis.register_script(LUA + _HELD + _DEAD)
        self._postpone = redis.register_script(LUA + _HELD + _POSTPONE)

    def load(self, key: str) -> Entry | None:
        """The entry and how far it is."""
        found = cast(dict[str, str], self._redis.hgetall(f"slsdiag:entry:{key}"))
        if not found:
            return None
        first_try_at = found.get("first_try_at")
        return replace(
            decode(Entry, found["doc"]),
            state=State(found["state"]),
            tries=int(found.get("tries", 0)),
            first_try_at=from_ms(first_try_at) if first_try_at else None,
            ts=found.get("ts"),
            error=found.get("error"),
        )

    def sending(self, entry: Entry, claim: Claim, lease: timedelta) -> Entry | None:
        """
        To be called right before Slack; None forbids the call: the claim was lost.

        The lease begins anew, so that the call has all of it.
        """
        got = self._sending(args=[entry.key, claim.fence, round(lease.total_seconds() * 1000)])
        if not got:
            return None
        tries, first = int(got[0]), from_ms(got[1])
        return replace(entry, state=State.SENDING, tries=tries, first_try_at=first)

    def sent(self, entry: Entry, ts: str, claim: Claim) -> tuple[str, ...] | None:
        """
        It landed, at `ts`; gives the keys of what waited for it.

        None: the claim was lost meanwhile, and somebody else may have posted it too. What took
        more than one try is due once more, by `COPIES`.
        """
        released = self._sent(args=[entry.key, claim.fence, ts, COPIES_AFTER])
        return None if released is None else tuple(released)

    def doubt(self, key: str) -> None:
        """There may be two of it: due by `COPIES`."""
        self._doubt(args=[key, COPIES_AFTER])

    def secret(self) -> str:
        """What markers are signed with; made once for each store, and never leaves the bot."""
        return str(self._secret(args=[token_hex(32)]))

    def dead(self, entry: Entry, error: str, claim: Claim) -> tuple[str, ...]:
        """It never will land, nor will what waits for it; gives what comes after it."""
        return tuple(self._dead(args=[entry.key, claim.fence, error]) or ())

    def postpone(
        self, entry: Entry, until: datetime, claim: Claim, *, unclear: bool = False
    ) -> bool:
        """Not before `until`; `unclear` when it may have landed, so that it stays sending."""
        state = State.SENDING if unclear else State.PENDING
        return bool(self._postpone(args=[entry.key, claim.fence, to_ms(until), state.value]))
