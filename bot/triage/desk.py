"""
Where a triage is opened, moved and answered.

A press only saves what was said; a worker looks, and saves the next step together with its due
time and its messages. Saves are compared with what was read, so that of two presses one counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.diagnosis.model import Diagnosis
from bot.errors import NoSuchFunction, SlsdiagError
from bot.metrics import TIMER_LATENESS
from bot.secrecy import redacted
from bot.store.due import ENTRY, TRIAGE, Claim, Due
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.records import Records
from bot.tracing import current, under
from bot.triage import machine
from bot.triage.messages import acknowledged, elsewhere, news
from bot.triage.model import Event, Kind, Phase, Triage
from checks.evidence import Evidence


class Gatherer(Protocol):
    """Gathers one function's evidence; raises a SlsdiagError when nothing can be read."""

    def __call__(self, triage: Triage, *, fresh: bool) -> Evidence: ...


def triage_id(ask: str, round_: int) -> str:
    """Of the triage of one look's report: there is never a second one."""
    return f"{ask}-{round_}"


def function_of(ask: Diagnosis) -> str:
    """What its report is about; empty where it has none."""
    if ask.report is None:
        return ""
    function = ask.report.function
    name = f"{function.name}:{function.qualifier}" if function.qualifier else function.name
    return f"{function.account}/{function.region}/{name}"


@dataclass(frozen=True)
class TriageDesk:
    """All it needs is handed in."""

    triages: Records[Triage]
    due: Due
    leases: Leases
    gather: Gatherer
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def open(self, ask: Diagnosis, card: str, *, waits: bool = False) -> bool:
        """
        Guide a person through `ask`, which has a report, in the thread of its card.

        False where one of the same function is open in the channel (`open_of`), or this one was.
        `waits`: the report waits, so the first look needs no question.
        """
        blank = Triage(
            triage_id(ask.id, ask.round),
            ask.target,
            ask.place,
            card,
            self.now(),
            function_of(ask),
            ask.region,
            ask.account,
            trace=current(),
        )
        triage = blank if waits else machine.begin(blank)
        if not self.triages.open(triage, news(blank, triage), once=None):
            return False
        self.nudge(TRIAGE, triage.id)
        return True

    def press(self, id_: str, turn: int, kind: Kind, by: str, text: str | None = None) -> bool:
        """Take what a person did; False when the triage has moved on."""
        event = Event(kind, self.now(), by, redacted(text) if text else None)
        while (triage := self.triages.load(id_)) and machine.accepts(triage, event, turn):
            if kind is Kind.STOPPED:  # needs no look, and waits for none that is under way
                moved = machine.stopped(triage, event, "Stopped before the end.")
                entries, due_at = news(triage, moved), None
            else:
                moved = replace(triage, pending=(event,), trace=current())
                entries, due_at = acknowledged(triage, event), event.at
            if self._saved(moved, entries, due_at):
                if due_at:
                    self.nudge(TRIAGE, id_)
                return True
        return False

    def stop(self, id_: str, by: str) -> bool:
        """End it, whatever it shows; False when it was over."""
        while (triage := self.triages.load(id_)) and not triage.finished:
            if self.press(id_, triage.turn, Kind.STOPPED, by):
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
            if self._saved(moved, news(triage, moved)):
                return True
        return False

    def under_way(self, channel: str) -> list[Triage]:
        """The channel's open triages, newest first."""
        before = self.triages.newest(channel, 50)  # some were stored before there were subjects
        found = {each.id: each for each in (*self.triages.alone(channel), *before)}
        open_ = (each for each in found.values() if not each.finished)
        return sorted(open_, key=lambda triage: triage.started_at, reverse=True)

    def open_of(self, ask: Diagnosis) -> Triage | None:
        """The one of the function that `ask` is about, in its channel."""
        subject = function_of(ask)
        return next((each for each in self.under_way(ask.channel) if each.subject == subject), None)

    def give_up(self, id_: str, why: str) -> None:
        """End what cannot go on, with a sentence for the thread."""
        self._end(id_, why, news)

    def lost(self, entry: Entry, why: str) -> None:
        """
        A message that will not be posted: end what it is of, and tell those who wait for it.

        Of a triage it is a prompt, or the card that the thread hangs on.
        """
        own = self.triages.load(entry.about)
        if own and own.channel == entry.channel:
            self._end(own.id, why, elsewhere)
        for each in self.under_way(entry.channel):
            if each.card == entry.key:
                self._end(each.id, why, elsewhere)

    def _end(self, id_: str, why: str, told: Callable[[Triage, Triage], tuple[Entry, ...]]) -> None:
        while (triage := self.triages.load(id_)) and not triage.finished:
            ended = machine.stopped(triage, Event(Kind.CLOCK, self.now()), why)
            if self._saved(ended, told(triage, ended)):
                return

    def _saved(
        self, moved: Triage, entries: tuple[Entry, ...], due_at: datetime | None = None
    ) -> bool:
        """Besides whatever look is under way, whose result counts no more."""
        if not self.triages.save(moved, claim=None, due_at=due_at, entries=entries):
            return False
        for each in entries:  # who pressed is shown at once, not after the look
            self.nudge(ENTRY, each.key)
        return True

    def work(self, id_: str) -> None:
        """Do what is due for the triage, if nobody else does."""
        with self.leases.claimed(TRIAGE, id_) as claim:
            triage = self.triages.load(id_) if claim else None
            if claim and triage:
                with under(triage.trace):
                    self._do(triage, claim)

    def _do(self, triage: Triage, claim: Claim) -> None:
        if triage.phase is Phase.WAITING and triage.prompt and not triage.pending:
            TIMER_LATENESS.observe(claim.late.total_seconds())
        while triage.phase is Phase.WAITING or triage.pending:
            event = triage.pending[0] if triage.pending else Event(Kind.CLOCK, self.now())
            if self._save(triage, self._moved(replace(triage, pending=()), event), claim):
                return
            known = self.triages.load(triage.id)
            if known is None or known.version == triage.version or known.pending != triage.pending:
                return  # the claim was lost, or let go for a press: whoever has it goes on
            triage = known
        self.due.finish(claim)

    def _moved(self, triage: Triage, event: Event) -> Triage:
        if event.kind is Kind.PROLONGED:
            return machine.prolonged(triage, event)
        heard = machine.heard(triage, event)
        if not machine.looks_after(triage, event):
            return heard
        # a wait begins by what its report has just seen
        fresh = event.kind is Kind.RETRIED or (
            event.kind is Kind.CLOCK and heard.prompt is not None
        )
        try:
            evidence = self.gather(heard, fresh=fresh)
        except NoSuchFunction as error:
            return machine.stopped(heard, event, str(error))
        except SlsdiagError as error:
            return machine.unseen(heard, str(error), replace(event, at=self.now()))
        return machine.advance(heard, replace(event, at=evidence.now), evidence)

    def _save(self, before: Triage, after: Triage, claim: Claim) -> bool:
        entries = news(before, after)
        saved = self.triages.save(after, claim=claim, due_at=_due(after), entries=entries)
        for each in entries if saved else ():
            self.nudge(ENTRY, each.key)
        return saved


def _due(triage: Triage) -> datetime | None:
    """When the clock looks; None when a person moves next, or nobody."""
    waiting = triage.phase is Phase.WAITING and triage.prompt
    return triage.prompt.looks_at if waiting and triage.prompt else None
