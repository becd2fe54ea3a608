"""
Scans: their plan in chunks, and what was seen.

Each script stores its effect together with what is due next, so that a scan goes on whatever
process dies: the last chunk of a stage makes the scan due, the end of a scan makes those due
who wait for it. What was seen is keyed by place and name: a function that is seen twice is
there once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from redis import Redis

from bot.fleet.model import Kind, Scan, Seen, Unreadable
from bot.fleet.run import Chunk, Run
from bot.store.coding import decode, encode
from bot.store.due import SCAN, Claim, member
from bot.store.lanes import LUA
from bot.store.records import STORE, TTL, Records

KEPT = timedelta(days=1)
"""What was seen of each function; the run itself is kept as long as any record."""
SAME_FOR = timedelta(minutes=5)
"""A scan that ended is good enough for who may be served from what is kept."""
_HOLDS = timedelta(hours=6)
"""A scan that takes longer is no longer joined."""

_NAMES = f"""
local TTL, KEPT = {TTL}, {round(KEPT.total_seconds())}
local function part(id, name) return 'slsdiag:scan:' .. id .. ':' .. name end
"""

_BEGIN = f"""
local id, version, doc, scope = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local waiter, once, fresh = ARGV[5], ARGV[6], ARGV[7]
local joined = 'slsdiag:joined:' .. waiter .. ':' .. once
local known = once ~= '' and redis.call('GET', joined)
if known then return {{known, 1}} end
local found = redis.call('GET', 'slsdiag:scanning:' .. scope)
local kept = not found and fresh == '1' and redis.call('GET', 'slsdiag:scanned:' .. scope)
if kept then return {{kept, 1}} end
local before = 1
if not found then
  found, before = id, 0
  store(id, version, doc)
  local index = 'slsdiag:' .. kind .. 's:' .. scope
  redis.call('ZADD', index, now, id)
  redis.call('ZREMRANGEBYRANK', index, 0, -21)
  redis.call('EXPIRE', index, TTL)
  redis.call('SET', 'slsdiag:scanning:' .. scope, id, 'EX', {round(_HOLDS.total_seconds())})
  schedule(member, now)
end
redis.call('SADD', part(found, 'waiters'), waiter)
redis.call('EXPIRE', part(found, 'waiters'), TTL)
if once ~= '' then redis.call('SET', joined, found, 'EX', TTL) end
return {{found, before}}
"""

_PLAN = """
local id, version, doc, found, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('HGET', 'slsdiag:scan:' .. id, 'version') ~= found then return 0 end
if not held(member, fence) then return 0 end
store(id, version, doc)
for i = 6, #ARGV, 3 do
  redis.call('HSET', part(id, 'chunks'), ARGV[i], ARGV[i + 1])
  if ARGV[i + 2] == '1' then schedule('chunk:' .. id .. ':' .. ARGV[i], now) end
end
redis.call('EXPIRE', part(id, 'chunks'), KEPT)
finish(member)
return 1
"""

_ADVANCE = """
local member, fence, id, number = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local doc, ended, total, following = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
if not held(member, fence) then return 0 end
local i = 9
for _, name in ipairs({'seen', 'exact', 'unread'}) do
  local count = tonumber(ARGV[i])
  i = i + 1
  for _ = 1, count do
    redis.call('HSET', part(id, name), ARGV[i], ARGV[i + 1])
    i = i + 2
  end
  if count > 0 then redis.call('EXPIRE', part(id, name), KEPT) end
end
redis.call('HSET', part(id, 'chunks'), number, doc)
redis.call('HDEL', TRIES, member)
if ended == '1' then
  finish(member)
  redis.call('SADD', part(id, 'done'), number)
  redis.call('EXPIRE', part(id, 'done'), KEPT)
  if following ~= '' then schedule('chunk:' .. id .. ':' .. following, now) end
  if redis.call('SCARD', part(id, 'done')) >= total then schedule('scan:' .. id, now) end
elseif ended == 'later' then
  schedule(member, now)
