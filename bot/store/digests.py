"""
Digests, each saved together with when it is due next and what is to be sent.

They live until somebody stops them, so their number is bounded; what one of them has told
stands beside it, and is bounded by diff.py. All but that is one script each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, cast

from redis import Redis

from bot.digest.model import Digest, Known
from bot.store.coding import decode, encode
from bot.store.connection import to_ms
from bot.store.due import DIGEST, Claim
from bot.store.lanes import LUA, arguments
from bot.store.messages import Entry
from bot.store.records import STORE

IN_CHANNEL, IN_WORKSPACE = 10, 500
"""Digests that may be kept."""


class Kept(IntEnum):
    """What became of a new digest."""

    BEFORE = 0
    """It was there already."""
    NOW = 1
    CHANNEL_FULL = 2
    WORKSPACE_FULL = 3


_NAMES = """
local ALL = 'slsdiag:digests'
local function name(id) return 'slsdiag:digest:' .. id end
local function index(channel) return ALL .. ':' .. channel end
"""

_KEEP = f"""
local id, doc, channel, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', name(id)) == 1 then return {Kept.BEFORE} end
if redis.call('ZCARD', index(channel)) >= {IN_CHANNEL} then return {Kept.CHANNEL_FULL} end
if redis.call('ZCARD', ALL) >= {IN_WORKSPACE} then return {Kept.WORKSPACE_FULL} end
redis.call('HSET', name(id), 'version', 0, 'doc', doc, 'known', '')
redis.call('ZADD', index(channel), now, id)
redis.call('ZADD', ALL, now, id)
schedule(member, tonumber(at))
create(5)
return {Kept.NOW}
"""

_SAVE = """
local id, version, doc, found, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local at, known, once = tonumber(ARGV[6]), ARGV[7], ARGV[8]
if seen(once) then return 0 end
if redis.call('HGET', name(id), 'version') ~= found then return 0 end
if fence ~= '' and not held(member, fence) then return 0 end
mark(once)
redis.call('HSET', name(id), 'version', version, 'doc', doc)
if known ~= '' then redis.call('HSET', name(id), 'known', known) end
if at then schedule(member, at) end
create(9)
return 1
"""

_STOP = """
local id, channel = ARGV[1], ARGV[2]
if redis.call('ZREM', index(channel), id) == 0 then return 0 end
redis.call('ZREM', ALL, id)
redis.call('DEL', name(id))
finish(member)
return 1
"""


class Digests:
    """Those that are kept."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        script = LUA + STORE + _NAMES
        self._keep = redis.register_script(script + _KEEP)
        self._save = redis.register_script(script + _SAVE)
        self._stop = redis.register_script(script + _STOP)

    def keep(self, digest: Digest, entries: tuple[Entry, ...]) -> Kept:
        """A new one, due at its slot."""
        of_digest = (digest.id, encode(digest), digest.channel, to_ms(digest.slot.at))
        return Kept(self._keep(args=[DIGEST, *of_digest, *arguments(entries)]))

    def load(self, id_: str) -> Digest | None:
        """As last saved; None when it was stopped."""
        doc = self._redis.hget(f"slsdiag:digest:{id_}", "doc")
        return decode(Digest, str(doc)) if doc else None

    def known(self, id_: str) -> list[Known]:
        """What it has told."""
        text = self._redis.hget(f"slsdiag:digest:{id_}", "known")
        return _unpacked(str(text)) if text else []

    def of(self, channel: str) -> list[Digest]:
        """The channel's, oldest first."""
        ids = cast(list[str], self._redis.zrange(f"slsdiag:digests:{channel}", 0, -1))
        return [digest for id_ in ids if (digest := self.load(id_))]

    def all(self) -> list[Digest]:
        """The workspace's, oldest first."""
        ids = cast(list[str], self._redis.zrange("slsdiag:digests", 0, -1))
        return [digest for id_ in ids if (digest := self.load(id_))]

    def save(
        self,
        digest: Digest,
        *,
        claim: Claim | None,
        due_at: datetime | None,
        known: Sequence[Known] | None = None,
        entries: tuple[Entry, ...] = (),
        once: str | None = None,
    ) -> bool:
        """
        Store `digest` with the next version, if nothing moved since it was loaded.

        `due_at` gives a claim back; without one the due time is left alone.
        """
        following = replace(digest, version=digest.version + 1)
        args: list[Any] = [DIGEST, digest.id, following.version, encode(following)]
        args += [digest.version, claim.fence if claim else "", to_ms(due_at) if due_at else ""]
        args += ["" if known is None else _packed(known), once or "", *arguments(entries)]
        return bool(self._save(args=args))

    def stop(self, digest: Digest) -> bool:
        """It is gone; False when it was already."""
        return bool(self._stop(args=[DIGEST, digest.id, digest.channel]))


_TIMES = frozenset({"since", "changed", "seen"})


@dataclass(frozen=True, slots=True)
class _Rows:
    """Thousands of functions are kept at once: by position, whole seconds."""

    fields: list[str]
    rows: list[list[Any]]


def _packed(known: Sequence[Known]) -> str:
    names = list(Known.__slots__)
    rows = [[_plain(name, getattr(each, name)) for name in names] for each in known]
    return encode(_Rows(names, rows))


def _plain(name: str, value: Any) -> Any:
    return int(value.timestamp()) if name in _TIMES else value


def _unpacked(text: str) -> list[Known]:
    """Fields that this release does not know are left out."""
    found = decode(_Rows, text)
    return [_known(dict(zip(found.fields, row, strict=True))) for row in found.rows]


def _known(row: dict[str, Any]) -> Known:
    known: dict[str, Any] = {
        name: datetime.fromtimestamp(row[name], UTC) if name in _TIMES else row[name]
        for name in Known.__slots__
        if name in row
    }
    return Known(**known)
