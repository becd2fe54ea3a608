"""
What a worker does for a request: it reads the function, and answers.

`run` may be called any number of times for the same request: what it sends has deterministic
keys, and what it saves is compared with what it read. Nothing is public before a read has
confirmed the name: only then is the card posted. A triage begins once the answer is saved, so
that its first message comes after the summary.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.diagnosis.card_changes import Aftermath, ChangeLookup, LiveCard, Triages, drawn
from bot.diagnosis.messages import answers, token
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.naming import held_back
from bot.diagnosis.service import DiagnosisService
from bot.errors import Ambiguous, NoSuchFunction, SlsdiagError, UsageError
from bot.observability.metrics import VERDICT
from bot.observability.tracing import carried, under
from bot.store.coding import Unreadable, decode, encode
from bot.store.due import DIAGNOSIS, Claim, Due, Leases
from bot.store.messages import Entry
from bot.store.records import Records
from bot.store.sharing import SharedValues, SingleFlight
from bot.target import command
from checks.function_ref import FunctionRef
from checks.report import Report

ALONE_FOR = timedelta(seconds=30)
"""A gathering that takes longer is gathered once more by who waits for it."""
SHARED_FOR = timedelta(minutes=1)
"""A report is for those who asked while it was made, not a cache."""
MISNAMED = (Ambiguous, NoSuchFunction, UsageError)
"""What a first read may find to be wrong with the name, region or account as typed."""
QUIET = 3.0
"""Seconds after which the card says what is still being read."""

Progress = Callable[[frozenset[str]], None]
Confirmed = Callable[[str], None]
"""Given the account that the function was found in."""


class Checker(Protocol):
    """Checks one function; raises a SlsdiagError when nothing can be checked."""

    def __call__(self, diagnosis: Diagnosis, progress: Progress, confirmed: Confirmed) -> Report:
        """The report, from a new read; `confirmed` is called once the function was found."""


@dataclass(frozen=True)
class DiagnosisWork:
    """Its dependencies are passed in."""

    service: DiagnosisService
    due: Due
    leases: Leases
    reports: SharedValues
    gathering: SingleFlight
    checker: Checker
    informed: Sequence[Callable[[Diagnosis], None]]
    """Each is called with each report."""
    triages: Triages
    changed: ChangeLookup

    @property
    def diagnoses(self) -> Records[Diagnosis]:
        """Where requests are kept."""
        return self.service.diagnoses

    @property
    def aftermath(self) -> Aftermath:
        """What follows from an answer."""
        return Aftermath(self.service, self.due, self.triages, self.changed)

    def nudge(self, kind: str, id_: str) -> None:
        """Something is due."""
        self.service.nudge(kind, id_)

    def now(self) -> datetime:
        """The store's time."""
        return self.service.now()

    def run(self, id_: str) -> None:
        """Do what is due for the request, if nobody else does."""
        with self.leases.claimed(DIAGNOSIS, id_) as claim:
            diagnosis = self.diagnoses.load(id_) if claim else None
            if claim and diagnosis:
                with under(diagnosis.trace):
                    self._do(diagnosis, claim)

    def _do(self, diagnosis: Diagnosis, claim: Claim) -> None:
        if diagnosis.stage is not Stage.CHECKING:
            self.aftermath(diagnosis, claim)
        elif shared := self._shared(diagnosis):
            self._answer(replace(diagnosis, **_reported(shared)), claim)
        elif self.gathering.begin(self._subject(diagnosis), token(diagnosis), ALONE_FOR):
            self._gather(diagnosis, claim)
        else:
            self._join(diagnosis, claim)

    def _shared(self, diagnosis: Diagnosis) -> Report | None:
        """What a gathering found that ended after this was asked, and its channel may see."""
        shared = self.reports.get(self._subject(diagnosis))
        if shared is None or shared[1] < diagnosis.asked_at:
            return None
        try:
            report = decode(Report, shared[0])
        except Unreadable:  # of another release: checked again
            return None
        return None if self.service.may_not_see(report, diagnosis) else report

    def _subject(self, diagnosis: Diagnosis) -> str:
        """Asks with the same subject share a gathering: their channels see the same accounts."""
        shared = "anew" if diagnosis.fresh else "kept"
        scope = self.service.viewers.scope(diagnosis.channel)
        return f"{scope}/{shared}/{diagnosis.account or ''}/{diagnosis.region or ''}/{diagnosis.target}"

    def _gather(self, diagnosis: Diagnosis, claim: Claim) -> None:
        live = LiveCard(self.service, diagnosis, claim)
        slow = threading.Timer(QUIET, carried(live.quiet_for_long))
        slow.daemon = True
        slow.start()
        try:
            seen = self._seen(diagnosis, live)
            if seen.report:
                self.reports.put(self._subject(diagnosis), encode(seen.report), SHARED_FOR)
        finally:
            slow.cancel()
            for waiter in self.gathering.end(self._subject(diagnosis), token(diagnosis)):
                self.nudge(*waiter)
        self._answer(seen, claim)

    def _join(self, diagnosis: Diagnosis, claim: Claim) -> None:
        """
        Be woken when the gathering under way finds the function, and when it ends.

        Come back by ourselves if it dies.
        """
        later = self.now() + ALONE_FOR
        if not self.diagnoses.save(diagnosis, claim=claim, due_at=later):
            return
        if not self.gathering.join(self._subject(diagnosis), (DIAGNOSIS, diagnosis.id)):
            stored = self.diagnoses.load(diagnosis.id)
            if stored and self.diagnoses.save(stored, claim=None, due_at=self.now()):
                self.nudge(DIAGNOSIS, diagnosis.id)
        elif self.gathering.confirmed(self._subject(diagnosis)):
            LiveCard(self.service, diagnosis, None).post()

    def _seen(self, diagnosis: Diagnosis, live: LiveCard) -> Diagnosis:
        def confirmed(account: str) -> None:
            if self.service.viewers.hidden(account, diagnosis.channel):
                return  # this channel may not learn that it exists
            live.confirmed()
            for waiter in self.gathering.confirm(self._subject(diagnosis), token(diagnosis)):
                self.nudge(*waiter)

        try:
            report = self.checker(diagnosis, live.reading, confirmed)
        except SlsdiagError as error:
            return replace(
                diagnosis,
                stage=Stage.FAILED,
                misnamed=isinstance(error, MISNAMED),
                complaint=str(error),
                candidates=tuple(_command(diagnosis, *choice) for choice in error.choices),
            )
        return self.service.permitted(replace(diagnosis, **_reported(report)))

    def _answer(self, seen: Diagnosis, claim: Claim) -> None:
        """Save the answer; the card's own news meanwhile (posted, private) is kept."""
        if seen.report:  # the card must be there before anything is put into its thread
            LiveCard(self.service, seen, claim).post()
        while (stored := self.diagnoses.load(seen.id)) and stored.round == seen.round:
            answered = replace(
                seen,
                version=stored.version,
                private=stored.private,
                confirmed=stored.confirmed,
                guide=stored.guide,
                summarized=stored.summarized,
            )
            if answered.report:
                for inform in self.informed:
                    inform(answered)
            course = None
            if answered.report and not (answered.only or answered.private):
                course = self.triages.course(answered)
            answered = replace(answered, drawn=drawn(course))
            if self._saved(answered, claim, answers(answered, course)):
                return
            if stored.version == getattr(self.diagnoses.load(seen.id), "version", None):
                return  # the claim was lost: whoever has it answers

    def _saved(self, answered: Diagnosis, claim: Claim, entries: tuple[Entry, ...]) -> bool:
        """With its summary posted, and due again for what follows; others of the function, too."""
        shown = answered.report is not None and not answered.private and not answered.only
        saved = replace(answered, summarized=answered.summarized or shown)
        due_at = self.now() if shown or held_back(answered) else None
        wakes = self.aftermath.others(answered) if shown else ()
        if not self.diagnoses.save(saved, claim=claim, due_at=due_at, entries=entries, wakes=wakes):
            return False
        self.service.nudged(entries)
        for other in wakes:
            self.nudge(*other)
        if due_at:
            self.nudge(DIAGNOSIS, answered.id)
        if answered.report:
            VERDICT.observe((self.now() - answered.asked_at).total_seconds())
        return True


def _reported(report: Report) -> dict[str, Any]:
    return {"stage": Stage.REPORTED, "report": report, "seen_at": report.checked_at}


def _command(diagnosis: Diagnosis, name: str, region: str | None, account: str | None) -> str:
    """What could be typed instead."""
    instead = FunctionRef.of(name, region or diagnosis.region, account or diagnosis.account)
    return f"step {diagnosis.only} {command(instead)}" if diagnosis.only else command(instead)