end
return 1
"""

_END = f"""
local id, version, doc, found, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local scope, good = ARGV[6], ARGV[7]
if redis.call('HGET', 'slsdiag:scan:' .. id, 'version') ~= found then return false end
if not held(member, fence) then return false end
store(id, version, doc)
for i = 8, #ARGV, 2 do redis.call('HSET', part(id, 'owners'), ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', part(id, 'owners'), KEPT)
if redis.call('GET', 'slsdiag:scanning:' .. scope) == id then
  redis.call('DEL', 'slsdiag:scanning:' .. scope)
end
if good == '1' then
  redis.call('SET', 'slsdiag:scanned:' .. scope, id, 'EX', {round(SAME_FOR.total_seconds())})
end
finish(member)
redis.call('DEL', part(id, 'chunks'), part(id, 'done'))
local waiters = redis.call('SMEMBERS', part(id, 'waiters'))
for _, waiter in ipairs(waiters) do schedule(waiter, now) end
return waiters
"""

_LEAVE = """
local id, waiter = ARGV[1], ARGV[2]
redis.call('SREM', part(id, 'waiters'), waiter)
if redis.call('SCARD', part(id, 'waiters')) > 0 then return 0 end
if redis.call('EXISTS', 'slsdiag:scan:' .. id) == 0 then return 0 end
redis.call('HSET', 'slsdiag:scan:' .. id, 'cancelled', 1)
schedule('scan:' .. id, now)
return 1
"""

_NUMBERS = """
return {redis.call('HLEN', part(ARGV[1], 'seen')), redis.call('HLEN', part(ARGV[1], 'exact')),
  redis.call('SCARD', part(ARGV[1], 'done'))}
