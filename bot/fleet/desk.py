"""
Where a scan is asked for, planned, and answered.

An ask only saves; a worker joins it to the scan that is under way for the same places, or
begins one. Who waits for a scan is due at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.aws import inventory
from bot.diagnosis.model import Place
from bot.errors import SlsdiagError
from bot.fleet.exact import most_suspicious_first
from bot.fleet.messages import answered, edit, first_card
from bot.fleet.model import Kind, Scan, Seen, Unreadable, arn
from bot.fleet.run import Chunk, Inquiry, Run, Stage, scope_of
from bot.fleet.work import Work
from bot.looking import Reach
from bot.store.due import CHUNK, ENTRY, INQUIRY, SCAN, Claim, Due
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.records import Records
from bot.store.scans import Scans
from bot.tracing import current, under
from checks.evidence import Missing

A_CHUNK = 20
"""Functions seen exactly in one piece: some seconds of the slowest quota."""
LANES = 2
"""Chunks of one place at once: while one ends, the other keeps the quota busy."""
SOON, SELDOM = timedelta(seconds=3), timedelta(seconds=30)
"""Pauses between the edits of a card while a scan goes on: longer as it takes longer."""


@dataclass(frozen=True)
class FleetDesk:
    """All it needs is handed in."""

    inquiries: Records[Inquiry]
    scans: Scans
    due: Due
    leases: Leases
    reach: Reach
    work: Work
    owner_tag: str | None
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def open(self, prefix: str, place: Place, once: str) -> bool:
        """Save the ask and its first card; False for the same request twice."""
        ask = Inquiry(uuid4().hex, place, prefix, self.now(), trace=current())
        card = first_card(ask)
        opened = self.inquiries.open(ask, (card,), once=once)
        if opened:
            self._nudge((card,))
            self.nudge(INQUIRY, ask.id)
        return opened

    def again(self, id_: str, round_: int) -> bool:
        """Scan anew; False for a press on a card that has moved on."""
        ask = self.inquiries.load(id_)
        if ask is None or ask.round != round_ or not ask.answered:
            return False
        anew = replace(
            ask,
            round=round_ + 1,
            asked_at=self.now(),
            run=None,
            joined=False,
            answered=False,
            trace=current(),
        )
        return self._told(anew, None, self.now(), (edit(anew, None),))

    def stop(self, id_: str, round_: int) -> bool:
        """The asker wants no answer; the scan ends when nobody wants one."""
        ask = self.inquiries.load(id_)
        if ask is None or ask.round != round_ or ask.answered:
            return False
        run = self.scans.runs.load(ask.run) if ask.run else None
        found = self.scans.result(run) if run else None
        if not self._told(replace(ask, answered=True), None, self.now(), answered(ask, run, found)):
            return False
        if run and self.scans.leave(run.id, (INQUIRY, id_)):
            self.nudge(SCAN, run.id)
        return True

    def under_way(self, channel: str) -> list[Inquiry]:
        """The channel's asks that are not answered yet, newest first."""
        return [each for each in self.inquiries.newest(channel, 50) if not each.answered]

    def went_private(self, entry: Entry) -> None:
        """The card could not be posted: the asker alone is told, when the result is there."""
        while (ask := self.inquiries.load(entry.about)) and not ask.private:
            known = replace(ask, private=True, answered=False)
            if self._told(known, None, self.now(), ()):
                return

    def request(self, channel: str, prefix: str, waiter: tuple[str, str], by: str | None) -> str:
        """
        The id of a scan of what `channel` may see, for somebody who may be served what is kept.

        `waiter` is due at its end; where it has ended already, `result` tells at once.
        """
        found, _ = self._begun(channel, prefix, waiter, by, once="", kept=True)
        return found

    def result(self, id_: str) -> Scan | None:
        """None while it is under way, or where it is gone or was stopped."""
        run = self.scans.runs.load(id_)
        return self.scans.result(run) if run and run.stage is Stage.DONE else None

    def inquire(self, id_: str) -> None:
        """Do what is due for an ask, if nobody else does."""
        with self.leases.claimed(INQUIRY, id_) as claim:
            ask = self.inquiries.load(id_) if claim else None
            if claim and ask:
                with under(ask.trace):
                    self._answer(ask, claim)

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

    def _begun(
        self,
        channel: str,
        prefix: str,
        waiter: tuple[str, str],
        by: str | None,
        *,
        once: str,
        kept: bool,
    ) -> tuple[str, bool]:
        places = tuple(self.reach.fleet((), (), channel))
        scope = scope_of(places, prefix)
        run = Run(uuid4().hex, scope, places, prefix, by, self.now(), trace=current())
        found, before = self.scans.begin(run, waiter, once=once, kept=kept)
        if not before:
            self.nudge(SCAN, found)
        return found, before

    def _answer(self, ask: Inquiry, claim: Claim) -> None:
        if ask.answered:
            self.due.finish(claim)
            return
        if ask.run is None:
            self._join(ask, claim)
            return
        run = self.scans.runs.load(ask.run)
        if run is None or run.over:
            found = self.scans.result(run) if run else None
            self._told(replace(ask, answered=True), claim, None, answered(ask, run, found))
            return
        now = self.now()
        took = now - ask.asked_at
        pause = min(max(took / 2, SOON), SELDOM)
        told = () if ask.joined or ask.private else (edit(ask, run, *self._numbers(run)),)
        self._told(ask, claim, now + pause, told)

    def _join(self, ask: Inquiry, claim: Claim) -> None:
        once = f"{ask.id}-{ask.round}"
        waiter = (INQUIRY, ask.id)
        try:
            run, before = self._begun(
                ask.channel, ask.prefix, waiter, ask.place.user, once=once, kept=False
            )
        except SlsdiagError as error:
            failed = replace(ask, answered=True)
            self._told(failed, claim, None, answered(ask, None, None, str(error)))
            return
        joined = replace(ask, run=run, joined=before)
        told = (edit(joined, None, joined=True),) if before else ()
        self._told(joined, claim, self.now() + SOON, told)

    def _told(
        self, ask: Inquiry, claim: Claim | None, at: datetime | None, entries: tuple[Entry, ...]
    ) -> bool:
        saved = self.inquiries.save(ask, claim=claim, due_at=at, entries=entries)
        if saved:
            self._nudge(entries)
            if at and at <= self.now():
                self.nudge(INQUIRY, ask.id)
        return saved

    def _nudge(self, entries: Sequence[Entry]) -> None:
        for each in entries:
            self.nudge(ENTRY, each.key)

    def _numbers(self, run: Run) -> tuple[int, int]:
        seen, exact, _ = self.scans.numbers(run.id)
        return seen, exact

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
