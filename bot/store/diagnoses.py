"""
The asks, each saved together with when it is due next and what is to be sent.

`open` and `save` are one script each: all of it is stored, or nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from redis import Redis

from bot.diagnosis.model import Diagnosis
from bot.store.coding import decode, encode
from bot.store.connection import to_ms
from bot.store.due import Claim
from bot.store.lanes import LUA, arguments
from bot.store.messages import Entry

TTL = 7 * 24 * 3600
"""Seconds since the last save."""
ONCE_TTL = 600
"""Seconds; Slack repeats a delivery for five minutes, and a request stays valid as long."""

_STORE = f"""
local function store(id, version, doc)
  local name = 'slsdiag:diagnosis:' .. id
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

_OPEN = """
local id, version, doc, once = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if seen(once) then return 0 end
mark(once)
store(id, version, doc)
schedule('diagnosis:' .. id, now)
create(5)
return 1
"""

_SAVE = """
local id, version, doc, once = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local found, fence, at = ARGV[5], ARGV[6], tonumber(ARGV[7])
local member = 'diagnosis:' .. id
if seen(once) then return 0 end
if redis.call('HGET', 'slsdiag:diagnosis:' .. id, 'version') ~= found then return 0 end
if fence ~= '' and not held(member, fence) then return 0 end
mark(once)
store(id, version, doc)
if not at then
  if fence ~= '' then finish(member) end
elseif fence == '' or tonumber(redis.call('ZSCORE', DUE, member)) ~= at then
  schedule(member, at)
end
create(8)
return 1
"""


class Diagnoses:
    """The asks of the last seven days."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._open = redis.register_script(LUA + _STORE + _OPEN)
        self._save = redis.register_script(LUA + _STORE + _SAVE)

    def open(self, diagnosis: Diagnosis, entries: tuple[Entry, ...], *, once: str | None) -> bool:
        """Store a new ask, due now, and its first messages; False when `once` was here."""
        record = (diagnosis.id, diagnosis.version, encode(diagnosis))
        return bool(self._open(args=[*record, once or "", *arguments(entries)]))

    def load(self, id_: str) -> Diagnosis | None:
        """As last saved; None when there is none, or it is too old."""
        doc = self._redis.hget(f"slsdiag:diagnosis:{id_}", "doc")
        return decode(Diagnosis, str(doc)) if doc else None

    def save(
        self,
        diagnosis: Diagnosis,
        *,
        claim: Claim | None,
        due_at: datetime | None,
        entries: tuple[Entry, ...] = (),
        once: str | None = None,
    ) -> bool:
        """
        Store `diagnosis` with the next version, if nothing moved since it was loaded.

        With a claim, no `due_at` means that nothing more is to be done; a `due_at` that is
        the claim's `until` keeps the claim; any other gives it back. Without a claim, no
        `due_at` leaves the due time alone.
        """
        following = replace(diagnosis, version=diagnosis.version + 1)
        return bool(
            self._save(
                args=[
                    following.id,
                    following.version,
                    encode(following),
                    once or "",
                    diagnosis.version,
                    claim.fence if claim else "",
                    to_ms(due_at) if due_at else "",
                    *arguments(entries),
                ]
            )
        )
