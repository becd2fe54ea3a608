"""
Scans by many workers: begun once for the same places, planned in chunks, and ended.

Whoever waits for a scan is due at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from bot.access import View
from bot.aws.accounts import NONE_VISIBLE, Accounts
from bot.errors import SlsdiagError, UsageError
from bot.observability.tracing import current, under
from bot.scan.chunks import exact_chunks
from bot.scan.function_counts import counted
from bot.scan.model import Scan, Unreadable
from bot.scan.owners import owners
from bot.scan.places import with_organization
from bot.scan.repository import Scans
from bot.scan.rows import key_of
from bot.scan.run import Chunk, Run, Stage, scope_of
from bot.scan.selection import duration_of, room, to_verify
from bot.scan.worker import Work, place_of
from bot.store import coding
from bot.store.due import CHUNK, SCAN, Claim, Due, Leases
from bot.store.sharing import Waiter


class GivenUp(SlsdiagError):
    """The scan failed again and again."""


@dataclass(frozen=True)
class Runs:
    """Its dependencies are passed in."""

    scans: Scans
    due: Due
    leases: Leases
    accounts: Accounts
    work: Work
    owner_tag: str | None
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def begin(
        self,
        channel: str,
        prefix: str,
        waiter: Waiter,
        by: str | None,
        *,
        once: str = "",
        recent_will_do: bool,
        fresh: bool = False,
    ) -> tuple[str, bool]:
        """
        The id of a scan of what `channel` may see, and whether it was under way before.

        `waiter` is due at its end. Raises a SlsdiagError.
        """
        self.accounts.identify_own()
        run = replace(self._planned(channel, prefix, by), fresh=fresh)
        id_, before = self.scans.begin(run, waiter, once=once, recent_will_do=recent_will_do)
        if not before:
            self.nudge(SCAN, id_)
        return id_, before

    def _planned(self, channel: str, prefix: str, by: str | None) -> Run:
        places = tuple(self.accounts.account_regions((), (), channel))
        roles = tuple(self.accounts.role(name) for name, _ in places)
        scope = scope_of(places, prefix, roles)
        return Run(uuid4().hex, scope, places, prefix, by, self.now(), trace=current(), roles=roles)

    def request(self, channel: str, prefix: str, waiter: Waiter, by: str | None) -> str:
        """For whom a recent scan will do: where it has ended, `result` is there at once."""
        id_, _ = self.begin(channel, prefix, waiter, by, recent_will_do=True)
        return id_

    def result(self, id_: str, channel: str) -> Scan | None:
        """
        None while it is under way, or where it is gone or was stopped.

        Raises GivenUp where it failed again and again.
        """
        try:
            run = self.scans.runs.load(id_)
        except coding.Unreadable as error:
            if error.schema is not None:
                raise
            return None
        if run and run.complaint:
            raise GivenUp(run.complaint)
        return self.shown(run, channel) if run and run.stage is Stage.DONE else None

    def shown(self, run: Run, channel: str) -> Scan:
        """
        What was found so far, and `channel` may see.

        The channel shares the scan with others, and the settings may have changed since it began.
        Raises a UsageError where it may see nothing of it.
        """
        view = self.accounts.view(channel)
        places = {
            number for number, (name, _) in enumerate(run.places) if self._withheld(name, view)
        }
        if len(places) == len(run.places):
            raise UsageError(self.accounts.refused(channel) or NONE_VISIBLE)
        scan = self.scans.result(run, without=places)
        numbers = {function.account for function in scan.seen}
        hidden = {number for number in numbers if self.accounts.hidden(number, channel)}
        visible = tuple(function for function in scan.seen if function.account not in hidden)
        return with_organization(replace(scan, seen=visible), self.accounts, channel)

    def _withheld(self, name: str | None, view: View) -> bool:
        """One that is no longer configured is not withheld: the scan shows that it was not read."""
        if name is None:
            return view.own is None
        return name in self.accounts.configured and name not in view.accounts

    def scan(self, id_: str) -> None:
        """Plan what follows, or end it."""
        with self.leases.claimed(SCAN, id_) as claim:
            run = self.scans.runs.load(id_) if claim else None
            if claim and run:
                with under(run.trace):
                    self._move(run, claim)

    def chunk(self, id_: str) -> None:
        """One worker's share."""
        with self.leases.claimed(CHUNK, id_) as claim:
            if claim is None:
                return
            run_id, _, number = id_.rpartition(":")
            run = self.scans.runs.load(run_id)
            chunk = self._readable(run, number, claim) if run and not run.over else None
            if run is None or chunk is None:
                self.due.finish(claim)
                return
            with under(run.trace):
                self.work.do(run, chunk, claim)
            if chunk.then is not None:
                self.nudge(CHUNK, f"{run_id}:{chunk.then}")
            self.nudge(SCAN, run_id)

    def give_up(self, claim: Claim) -> None:
        """A chunk killed its worker again and again: its functions count as not read."""
        run_id, _, number = claim.id.rpartition(":")
        run = self.scans.runs.load(run_id)
        chunk = self._readable(run, number, claim) if run and not run.over else None
        if run is None or chunk is None:
            return
        name, region = run.places[chunk.place]
        why = f"{len(chunk.names)} functions" if chunk.names else "The rest of its functions"
        unreadable = Unreadable(name or "own", region, f"{why} could not be seen: it was given up.")
        self.scans.advance(claim, run, chunk, unreadable=(unreadable,), ended=True)

    def _readable(self, run: Run, number: str, claim: Claim) -> Chunk | None:
        """The chunk; one that no release can read is passed over, so that the scan still ends."""
        try:
            return self.scans.chunk(run.id, number)
        except coding.Unreadable as error:
            if error.schema is not None:
                raise
        account, region = run.places[0]
        why = "A part of the scan was recorded by another release, which this one cannot read."
        unreadable = Unreadable(account or "own", region, why)
        self.scans.advance(claim, run, Chunk(0), unreadable=(unreadable,), ended=True)
        self.nudge(SCAN, run.id)
        return None

    def give_up_scan(self, claim: Claim, why: str) -> None:
        """Planning or ending it failed again and again: whoever waits is woken, the next one begins."""
        run = self.scans.runs.load(claim.id)
        if run and not run.over:
            self._end(replace(run, complaint=why), claim, Stage.STOPPED)

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
        most = room(self.accounts.settings.aws_rate)
        chosen, left = to_verify(self.scans.seen(run.id), most, run.started_at)
        chunks, first = exact_chunks(chosen, run.chunks)
        planned = replace(
            run,
            stage=Stage.VERIFYING,
            suspicious=len(chosen),
            left=left,
            seconds=duration_of(chosen, self.accounts.settings.aws_rate),
            chunks=run.chunks + len(chunks),
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
        owned: dict[str, str] = {}
        if stage is Stage.DONE and self.owner_tag is not None:
            opened = partial(place_of, self.accounts, run)
            read = owners(self.scans.seen(run.id), opened, self.owner_tag)
            owned = {key_of(*key): owner for key, owner in read.items()}
        ended = replace(run, stage=stage, ended_at=self.now())
        waiters = self.scans.end(ended, claim, owned, good=stage is Stage.DONE)
        for waiter in waiters or ():
            self.nudge(*waiter)
        if waiters is not None and stage is Stage.DONE and not run.prefix:
            counts = counted(run, self.scans.result(ended), self.accounts.own.id)
            self.scans.counts.put(counts, self.now())
