"""
Asks and triages, each saved together with when it is due next and what is to be sent.

`open` and `save` are one script each: all of it is stored, or nothing. A channel's index names
its newest ones; beside it stand those that are the only one about their subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from redis import Redis

from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import to_ms
from bot.store.due import Claim
from bot.store.lanes import LUA, arguments
from bot.store.messages import Entry

TTL = 7 * 24 * 3600
"""Seconds since the last save."""
ONCE_TTL = 600
"""Seconds; Slack repeats a delivery for five minutes, and a request stays valid as long."""

KEPT_IN_INDEX = 100
"""Records that a channel's index names."""

STORE = f"""
local kind = table.remove(ARGV, 1)
local member = kind .. ':' .. ARGV[1]

local function alone(channel) return 'slsdiag:alone:' .. kind .. ':' .. channel end

local function store(id, version, doc)
  local name = 'slsdiag:' .. kind .. ':' .. id
  redis.call('HSET', name, 'version', version, 'doc', doc)
  redis.call('EXPIRE', name, {TTL})
end

local function seen(once)
  return once ~= '' and redis.call('EXISTS', 'slsdiag:once:' .. once) == 1
end

local function mark(once)
  if once ~= '' then redis.call('SET', 'slsdiag:once:' .. once, 1, 'EX', {ONCE_TTL}) end
end
"""

_OPEN = f"""
local id, version, doc, once, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local subject, index = ARGV[6], 'slsdiag:' .. kind .. 's:' .. channel
if seen(once) or redis.call('EXISTS', 'slsdiag:' .. kind .. ':' .. id) == 1 then return 0 end
if subject ~= '' then
  local other = redis.call('HGET', alone(channel), subject)
  if other and redis.call('EXISTS', 'slsdiag:' .. kind .. ':' .. other) == 1 then return 0 end
  redis.call('HSET', alone(channel), subject, id)
  redis.call('EXPIRE', alone(channel), {TTL})
  redis.call('HSET', 'slsdiag:' .. kind .. ':' .. id, 'subject', subject)
end
mark(once)
store(id, version, doc)
redis.call('ZADD', index, now, id)
redis.call('ZREMRANGEBYRANK', index, 0, -{KEPT_IN_INDEX + 1})
redis.call('EXPIRE', index, {TTL})
schedule(member, now)
create(7)
return 1
"""

_SAVE = f"""
local id, version, doc, once = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local found, fence, at = ARGV[5], ARGV[6], tonumber(ARGV[7])
local channel, subject = ARGV[8], ARGV[9]
if seen(once) then return 0 end
if redis.call('HGET', 'slsdiag:' .. kind .. ':' .. id, 'version') ~= found then return 0 end
if fence ~= '' and not held(member, fence) then return 0 end
mark(once)
store(id, version, doc)
local name = 'slsdiag:' .. kind .. ':' .. id
local had = redis.call('HGET', name, 'subject')
if had then redis.call('EXPIRE', alone(channel), {TTL}) end
if had and subject == '' then
  redis.call('HDEL', alone(channel), had)
  redis.call('HDEL', name, 'subject')
end
if ARGV[7] == 'keep' then
elseif not at then
  if fence ~= '' then finish(member) end
else
  schedule(member, at)
end
create(10)
return 1
"""


_ALONE = """
local kind, channel = ARGV[1], ARGV[2]
local name, ids = 'slsdiag:alone:' .. kind .. ':' .. channel, {}
for _, subject in ipairs(redis.call('HKEYS', name)) do
  local id = redis.call('HGET', name, subject)
  if redis.call('EXISTS', 'slsdiag:' .. kind .. ':' .. id) == 1 then
    table.insert(ids, id)
  else
    redis.call('HDEL', name, subject)
  end
end
return ids
"""


class Record(Protocol):
    """What can be kept: a frozen dataclass with an id, a version and a place."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def channel(self) -> str: ...


R = TypeVar("R", bound=Record)


class Records(Generic[R]):
    """Those of one kind, of the last seven days."""

    def __init__(
        self, redis: Redis, kind: str, type_: type[R], subject: Callable[[R], str] = lambda _: ""
    ) -> None:
        """
        `kind` is the due set's word for them. Costs no round trip.

        `subject`: what no other one of its channel may be about; empty once any may.
        """
        self._redis, self._kind, self._type, self._subject = redis, kind, type_, subject
        self._open = redis.register_script(LUA + STORE + _OPEN)
        self._save = redis.register_script(LUA + STORE + _SAVE)
        self._alone = redis.register_script(_ALONE)

    def open(self, record: R, entries: tuple[Entry, ...], *, once: str | None) -> bool:
        """
        Store a new one, due now, and its first messages.

        False when it was here before, or when another one has its subject.
        """
        known = (self._kind, record.id, record.version, encode(record), once or "")
        where = (record.channel, self._subject(record))
        return bool(self._open(args=[*known, *where, *arguments(entries)]))

    def alone(self, channel: str) -> list[R]:
        """The channel's that have a subject now, in no order, as far as this release reads them."""
        ids = cast(list[str], self._alone(args=[self._kind, channel]))
        return [record for id_ in ids if (record := self._readable(id_))]

    def load(self, id_: str) -> R | None:
        """As last saved, or Unreadable; None when there is none, or it is too old."""
        doc = self._redis.hget(f"slsdiag:{self._kind}:{id_}", "doc")
        return decode(self._type, str(doc)) if doc else None

    def newest(self, channel: str, most: int) -> list[R]:
        """The channel's, newest first, without those that this release cannot read."""
        ids = cast(
            list[str], self._redis.zrevrange(f"slsdiag:{self._kind}s:{channel}", 0, most - 1)
        )
        return [record for id_ in ids if (record := self._readable(id_))]

    def _readable(self, id_: str) -> R | None:
        try:
            return self.load(id_)
        except Unreadable:
            return None

    def save(
        self,
        record: R,
        *,
        claim: Claim | None,
        due_at: datetime | None,
        keep: bool = False,
        entries: tuple[Entry, ...] = (),
        once: str | None = None,
    ) -> bool:
        """
        Store `record` with the next version, if nothing moved since it was loaded.

        With a claim, no `due_at` means that nothing more is to be done, any other gives it
        back, and `keep` keeps it. Without a claim, no `due_at` leaves the due time alone.
        """
        following = replace(cast(Any, record), version=record.version + 1)
        return bool(
            self._save(
                args=[
                    self._kind,
                    following.id,
                    following.version,
                    encode(following),
                    once or "",
                    record.version,
                    claim.fence if claim else "",
                    "keep" if keep else to_ms(due_at) if due_at else "",
                    following.channel,
                    self._subject(following),
                    *arguments(entries),
                ]
            )
        )
