"""
Where a triage is opened, moved and answered.

A click only saves what was said; a worker checks, and saves the next step (work.py). Saves are
compared with what was read, so that of two clicks one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.diagnosis.model import Diagnosis
from bot.observability.tracing import current
from bot.store.due import DIAGNOSIS, ENTRY, TRIAGE
from bot.store.messages import Entry
from bot.store.records import Records
from bot.text.redaction import redacted
from bot.triage import machine
from bot.triage.lookup import TriageLookup, differs, function_of, triage_id
from bot.triage.messages import acknowledged, elsewhere, on_card, updates, withdrawn
from bot.triage.model import FIRST, Event, EventKind, Phase, Triage
from checks.model import Overall
from checks.report import Report


@dataclass(frozen=True)
class TriageService:
    """Its dependencies are passed in."""

    lookup: TriageLookup
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    address: Callable[[Triage], str | None]
    """Of its thread; None where Slack does not say."""
    beside: Callable[[Triage], Sequence[str]]
    """Ids of the requests with other cards of its function in its channel."""

    @property
    def triages(self) -> Records[Triage]:
        """Where they are stored."""
        return self.lookup.triages

    def open(self, diagnosis: Diagnosis, card: str) -> bool:
        """
        Guide a person through `diagnosis`, which has a report, in the thread of its card.

        False where one of the same function is open in the channel (`open_of`), or this one was.
        A report that waits needs no question: the first read arms its wait.
        """
        blank = _blank(diagnosis, card, self.now())
        waits = blank.report is not None and blank.report.verdict is Overall.WAITING
        triage = blank if waits else machine.begin(blank)
        wakes, entries = self.wakes(None, triage), self.updates(blank, triage)
        if not self.triages.open(triage, entries, once=None, wakes=wakes):
            return False
        self.nudge(TRIAGE, triage.id)
        return True

    def take(
        self,
        id_: str,
        turn: int,
        kind: EventKind,
        by: str,
        text: str | None = None,
        *,
        once: str | None = None,
    ) -> bool:
        """
        Take what a person did; False when the triage has moved on.

        `once` names a window that was sent: sent again, it was taken already.
        """
        event = Event(kind, self.now(), by, redacted(text) if text else None)
        while triage := self.triages.load(id_):
            if once and self.triages.done(once):
                return True
            if not machine.accepts(triage, event, turn):
                return False
            if self._take(triage, event, once):
                return True
        return False

    def _take(self, triage: Triage, event: Event, once: str | None) -> bool:
        """False where it moved meanwhile."""
        if event.kind is EventKind.STOPPED:  # needs no check, and waits for none that is under way
            moved = machine.stopped(triage, event, "Stopped before the end.")
            wakes = self.wakes(triage, moved)
            return self._saved(moved, self.updates(triage, moved), None, once, wakes)
        moved = replace(triage, pending=(event,), trace=current())
        if not self._saved(moved, acknowledged(triage, event), event.at, once):
            return False
        self.nudge(TRIAGE, triage.id)
        return True

    def learn(self, id_: str, report: Report) -> None:
        """A check of the function says this: where the triage says otherwise, it checks again."""
        while (triage := self.triages.load(id_)) and not (triage.finished or triage.pending):
            before, prompt = triage.report, triage.prompt
            first = prompt is not None and prompt.step in FIRST
            if first or before is None or not _says_otherwise(report, before):
                return
            moved = replace(triage, pending=(Event(EventKind.CLOCK, self.now()),))
            if self._saved(moved, (), self.now()):
                self.nudge(TRIAGE, id_)
                return

    def wakes(self, before: Triage | None, after: Triage) -> tuple[tuple[str, str], ...]:
        """
        The requests whose cards show what has moved.

        A check may find again what it had found before, while a card has shown something else since.
        """
        if before and not before.pending and on_card(before) == on_card(after):
            return ()
        return tuple((DIAGNOSIS, id_) for id_ in self.beside(after))

    def stop(self, id_: str, by: str) -> bool:
        """End it, whatever it shows; False when it was over."""
        while (triage := self.triages.load(id_)) and not triage.finished:
            if self.take(id_, triage.turn, EventKind.STOPPED, by):
                return True
        return False

    def remind(self, id_: str, turn: int, by: str) -> bool:
        """Tell `by`, and others who asked so, of the wait's end, instead of the thread."""
        while (
            (triage := self.triages.load(id_))
            and triage.turn == turn
            and triage.phase is Phase.WAITING
            and triage.prompt
        ):
            first, *more = dict.fromkeys((*triage.reminded, by))
            moved = replace(triage, remind=first, remind_too=tuple(more))
            if self._saved(moved, self.updates(triage, moved)):
                return True
        return False

    def updates(self, before: Triage, after: Triage) -> tuple[Entry, ...]:
        """The messages from one state to the other, as far as the channel may see the account."""
        if self.lookup.hidden(after):
            return withdrawn(after)
        over = before.phase is Phase.WAITING and after.phase is not Phase.WAITING
        thread = self.address(after) if before.reminded and over else None
        return updates(before, after, thread)

    def give_up(self, id_: str, why: str) -> None:
        """End what cannot go on, with a sentence for the thread."""
        self._end(id_, why, self.updates)

    def lost(self, entry: Entry, why: str) -> bool:
        """
        A message that will not be posted: end what it is of, and tell those who wait for it.

        Of a triage it is a prompt, or the card that the thread hangs on. False where none ended.
        """
        own = self.triages.load(entry.about)
        open_ = self.lookup.under_way(entry.channel)
        hanging = [triage.id for triage in open_ if triage.card == entry.key]
        ids = [own.id, *hanging] if own and own.channel == entry.channel else hanging
        ended = [self._end(id_, why, elsewhere) for id_ in ids]
        return any(ended)

    def _end(
        self, id_: str, why: str, messages: Callable[[Triage, Triage], tuple[Entry, ...]]
    ) -> bool:
        while (triage := self.triages.load(id_)) and not triage.finished:
            ended = machine.stopped(triage, Event(EventKind.CLOCK, self.now()), why)
            entries = withdrawn(ended) if self.lookup.hidden(ended) else messages(triage, ended)
            if self._saved(ended, entries, wakes=self.wakes(triage, ended)):
                return True
        return False

    def _saved(
        self,
        moved: Triage,
        entries: tuple[Entry, ...],
        due_at: datetime | None = None,
        once: str | None = None,
        wakes: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """Besides whatever check is under way, whose result counts no more."""
        if not self.triages.save(
            moved, claim=None, due_at=due_at, entries=entries, once=once, wakes=wakes
        ):
            return False
        for entry in entries:  # who clicked is shown at once, not after the check
            self.nudge(ENTRY, entry.key)
        return True


def _blank(diagnosis: Diagnosis, card: str, at: datetime) -> Triage:
    return Triage(
        triage_id(diagnosis.id, diagnosis.round),
        diagnosis.target,
        diagnosis.place,
        card,
        at,
        function_of(diagnosis),
        diagnosis.region,
        diagnosis.account,
        report=diagnosis.report,
        trace=current(),
    )


def _says_otherwise(report: Report, before: Report) -> bool:
    return report.checked_at > before.checked_at and differs(report, before)
