"""
Scans by many workers: begun once for the same places, planned in chunks, and ended.

Who waits for a scan is due at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from bot.aws import inventory
from bot.fleet.exact import most_suspicious_first
from bot.fleet.model import Kind, Scan, Seen, Unreadable, arn
from bot.fleet.run import Chunk, Run, Stage, scope_of
from bot.fleet.work import Work
from bot.reach import Reach
from bot.store.due import CHUNK, SCAN, Claim, Due
from bot.store.leases import Leases
from bot.store.scans import Scans
from bot.tracing import current, under
from checks.evidence import Missing

A_CHUNK = 20
"""Functions seen exactly in one piece: some seconds of the slowest quota."""
LANES = 2
"""Chunks of one place at once: while one ends, the other keeps the quota busy."""


@dataclass(frozen=True)
class Runs:
    """All it needs is handed in."""

    scans: Scans
    due: Due
    leases: Leases
    reach: Reach
    work: Work
    owner_tag: str | None
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def begin(
        self,
        channel: str,
        prefix: str,
        waiter: tuple[str, str],
        by: str | None,
        *,
        once: str = "",
        kept: bool,
    ) -> tuple[str, bool]:
        """
        The id of a scan of what `channel` may see, and whether it was under way before.

        `waiter` is due at its end. `kept`: one that ended lately will do. Raises a SlsdiagError.
        """
        self.reach.identified()
        places = tuple(self.reach.fleet((), (), channel))
        scope = scope_of(places, prefix)
        run = Run(uuid4().hex, scope, places, prefix, by, self.now(), trace=current())
        found, before = self.scans.begin(run, waiter, once=once, kept=kept)
        if not before:
            self.nudge(SCAN, found)
        return found, before

    def request(self, channel: str, prefix: str, waiter: tuple[str, str], by: str | None) -> str:
        """For who may be served what is kept: where it has ended, `result` tells at once."""
        found, _ = self.begin(channel, prefix, waiter, by, kept=True)
        return found

    def result(self, id_: str) -> Scan | None:
        """None while it is under way, or where it is gone or was stopped."""
        run = self.scans.runs.load(id_)
        return self.scans.result(run) if run and run.stage is Stage.DONE else None

    def scan(self, id_: str) -> None:
        """Plan what follows, or end it."""
        with self.leases.claimed(SCAN, id_) as claim:
            run = self.scans.runs.load(id_) if claim else None
            if claim and run:
                with under(run.trace):
                    self._move(run, claim)

    def chunk(self, id_: str) -> None:
        """One worker's turn."""
        with self.leases.claimed(CHUNK, id_) as claim:
            if claim is None:
                return
            run_id, _, number = id_.rpartition(":")
            run, chunk = self.scans.runs.load(run_id), self.scans.chunk(run_id, number)
            if run is None or chunk is None or run.over:
                self.due.finish(claim)
                return
            with under(run.trace):
                self.work.do(run, chunk, claim)
            if chunk.then is not None:
                self.nudge(CHUNK, f"{run_id}:{chunk.then}")
            self.nudge(SCAN, run_id)

    def give_up(self, claim: Claim) -> None:
        """A chunk killed its worker again and again: what it would have seen is unread."""
        run_id, _, number = claim.id.rpartition(":")
        run, chunk = self.scans.runs.load(run_id), self.scans.chunk(run_id, number)
        if run is None or chunk is None:
            return
        name, region = run.places[chunk.place]
        why = f"{len(chunk.names)} functions" if chunk.names else "The rest of its functions"
        unread = Unreadable(name or "own", region, f"{why} could not be seen: it was given up.")
        self.scans.advance(claim, run, chunk, unread=(unread,), ended=True)

    def _move(self, run: Run, claim: Claim) -> None:
        if run.over:
            self.due.finish(claim)
        elif self.scans.cancelled(run.id):
            self._end(run, claim, Stage.STOPPED)
        elif not run.chunks:
            listing = {number: Chunk(number) for number in range(len(run.places))}
            self._plan(replace(run, chunks=len(listing)), listing, listing, claim)
        elif self.scans.numbers(run.id)[2] < run.chunks:
            self.due.finish(claim)
        elif run.stage is Stage.LISTING:
            self._verify(run, claim)
        else:
            self._end(run, claim, Stage.DONE)

    def _verify(self, run: Run, claim: Claim) -> None:
        found = self.scans.seen(run.id)
        chunks, first = exact_chunks(found, run.chunks)
        suspicious = sum(len(each.names) for each in chunks.values())
        planned = replace(
            run, stage=Stage.VERIFYING, suspicious=suspicious, chunks=run.chunks + len(chunks)
        )
        if chunks:
            self._plan(planned, chunks, first, claim)
        else:
            self._end(planned, claim, Stage.DONE)

    def _plan(
        self,
        run: Run,
        chunks: dict[int, Chunk],
        first: Sequence[int] | dict[int, Chunk],
        claim: Claim,
    ) -> None:
        if self.scans.plan(run, chunks, first, claim):
            for number in first:
                self.nudge(CHUNK, f"{run.id}:{number}")

    def _end(self, run: Run, claim: Claim, stage: Stage) -> None:
        owners = self._owners(run) if stage is Stage.DONE else {}
        ended = replace(run, stage=stage, ended_at=self.now())
        for waiter in self.scans.end(ended, claim, owners, good=stage is Stage.DONE) or ():
            kind, _, id_ = waiter.partition(":")
            self.nudge(kind, id_)

    def _owners(self, run: Run) -> dict[str, str]:
        """By place and name; whose tags cannot be read has none."""
        if self.owner_tag is None:
            return {}
        owners: dict[str, str] = {}
        blind: dict[int, list[Seen]] = {}
        for (number, _), each in self.scans.seen(run.id).items():
            if each.kind is Kind.BLIND:
                blind.setdefault(number, []).append(each)
        for number, functions in blind.items():
            place = self.reach.place(*run.places[number], run.by)
            arns = {arn(each): each.name for each in functions}
            told = inventory.owners(place.account, place.region, list(arns), self.owner_tag)
            if not isinstance(told, Missing):
                owners |= {f"{number}:{arns[each]}": owner for each, owner in told.items()}
        return owners


def exact_chunks(
    found: dict[tuple[int, str], Seen], begin: int
) -> tuple[dict[int, Chunk], list[int]]:
    """
    The suspicious ones in chunks, numbered from `begin`, and the numbers to begin with.

    Each place's chunks follow each other in lanes, so that however many workers there are, no
    more calls wait for a place's quota than keep it busy: a person's own look goes between.
    """
    chunks: dict[int, Chunk] = {}
    first: list[int] = []
    for place in sorted({number for number, _ in found}):
        mine = most_suspicious_first([each for (n, _), each in found.items() if n == place])
        names = [each.name for each in mine]
        parts = [tuple(names[at : at + A_CHUNK]) for at in range(0, len(names), A_CHUNK)]
        start = begin + len(chunks)
        first += range(start, start + min(LANES, len(parts)))
        for at, part in enumerate(parts):
            then = start + at + LANES if at + LANES < len(parts) else None
            chunks[start + at] = Chunk(place, part, then=then)
    return chunks, first
