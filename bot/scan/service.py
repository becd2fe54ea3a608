"""
Where a scan is requested, and answered.

A request only saves; a worker joins it to the scan that is under way for the same places, or
begins one, and edits its card while that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.conversation import Conversation
from bot.errors import SlsdiagError
from bot.observability.tracing import current, under
from bot.scan.clusters import clusters_by_state
from bot.scan.coordinator import Runs
from bot.scan.messages import answered, edit, first_card
from bot.scan.model import Cluster
from bot.scan.repository import Scans
from bot.scan.run import Inquiry, Run
from bot.store.coding import Unreadable
from bot.store.due import ENTRY, INQUIRY, SCAN, Claim, Due, Leases
from bot.store.messages import Entry
from bot.store.records import Listed, Records

SOON, SELDOM = timedelta(seconds=3), timedelta(seconds=30)
"""Pauses between the edits of a card while a scan goes on: longer as it takes longer."""
LOST = "It came to nothing: please ask whoever runs slsdiag to look at its log."


@dataclass(frozen=True)
class ScanService:
    """Its dependencies are passed in."""

    inquiries: Records[Inquiry]
    runs: Runs
    scans: Scans
    due: Due
    leases: Leases
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def open(self, prefix: str, place: Conversation, once: str) -> bool:
        """Save the request and its first card; False for the same request twice."""
        inquiry = Inquiry(uuid4().hex, place, prefix, self.now(), trace=current())
        card = first_card(inquiry)
        opened = self.inquiries.open(inquiry, (card,), once=once)
        if opened:
            self._nudge((card,))
            self.nudge(INQUIRY, inquiry.id)
        return opened

    def again(self, id_: str, round_: int) -> bool:
        """Scan again; False for a click on a card that has moved on."""
        while (inquiry := self._shown(id_, round_)) and inquiry.answered:
            anew = replace(
                inquiry,
                round=round_ + 1,
                asked_at=self.now(),
                run=None,
                joined=False,
                answered=False,
                trace=current(),
            )
            if self._save(anew, None, self.now(), (edit(anew, None),)):
                return True
        return False

    def stop(self, id_: str, round_: int) -> bool:
        """Who requested it wants no answer; the scan ends when nobody wants one."""
        while (inquiry := self._shown(id_, round_)) and not inquiry.answered:
            run = self.scans.runs.load(inquiry.run) if inquiry.run else None
            entries = self._result(inquiry, run, None)
            if self._save(replace(inquiry, answered=True), None, self.now(), entries):
                if run and self.scans.leave(run.id, (INQUIRY, id_)):
                    self.nudge(SCAN, run.id)
                return True
        return False

    def _shown(self, id_: str, round_: int) -> Inquiry | None:
        """None where its card has moved on."""
        inquiry = self.inquiries.load(id_)
        return inquiry if inquiry and inquiry.round == round_ else None

    def under_way(self, channel: str) -> Listed[Inquiry]:
        """The channel's requests that are not answered yet, newest first."""
        newest = self.inquiries.newest(channel, 50)
        return newest.only(lambda inquiry: not inquiry.answered)

    def behind(self, id_: str, round_: int, key: str) -> Cluster | None:
        """
        The functions of one cause on the card, as far as its channel may see them now.

        None for a click on a card that has moved on, and where the scan is no longer stored.
        """
        inquiry = self._shown(id_, round_)
        if inquiry is None or inquiry.run is None:
            return None
        run = self._run(inquiry.run)
        try:
            scan = self.runs.shown(run, inquiry.channel) if run else None
        except SlsdiagError:
            return None
        causes = clusters_by_state(scan.seen) if scan else []
        return next((cause for cause in causes if cause.key == key), None)

    def went_private(self, entry: Entry) -> bool:
        """
        A message of it could not be posted: only the requester is told, when the result is there.

        False where there is no such request.
        """
        while (inquiry := self.inquiries.load(entry.about)) and not inquiry.private:
            private = replace(inquiry, private=True, answered=False)
            if self._save(private, None, self.now(), ()):
                return True
        return inquiry is not None

    def inquire(self, id_: str) -> None:
        """Do what is due for a request, if nobody else does."""
        with self.leases.claimed(INQUIRY, id_) as claim:
            inquiry = self.inquiries.load(id_) if claim else None
            if claim and inquiry:
                with under(inquiry.trace):
                    self._answer(inquiry, claim)

    def give_up(self, claim: Claim, why: str) -> None:
        """Nobody will answer any more: the card says so, and the scan need not wait for it."""
        inquiry = self.inquiries.load(claim.id)
        if inquiry is None or inquiry.answered:
            return
        over = self._save(
            replace(inquiry, answered=True), claim, None, answered(inquiry, None, None, why)
        )
        if over and inquiry.run and self.scans.leave(inquiry.run, (INQUIRY, inquiry.id)):
            self.nudge(SCAN, inquiry.run)

    def _answer(self, inquiry: Inquiry, claim: Claim) -> None:
        if inquiry.answered:
            self.due.finish(claim)
            return
        if inquiry.run is None:
            self._join(inquiry, claim)
            return
        lives, run = self.scans.lives(inquiry.run), self._run(inquiry.run)
        if run is None or run.over or not lives:
            lost = None if run and run.over else LOST
            ended = replace(run, complaint=lost) if run and lost else run
            entries = self._result(inquiry, ended, None if ended else lost)
            self._save(replace(inquiry, answered=True), claim, None, entries)
            return
        now = self.now()
        took = now - inquiry.asked_at
        pause = min(max(took / 2, SOON), SELDOM)
        entries = (
            ()
            if inquiry.joined or inquiry.private
            else (edit(inquiry, run, *self.scans.numbers(run.id)[:2]),)
        )
        self._save(inquiry, claim, now + pause, entries)

    def _run(self, id_: str) -> Run | None:
        """None where it is gone, or no release can read it."""
        try:
            return self.scans.runs.load(id_)
        except Unreadable as error:
            if error.schema is not None:
                raise
            return None

    def _result(self, inquiry: Inquiry, run: Run | None, lost: str | None) -> tuple[Entry, ...]:
        """What is known, as far as the channel may see it, or why that is nothing."""
        try:
            scan = self.runs.shown(run, inquiry.channel) if run else None
        except SlsdiagError as error:
            return answered(inquiry, None, None, str(error))
        return answered(inquiry, run, scan, lost)

    def _join(self, inquiry: Inquiry, claim: Claim) -> None:
        once = f"{inquiry.id}-{inquiry.round}"
        waiter = (INQUIRY, inquiry.id)
        try:
            run, before = self.runs.begin(
                inquiry.channel,
                inquiry.prefix,
                waiter,
                inquiry.place.user,
                once=once,
                recent_will_do=False,
                fresh=inquiry.round > 1,
            )
        except SlsdiagError as error:
            failed = replace(inquiry, answered=True)
            self._save(failed, claim, None, answered(inquiry, None, None, str(error)))
            return
        joined = replace(inquiry, run=run, joined=before)
        entries = (edit(joined, None, joined=True),) if before else ()
        self._save(joined, claim, self.now() + SOON, entries)

    def _save(
        self, inquiry: Inquiry, claim: Claim | None, at: datetime | None, entries: tuple[Entry, ...]
    ) -> bool:
        saved = self.inquiries.save(inquiry, claim=claim, due_at=at, entries=entries)
        if saved:
            self._nudge(entries)
            if at and at <= self.now():
                self.nudge(INQUIRY, inquiry.id)
        return saved

    def _nudge(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.nudge(ENTRY, entry.key)
