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
from bot.store.due import TRIAGE, Claim, Due
from bot.store.leases import Leases
from bot.store.records import Records
from bot.tracing import current, under
from bot.triage import machine
from bot.triage.messages import acknowledged, news
from bot.triage.model import Event, Kind, Phase, Triage
from checks.evidence import Evidence


class Gatherer(Protocol):
    """Gathers one function's evidence; raises a SlsdiagError when nothing can be read."""

    def __call__(self, triage: Triage, *, fresh: bool) -> Evidence: ...


def triage_id(ask: str, round_: int) -> str:
    """Of the triage of one look's report: there is never a second one."""
    return f"{ask}-{round_}"


def is_of(triage: Triage, ask: Diagnosis) -> bool:
    """Whether both are about one function; before the triage's first look, by what was typed."""
    if triage.report and ask.report:
        return triage.report.function == ask.report.function
    return triage.target == ask.target


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
        Guide a person through `ask`, in the thread of its card; False where that is done already.

        `waits`: the report waits, so the first look needs no question.
        """
        blank = Triage(
            triage_id(ask.id, ask.round),
            ask.target,
            ask.place,
            card,
            self.now(),
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
        triage = self.triages.load(id_)
        event = Event(kind, self.now(), by, redacted(text) if text else None)
        if triage is None or not machine.accepts(triage, event, turn):
            return False
        heard = replace(triage, pending=(event,), trace=current())
        entries = acknowledged(triage, event)
        saved = self.triages.save(heard, claim=None, due_at=event.at, entries=entries)
        if saved:
            for each in entries:  # who pressed is shown at once, not after the look
                self.nudge("entry", each.key)
            self.nudge(TRIAGE, id_)
        return saved

    def remind(self, id_: str, by: str) -> bool:
        """Tell `by` alone of the wait's end."""
        triage = self.triages.load(id_)
        if triage is None or triage.phase is not Phase.WAITING:
            return False
        return self.triages.save(replace(triage, remind=by), claim=None, due_at=None)

    def under_way(self, channel: str) -> list[Triage]:
        """The channel's open triages, newest first."""
        return [each for each in self.triages.newest(channel, 50) if not each.finished]

    def work(self, id_: str) -> None:
        """Do what is due for the triage, if nobody else does."""
        with self.leases.claimed(TRIAGE, id_) as claim:
            triage = self.triages.load(id_) if claim else None
            if claim and triage:
                with under(triage.trace):
                    self._do(triage, claim)

    def _do(self, triage: Triage, claim: Claim) -> None:
        event = triage.pending[0] if triage.pending else Event(Kind.CLOCK, self.now())
        waits = triage.phase is Phase.WAITING or triage.pending
        if triage.finished or not waits:
            self.due.finish(claim)
            return
        if event.kind is Kind.CLOCK and triage.prompt:
            TIMER_LATENESS.observe(claim.late.total_seconds())
        self._save(triage, self._moved(replace(triage, pending=()), event), claim)

    def _moved(self, triage: Triage, event: Event) -> Triage:
        if event.kind is Kind.STOPPED:
            return machine.stopped(triage, event, "Stopped before the end.")
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

    def _save(self, before: Triage, after: Triage, claim: Claim) -> None:
        entries = news(before, after)
        if self.triages.save(after, claim=claim, due_at=_due(after), entries=entries):
            for each in entries:
                self.nudge("entry", each.key)


def _due(triage: Triage) -> datetime | None:
    """When the clock looks; None when a person moves next, or nobody."""
    waiting = triage.phase is Phase.WAITING and triage.prompt
    return triage.prompt.looks_at if waiting and triage.prompt else None
