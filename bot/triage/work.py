"""
What a worker does for a triage: it checks, and saves the next state with its due time and messages.

Of two who save at once one counts: saves are compared with what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.errors import NoSuchFunction, SlsdiagError
from bot.observability.metrics import TIMER_LATENESS
from bot.observability.tracing import under
from bot.store.due import ENTRY, TRIAGE, Claim, Due, Leases
from bot.triage import machine
from bot.triage.messages import WITHDRAWN
from bot.triage.model import Event, EventKind, Phase, Triage
from bot.triage.service import TriageService
from checks.evidence import Evidence


class Gatherer(Protocol):
    """Gathers one function's evidence; raises a SlsdiagError when nothing can be read."""

    def __call__(self, triage: Triage, /, *, fresh: bool) -> Evidence: ...


@dataclass(frozen=True)
class TriageWork:
    """Its dependencies are passed in."""

    service: TriageService
    due: Due
    leases: Leases
    gather: Gatherer

    def run(self, id_: str) -> None:
        """Do what is due for the triage, if nobody else does."""
        with self.leases.claimed(TRIAGE, id_) as claim:
            triage = self.service.triages.load(id_) if claim else None
            if claim and triage:
                with under(triage.trace):
                    self._do(triage, claim)

    def _do(self, triage: Triage, claim: Claim) -> None:
        if triage.phase is Phase.WAITING and triage.prompt and not triage.pending:
            TIMER_LATENESS.observe(claim.late.total_seconds())
        while triage.phase is Phase.WAITING or triage.pending:
            if self._save(triage, self._next(triage), claim):
                return
            stored = self.service.triages.load(triage.id)
            if (
                stored is None
                or stored.version == triage.version
                or stored.pending != triage.pending
            ):
                return  # the claim was lost, or let go for a click: whoever has it goes on
            triage = stored
        self.due.finish(claim)

    def _next(self, triage: Triage) -> Triage:
        clock = Event(EventKind.CLOCK, self.service.now())
        return self._moved(replace(triage, pending=()), *(triage.pending[:1] or (clock,)))

    def _moved(self, triage: Triage, event: Event) -> Triage:
        if self.service.lookup.hidden(triage):
            return machine.stopped(triage, event, WITHDRAWN)
        if event.kind is EventKind.PROLONGED:
            return machine.prolonged(triage, event)
        updated = machine.with_reply(triage, event)
        if not machine.needs_check(triage, event):
            return updated
        # a wait begins by what its report has just seen
        fresh = event.kind is EventKind.RETRIED or (
            event.kind is EventKind.CLOCK and updated.prompt is not None
        )
        try:
            evidence = self.gather(updated, fresh=fresh)
        except NoSuchFunction as error:
            return machine.stopped(updated, event, str(error))
        except SlsdiagError as error:
            return machine.unseen(updated, str(error), replace(event, at=self.service.now()))
        return machine.advance(updated, replace(event, at=evidence.now), evidence)

    def _save(self, before: Triage, after: Triage, claim: Claim) -> bool:
        entries = self.service.updates(before, after)
        wakes = self.service.wakes(before, after)
        saved = self.service.triages.save(
            after, claim=claim, due_at=_due(after), entries=entries, wakes=wakes
        )
        for entry in entries if saved else ():
            self.service.nudge(ENTRY, entry.key)
        return saved


def _due(triage: Triage) -> datetime | None:
    """When the clock checks; None when a person moves next, or nobody."""
    waiting = triage.phase is Phase.WAITING and triage.prompt
    return triage.prompt.looks_at if waiting and triage.prompt else None
