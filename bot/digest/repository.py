"""
Digests, each saved together with when it is due next and what is to be sent.

They live until somebody stops them, so their number is bounded; what one of them has reported
stands beside it, and memory.py bounds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from redis import Redis

from bot.digest.ahead import begins_at
from bot.digest.model import Digest, FunctionState
from bot.store import keys
from bot.store.coding import Unreadable, decode, encode, fitting, right_type
from bot.store.connection import to_ms
from bot.store.due import DIGEST, Claim
from bot.store.messages import Entry
from bot.store.outbox_order import arguments
from bot.store.records import Listed, listed, load, saved_lately, stored
from bot.store.scripts import Script

IN_CHANNEL, IN_WORKSPACE = 10, 500
"""Digests at most."""


class KeepResult(StrEnum):
    """What became of a new digest."""

    BEFORE = "before"
    """It was there already."""
    NOW = "now"
    CHANNEL_FULL = "channel_full"
    WORKSPACE_FULL = "workspace_full"


class Digests:
    """Until they are stopped."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._keep = Script(redis, "digest_keep")
        self._save = Script(redis, "digest_save")
        self._stop = Script(redis, "digest_stop")

    def keep(self, digest: Digest, entries: tuple[Entry, ...]) -> KeepResult:
        """A new one, due at its slot or ahead of it."""
        result = self._keep(
            **stored(digest),
            channel=digest.channel,
            at=to_ms(begins_at(digest)),
            most_in_channel=IN_CHANNEL,
            most_in_workspace=IN_WORKSPACE,
            entries=arguments(entries),
        )
        return KeepResult(result)

    def load(self, id_: str) -> Digest | None:
        """As last saved; None when it was stopped."""
        return load(self._redis, DIGEST, Digest, id_)

    def memory(self, id_: str) -> Listed[FunctionState]:
        """What it has reported, as far as this release reads it."""
        return self._stored(id_, "known")  # its field in the record, which keeps its name

    def memory_before(self, id_: str) -> Listed[FunctionState]:
        """What it had reported before its unsettled messages, likewise."""
        return self._stored(id_, "before")

    def _stored(self, id_: str, name: str) -> Listed[FunctionState]:
        with right_type("digest"):
            text = self._redis.hget(keys.RECORD(DIGEST, id_), name)
        return _unpacked(str(text)) if text else Listed()

    def of(self, channel: str) -> Listed[Digest]:
        """The channel's, oldest first, as far as this release reads them."""
        ids = cast(list[str], self._redis.zrange(keys.DIGESTS_OF(channel), 0, -1))
        return listed(ids, self.load)

    def all(self) -> Listed[Digest]:
        """The workspace's, likewise."""
        ids = cast(list[str], self._redis.zrange(keys.DIGESTS, 0, -1))
        return listed(ids, self.load)

    def save(
        self,
        digest: Digest,
        *,
        claim: Claim | None,
        due_at: datetime | None,
        memory: Sequence[FunctionState] | None = None,
        memory_before: Sequence[FunctionState] | None = None,
        entries: tuple[Entry, ...] = (),
        once: str | None = None,
    ) -> bool:
        """The next version, if nothing moved since it was loaded; `due_at` releases a claim."""
        following = replace(digest, version=digest.version + 1)
        saved = self._save(
            **stored(following),
            loaded=digest.version,
            once=once,
            fence=claim.fence if claim else None,
            due_at=to_ms(due_at) if due_at else None,
            memory=None if memory is None else _packed(memory),
            memory_before=None if memory_before is None else _packed(memory_before),
            entries=arguments(entries),
        )
        return bool(saved)

    def done(self, once: str) -> bool:
        """Whether what `once` names was saved lately."""
        return saved_lately(self._redis, once)

    def stop(self, channel: str, id_: str) -> bool:
        """It is gone, whether it can be read or not; False where the channel has no such one."""
        return bool(self._stop(id=id_, channel=channel))


_TIMES = frozenset({"since", "changed", "seen"})


@dataclass(frozen=True, slots=True)
class _Rows:
    """Thousands of functions are stored at once: by position, whole seconds."""

    fields: list[str]
    rows: list[Any]
    """Lists, read one by one."""


def _packed(memory: Sequence[FunctionState]) -> str:
    names = list(FunctionState.__slots__)
    rows = [[_plain(name, getattr(row, name)) for name in names] for row in memory]
    return encode(_Rows(names, rows))


def _plain(name: str, value: Any) -> Any:
    return int(value.timestamp()) if name in _TIMES else value


def _unpacked(text: str) -> Listed[FunctionState]:
    """Fields that this release does not know are left out."""
    table = decode(_Rows, text)
    by_number = {str(number): row for number, row in enumerate(table.rows)}
    return listed(by_number, lambda number: _state(table.fields, by_number[number]))


def _state(names: Sequence[str], row: Any) -> FunctionState:
    values = dict(zip(names, row if isinstance(row, list) else [], strict=False))
    try:
        times = {
            name: datetime.fromtimestamp(values[name], UTC) for name in _TIMES if name in values
        }
    except (TypeError, ValueError, OverflowError, OSError):
        raise Unreadable("row", None, "has no time.") from None
    return fitting(FunctionState, values | times)
