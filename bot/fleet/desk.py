"""
Where a scan is asked for, and answered.

An ask only saves; a worker joins it to the scan that is under way for the same places, or
begins one, and edits its card while that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.diagnosis.model import Place
from bot.errors import SlsdiagError
from bot.fleet.messages import answered, edit, first_card
from bot.fleet.run import Inquiry
from bot.fleet.runs import Runs
from bot.store.due import ENTRY, INQUIRY, SCAN, Claim, Due
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.records import Records
from bot.store.scans import Scans
from bot.tracing import current, under

SOON, SELDOM = timedelta(seconds=3), timedelta(seconds=30)
"""Pauses between the edits of a card while a scan goes on: longer as it takes longer."""


@dataclass(frozen=True)
class FleetDesk:
    """All it needs is handed in."""

    inquiries: Records[Inquiry]
    runs: Runs
    scans: Scans
    due: Due
    leases: Leases
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

    def inquire(self, id_: str) -> None:
        """Do what is due for an ask, if nobody else does."""
        with self.leases.claimed(INQUIRY, id_) as claim:
            ask = self.inquiries.load(id_) if claim else None
            if claim and ask:
                with under(ask.trace):
                    self._answer(ask, claim)

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
        told = (
            () if ask.joined or ask.private else (edit(ask, run, *self.scans.numbers(run.id)[:2]),)
        )
        self._told(ask, claim, now + pause, told)

    def _join(self, ask: Inquiry, claim: Claim) -> None:
        once = f"{ask.id}-{ask.round}"
        waiter = (INQUIRY, ask.id)
        try:
            run, before = self.runs.begin(
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
