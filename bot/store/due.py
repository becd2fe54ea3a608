"""
What must happen, and when: the truth that queue messages only nudge.

One sorted set holds "kind:id" with its due time in milliseconds of the store's clock. A
worker claims a thing by moving that time to the end of a lease; each claim has a fence, a
number that never comes twice, and what is written under a claim names it. A thing leaves
the set in the same script that stores its effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis import Redis

from bot.store.connection import from_ms

DIAGNOSIS = "diagnosis"
ENTRY = "entry"
TRIAGE = "triage"
COPIES = "copies"
"""Of an entry: was it posted twice?"""
INQUIRY = "inquiry"
"""An ask for a scan."""
SCAN, CHUNK = "scan", "chunk"
"""A scan that is under way, and a part of its work."""
DRAFT, DIGEST = "draft", "digest"
"""A digest that was asked for, and one that is kept."""
TRIES = 10
"""
Claims that may come to nothing before somebody is told.

Five were too few: with two of three replicas killed every few seconds, 3 of some 5,000 things met
the killed ones that often (benchmarks/chaos.py points).
"""

LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local DUE, CLAIMS, TRIES = 'slsdiag:due', 'slsdiag:claims', 'slsdiag:tries'

local function held(member, fence)
  return redis.call('HGET', CLAIMS, member) == fence
end

local function let_go(member)
  redis.call('HDEL', CLAIMS, member)
  redis.call('HDEL', TRIES, member)
end

local function schedule(member, at)
  redis.call('ZADD', DUE, at, member)
  let_go(member)
end

local function finish(member)
  redis.call('ZREM', DUE, member)
  let_go(member)
end
"""

_CLAIM = """
local member, lease = ARGV[1], tonumber(ARGV[2])
local at = redis.call('ZSCORE', DUE, member)
if not at or tonumber(at) > now then return false end
local fence = redis.call('INCR', 'slsdiag:fences')
redis.call('ZADD', DUE, now + lease, member)
redis.call('HSET', CLAIMS, member, fence)
redis.call('HINCRBY', TRIES, member, 1)
return {fence, now + lease, tonumber(at)}
"""

_RENEW = """
if held(ARGV[1], ARGV[2]) then redis.call('ZADD', DUE, 'XX', now + tonumber(ARGV[3]), ARGV[1]) end
"""

_FINISH = """
if not held(ARGV[1], ARGV[2]) then return 0 end
finish(ARGV[1])
return 1
"""

_PARK = """
if not held(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZADD', 'slsdiag:parked', now, ARGV[1])
finish(ARGV[1])
return 1
"""

_SWEEP = """
return redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing that is ours until the lease ends."""

    kind: str
    id: str
    fence: int
    until: datetime
    """The end of the lease, unless it is renewed."""
    late: timedelta
    """How long it had been due, or under another's claim that came to nothing."""

    @property
    def member(self) -> str:
        """As the due set names it."""
        return member(self.kind, self.id)


def member(kind: str, id_: str) -> str:
    """As the due set names a thing."""
    return f"{kind}:{id_}"


class Due:
    """The due set."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._claim = redis.register_script(LUA + _CLAIM)
        self._renew = redis.register_script(LUA + _RENEW)
        self._finish = redis.register_script(LUA + _FINISH)
        self._park = redis.register_script(LUA + _PARK)
        self._sweep = redis.register_script(LUA + _SWEEP)

    def claim(self, kind: str, id_: str, lease: timedelta) -> Claim | None:
        """Take a thing that is due; None when it is not, or somebody has it."""
        got = self._claim(args=[member(kind, id_), _ms(lease)])
        if not got:
            return None
        fence, until, due_at = map(int, got)
        claimed_at = until - _ms(lease)
        return Claim(kind, id_, fence, from_ms(until), timedelta(milliseconds=claimed_at - due_at))

    def renew(self, claim: Claim, lease: timedelta) -> None:
        """The lease begins anew, if the claim is still ours."""
        self._renew(args=[claim.member, claim.fence, _ms(lease)])

    def finish(self, claim: Claim) -> bool:
        """Nothing is left to do; False when somebody else has it by now."""
        return bool(self._finish(args=[claim.member, claim.fence]))

    def park(self, claim: Claim) -> bool:
        """Put aside, for a person to look at, what cannot be done; never deleted."""
        return bool(self._park(args=[claim.member, claim.fence]))

    def sweep(self, limit: int) -> dict[tuple[str, str], datetime]:
        """(kind, id) of what is due, the longest due first, and since when."""
        found = self._sweep(args=[limit])
        return dict(zip(_split(found[::2]), map(from_ms, found[1::2]), strict=True))

    def spent(self, kind: str, id_: str) -> bool:
        """Whether as many claims as may came to nothing."""
        return int(self._redis.hget("slsdiag:tries", member(kind, id_)) or 0) >= TRIES

    def parked(self) -> list[tuple[str, str]]:
        """(kind, id) of what was put aside, the oldest first."""
        return _split(cast(list[str], self._redis.zrange("slsdiag:parked", 0, -1)))


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def _split(members: list[str]) -> list[tuple[str, str]]:
    parts = [name.partition(":") for name in members]
    return [(kind, id_) for kind, _, id_ in parts]
