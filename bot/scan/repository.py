"""
Scans: their plan in chunks, and what was seen.

Each script stores its effect together with what is due next, so that a scan goes on whatever
process dies: the last chunk of a stage makes the scan due, the end of a scan makes those due
who wait for it. What was seen has the key of its place and name: a function that is seen twice is
there once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack, cast

from redis import Redis

from bot.scan.clusters import many
from bot.scan.function_counts import FunctionCounts
from bot.scan.model import Scan, Seen, Unreadable
from bot.scan.rows import (
    key_of,
    packed,
    packed_exact,
    packed_reason,
    place_and_name,
    unpacked,
    unpacked_reason,
)
from bot.scan.run import Chunk, Run
from bot.store import keys
from bot.store.coding import decode, encode, right_type
from bot.store.due import SCAN, Claim, kind_and_id, member
from bot.store.records import Records
from bot.store.scripts import Script
from bot.store.sharing import Waiter

OTHERS = "recorded by another release, which this one cannot read."


class Progress(TypedDict, total=False):
    """What a chunk's worker has found since it saved last."""

    seen: Sequence[Seen]
    exact: Mapping[str, Seen | None]
    """By name; None for a function that is gone."""
    unreadable: Sequence[Unreadable]
    ended: bool
    """The chunk is done."""
    later: bool
    """The chunk is given back."""


class Scans:
    """Those of the last seven days; what was seen, of the last day."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self.runs = Records(redis, SCAN, Run)
        self.counts = FunctionCounts(redis)
        self._begin = Script(redis, "scan_begin")
        self._plan = Script(redis, "scan_plan")
        self._advance = Script(redis, "scan_advance")
        self._end = Script(redis, "scan_end")
        self._leave = Script(redis, "scan_leave")
        self._lives = Script(redis, "scan_lives")
        self._numbers = Script(redis, "scan_numbers")

    def begin(
        self, run: Run, waiter: Waiter, *, once: str = "", recent_will_do: bool = False
    ) -> tuple[str, bool]:
        """
        The id of the scan that answers, and whether it was there before; `run` when there is none.

        `waiter` is due at its end. `once` gives the same answer to the same waiter again;
        `recent_will_do` takes a scan that ended lately, for which nobody has to wait.
        """
        id_, before = self._begin(
            id=run.id,
            version=run.version,
            doc=encode(run),
            scope=run.scope,
            waiter=member(*waiter),
            once=once,
            recent_will_do=recent_will_do,
        )
        return str(id_), bool(before)

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
        return bool(self._plan(**_saved(run, claim), chunks=planned))

    def chunk(self, run: str, number: str) -> Chunk | None:
        """As it was planned, or as far as it is; or Unreadable, of bot/store/coding.py."""
        with right_type("chunk"):
            doc = self._redis.hget(keys.SCAN_PART(run, "chunks"), number)
        return decode(Chunk, str(doc)) if doc else None

    def advance(self, claim: Claim, run: Run, chunk: Chunk, **progress: Unpack[Progress]) -> bool:
        """Keep what a chunk's worker has found; False when the chunk is somebody else's."""
        id_, _, number = claim.id.rpartition(":")
        place, exact = chunk.place, progress.get("exact", {})
        advanced = self._advance(
            id=id_,
            number=number,
            doc=encode(chunk),
            fence=claim.fence,
            ended=progress.get("ended", False),
            later=progress.get("later", False),
            planned=run.chunks,
            following=chunk.then,
            seen=_flat((key_of(place, it.name), packed(it)) for it in progress.get("seen", ())),
            exact=_flat((key_of(place, name), packed_exact(it)) for name, it in exact.items()),
            unreadable=_flat(
                (str(place), packed_reason(why)) for why in progress.get("unreadable", ())
            ),
        )
        return bool(advanced)

    def end(
        self, run: Run, claim: Claim, owners: Mapping[str, str], *, good: bool
    ) -> list[Waiter] | None:
        """
        Save `run`, which is over; gives who waited for it.

        `good`: it may serve others for a while. None when the claim was lost.
        """
        waiters = self._end(
            **_saved(run, claim), scope=run.scope, good=good, owners=_flat(owners.items())
        )
        return None if waiters is None else [kind_and_id(waiter) for waiter in waiters]

    def leave(self, run: str, waiter: Waiter) -> bool:
        """`waiter` wants no answer; True when nobody does, and the scan ends."""
        return bool(self._leave(id=run, waiter=member(*waiter)))

    def cancelled(self, run: str) -> bool:
        """Whether the last who waited has left."""
        return bool(self._redis.hexists(keys.RECORD(SCAN, run), "cancelled"))

    def lives(self, run: str) -> bool:
        """Whether it goes on: of one that does, something is always due, or waits for a release."""
        return bool(self._lives(id=run))

    def numbers(self, run: str) -> tuple[int, int, int]:
        """Functions seen, functions seen exactly, chunks done."""
        seen, exact, done = self._numbers(id=run)
        return int(seen), int(exact), int(done)

    def seen(self, run: str) -> dict[tuple[int, str], Seen]:
        """By place and name; what was seen exactly counts, and what is gone is left out."""
        return self._read(run)[0]

    def some(self, run: str, place: int, names: Sequence[str]) -> list[Seen]:
        """What the first tier saw of these."""
        row_keys = [key_of(place, name) for name in names]
        stored = self._redis.hmget(keys.SCAN_PART(run, "seen"), row_keys)
        texts = cast(list[str | None], stored)
        rows = [unpacked(key, text) for key, text in zip(row_keys, texts, strict=True) if text]
        return [row for row in rows if row]

    def result(self, run: Run, without: Collection[int] = ()) -> Scan:
        """What was found so far, but of the places of these numbers."""
        functions, others = self._read(run.id)
        unreadable = [
            unpacked_reason(text) or Unreadable(*_named(run, int(key)), OTHERS)
            for key, text in self._all(run.id, "unread")
            if int(key) not in without
        ]
        unreadable += [
            Unreadable(*_named(run, number), f"{many(count)} {OTHERS}")
            for number, count in others.items()
            if number not in without
        ]
        seen = [function for (place, _), function in functions.items() if place not in without]
        places = len(run.places) - len(without)
        return Scan(run.started_at, tuple(seen), tuple(unreadable), places, run.left)

    def _read(self, run: str) -> tuple[dict[tuple[int, str], Seen], Counter[int]]:
        """And how many of each place this release cannot read."""
        rows = {key: unpacked(key, text) for key, text in self._all(run, "seen")}
        for key, text in self._all(run, "exact"):
            if not text:
                rows.pop(key, None)
            elif exact := unpacked(key, text):
                rows[key] = exact
        for key, owner in self._all(run, "owners"):
            if seen := rows.get(key):
                rows[key] = replace(seen, owner=owner)
        others = Counter(place_and_name(key)[0] for key, seen in rows.items() if seen is None)
        return {place_and_name(key): seen for key, seen in rows.items() if seen}, others

    def _all(self, run: str, part: str) -> list[tuple[str, str]]:
        return list(self._redis.hscan_iter(keys.SCAN_PART(run, part), count=1000))


class _Saved(TypedDict):
    id: str
    loaded: int
    version: int
    doc: str
    fence: int


def _saved(run: Run, claim: Claim) -> _Saved:
    following = replace(run, version=run.version + 1)
    return _Saved(
        id=run.id,
        loaded=run.version,
        version=following.version,
        doc=encode(following),
        fence=claim.fence,
    )


def _flat(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [word for pair in pairs for word in pair]


def _named(run: Run, place: int) -> tuple[str, str]:
    name, region = run.places[place]
    return name or "own", region