"""


class Scans:
    """Those of the last seven days; what was seen, of the last day."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self.runs = Records(redis, SCAN, Run)
        self._begin = redis.register_script(LUA + STORE + _NAMES + _BEGIN)
        self._plan = redis.register_script(LUA + STORE + _NAMES + _PLAN)
        self._advance = redis.register_script(LUA + _NAMES + _ADVANCE)
        self._end = redis.register_script(LUA + STORE + _NAMES + _END)
        self._leave = redis.register_script(LUA + _NAMES + _LEAVE)
        self._numbers = redis.register_script(LUA + _NAMES + _NUMBERS)

    def begin(
        self, run: Run, waiter: tuple[str, str], *, once: str = "", kept: bool = False
    ) -> tuple[str, bool]:
        """
        The id of the scan that answers, and whether it was there before; `run` when there is none.

        `waiter` is due at its end. `once` gives the same answer to the same waiter again; `kept`
        takes a scan that ended lately, for which nobody has to wait.
        """
        of_run: list[str | int] = [SCAN, run.id, run.version, encode(run), run.scope]
        found, before = self._begin(args=[*of_run, member(*waiter), once, "1" if kept else ""])
        return str(found), bool(before)

    def plan(
        self, run: Run, chunks: Mapping[int, Chunk], first: Iterable[int], claim: Claim
    ) -> bool:
        """Save `run` with chunks to do, of which `first` are due now."""
        begins = set(first)
        planned = [
            word
            for number, chunk in chunks.items()
            for word in (number, encode(chunk), "1" if number in begins else "")
        ]
        return bool(self._plan(args=[*self._saved(run, claim), *planned]))

    def chunk(self, run: str, number: str) -> Chunk | None:
        """As it was planned, or as far as it is."""
        doc = self._redis.hget(f"slsdiag:scan:{run}:chunks", number)
        return decode(Chunk, str(doc)) if doc else None

    def advance(
        self,
        claim: Claim,
        run: Run,
        chunk: Chunk,
        *,
        seen: Sequence[Seen] = (),
        exact: Mapping[str, Seen | None] | None = None,
        unread: Sequence[Unreadable] = (),
        ended: bool = False,
        later: bool = False,
    ) -> bool:
        """
        Keep what a chunk's worker has found so far; False when the chunk is somebody else's.

        `exact` is by name, None for a function that is gone. `later` gives the chunk back.
        """
        id_, _, number = claim.id.rpartition(":")
        listed = [(f"{chunk.place}:{each.name}", _packed(each)) for each in seen]
        exactly = [
            (f"{chunk.place}:{n}", _packed(s) if s else "") for n, s in (exact or {}).items()
        ]
        why = [(f"{chunk.place}", json.dumps([u.account, u.region, u.why])) for u in unread]
        words = [w for pairs in (listed, exactly, why) for w in _flat(pairs)]
        state = "1" if ended else "later" if later else ""
        following = "" if chunk.then is None else chunk.then
        head: list[str | int] = [claim.member, claim.fence, id_, number, encode(chunk), state]
        return bool(self._advance(args=[*head, run.chunks, following, *words]))

    def end(
        self, run: Run, claim: Claim, owners: Mapping[str, str], *, good: bool
    ) -> list[str] | None:
        """
        Save `run`, which is over; gives who waited for it, as the due set names them.

        `good`: it may serve others for a while. None when the claim was lost.
        """
        told = [word for pair in owners.items() for word in pair]
        args = [*self._saved(run, claim), run.scope, "1" if good else "", *told]
        waiters = self._end(args=args)
        return None if waiters is None else [str(each) for each in waiters]

    def leave(self, run: str, waiter: tuple[str, str]) -> bool:
        """`waiter` wants no answer; True when nobody does, and the scan ends."""
        return bool(self._leave(args=[run, member(*waiter)]))

    def cancelled(self, run: str) -> bool:
        """Whether the last who waited has left."""
        return bool(self._redis.hexists(f"slsdiag:scan:{run}", "cancelled"))

    def numbers(self, run: str) -> tuple[int, int, int]:
        """Functions seen, functions seen exactly, chunks done."""
        seen, exact, done = self._numbers(args=[run])
        return int(seen), int(exact), int(done)

    def seen(self, run: str) -> dict[tuple[int, str], Seen]:
        """By place and name; what was seen exactly counts, and what is gone is left out."""
        found = {key: _unpacked(key, text) for key, text in self._all(run, "seen")}
        for key, text in self._all(run, "exact"):
            if text:
                found[key] = _unpacked(key, text)
            else:
                found.pop(key, None)
        for key, owner in self._all(run, "owners"):
            if key in found:
                found[key] = replace(found[key], owner=owner)
        return {_place(key): value for key, value in found.items()}

    def some(self, run: str, place: int, names: Sequence[str]) -> list[Seen]:
        """What the first look saw of these."""
        keys = [f"{place}:{name}" for name in names]
        texts = cast(list[str | None], self._redis.hmget(f"slsdiag:scan:{run}:seen", keys))
        return [_unpacked(k, t) for k, t in zip(keys, texts, strict=True) if t]

    def result(self, run: Run) -> Scan:
        """What is known now."""
        unread = [Unreadable(*json.loads(text)) for _, text in self._all(run.id, "unread")]
        return Scan(
            run.started_at, tuple(self.seen(run.id).values()), tuple(unread), len(run.places)
        )

    def _saved(self, run: Run, claim: Claim) -> list[str | int]:
        following = replace(run, version=run.version + 1)
        return [SCAN, run.id, following.version, encode(following), run.version, claim.fence]

    def _all(self, run: str, part: str) -> list[tuple[str, str]]:
        return list(self._redis.hscan_iter(f"slsdiag:scan:{run}:{part}", count=1000))


def _flat(pairs: Sequence[tuple[str, str]]) -> list[str | int]:
    return [len(pairs), *(word for pair in pairs for word in pair)]


def _packed(seen: Seen) -> str:
    """Ten thousand of them are kept at once: by position."""
    kind = seen.kind.value if seen.kind else None
    where, judged = (seen.region, seen.account), (seen.verdict, seen.cause, kind)
    return json.dumps([*where, *judged, seen.invoked, seen.exact, seen.saw], separators=(",", ":"))


def _unpacked(key: str, text: str) -> Seen:
    *where, verdict, cause, kind, invoked, exact, saw = json.loads(text)
    region, account = where
    name, known = key.partition(":")[2], Kind(kind) if kind else None
    return Seen(name, region, account, verdict, cause, known, invoked, exact, saw)


def _place(key: str) -> tuple[int, str]:
    number, _, name = key.partition(":")
    return int(number), name
