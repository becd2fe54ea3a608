"""
What the store says of one act before it is let through, in one round trip.

Whether the same signed request was here before, whether somebody asks too often, and whose the
record is that a button names. All replicas share it; every key ends by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis

MINUTE = 60_000
REPLAYABLE = 600
"""Seconds; a signature is taken for five minutes, either way of the clock."""
TOLD_EVERY = 10_000
"""Milliseconds between two notices of the limit to one person."""

_PASS = f"""
local once, record, user = ARGV[1], ARGV[2], ARGV[3]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local none = {{'', '', '', ''}}

if once ~= '' and redis.call('EXISTS', 'slsdiag:signed:' .. once) == 1 then
  return {{'again', 0, 0, none}}
end
local wait = 0
for i = 4, #ARGV, 2 do
  local oldest = redis.call('LINDEX', ARGV[i], ARGV[i + 1] - 1)
  if oldest then wait = math.max(wait, oldest + {MINUTE} - now) end
end
if wait > 0 then
  local told = redis.call('SET', 'slsdiag:limit-told:' .. user, 1, 'NX', 'PX', {TOLD_EVERY})
  return {{'wait', wait, told and 1 or 0, none}}
end
for i = 4, #ARGV, 2 do
  redis.call('LPUSH', ARGV[i], now)
  redis.call('LTRIM', ARGV[i], 0, ARGV[i + 1] - 1)
  redis.call('PEXPIRE', ARGV[i], {MINUTE})
end
if once ~= '' then redis.call('SET', 'slsdiag:signed:' .. once, 1, 'EX', {REPLAYABLE}) end

local doc = record ~= '' and redis.call('HGET', record, 'doc')
if not doc then return {{'pass', 0, 0, none}} end
local kept = cjson.decode(doc)['value']
local function text(value) return type(value) == 'string' and value or '' end
local place = kept['place']
local about = {{text(place['channel']), text(place['user']), text(kept['account'])}}
local too = kept['remind_too']
about[4] = text(kept['remind']) .. ' ' .. (type(too) == 'table' and table.concat(too, ' ') or '')
return {{'pass', 0, 0, about}}
"""


@dataclass(frozen=True, slots=True)
class Owned:
    """Where a record belongs: Slack's ids, and the account as it was named."""

    channel: str
    user: str
    account: str | None
    reminded: frozenset[str]
    """Who are told of its wait by direct message."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The act may go on, as far as the store knows."""

    owned: Owned | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same signed request was here before."""


@dataclass(frozen=True, slots=True)
class Limited:
    """Too many in the last minute; nothing was counted."""

    wait: timedelta
    tell: bool
    """Whether the person was not told of it a moment ago."""


class Turnstile:
    """At most so many acts in any sixty seconds, of each kind of key that is limited."""

    def __init__(self, redis: Redis, limits: Mapping[str, int]) -> None:
        """`limits`: user, channel, workspace → acts a minute; what is absent is not limited."""
        self._limits = limits
        self._pass = redis.register_script(_PASS)

    def enter(
        self,
        subjects: Mapping[str, str],
        *,
        once: str | None = None,
        record: tuple[str, str] | None = None,
    ) -> Passed | Replayed | Limited:
        """
        Count one act of `subjects` (user, channel, workspace → Slack's id).

        `once` names the signed request; `record` is (kind, id) of what the act is about.
        """
        limited = [
            part
            for kind, limit in self._limits.items()
            if subjects.get(kind)
            for part in (f"slsdiag:limit:{kind}:{subjects[kind]}", limit)
        ]
        if not (limited or once or record):
            return Passed(None)
        named = f"slsdiag:{record[0]}:{record[1]}" if record else ""
        said, wait, told, about = self._pass(
            args=[once or "", named, subjects.get("user", ""), *limited]
        )
        if said == "again":
            return Replayed()
        if said == "wait":
            return Limited(timedelta(milliseconds=int(wait)), bool(told))
        channel, user, account, reminded = about
        told = frozenset(reminded.split())
        owned = Owned(channel, user, account or None, told) if channel else None
        return Passed(owned)
