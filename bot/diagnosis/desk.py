"""
Where an ask is opened, looked into and answered.

`open` only saves; a worker then calls `look`, which may be called any number of times for the
same ask: what it sends has deterministic keys, and what it saves is compared with what it
read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from bot.diagnosis.messages import answers, edit, first_card, token
from bot.diagnosis.model import Diagnosis, Place, Stage
from bot.errors import Ambiguous, NoSuchFunction, SlsdiagError, UsageError
from bot.metrics import VERDICT
from bot.render import card
from bot.store.coding import Unreadable, decode, encode
from bot.store.due import DIAGNOSIS, ENTRY, Claim, Due
from bot.store.evidence import Evidence, Gathering
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.records import Records
from bot.target import Target
from bot.tracing import carried, current, under
from checks.report import Report

ALONE_FOR = timedelta(seconds=30)
"""A gathering that takes longer is gathered once more by who waits for it."""
SHARED_FOR = timedelta(minutes=1)
"""A report is for those who asked while it was made, not a cache."""
MISNAMED = (Ambiguous, NoSuchFunction, UsageError)
"""What a first look may find to be wrong with the name, region or account as typed."""
QUIET = 3.0
"""Seconds after which the card says what is still being read."""

Progress = Callable[[frozenset[str]], None]


class Looker(Protocol):
    """Looks at one function; raises a SlsdiagError when nothing can be checked."""

    def __call__(self, diagnosis: Diagnosis, progress: Progress) -> Report:
        """The report, from a new look."""


@dataclass(frozen=True)
class Desk:
    """All it needs is handed in."""

    diagnoses: Records[Diagnosis]
    due: Due
    leases: Leases
    reports: Evidence
    gathering: Gathering
    looker: Looker
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    begin: Callable[[Diagnosis], card.Offer | None]
    """Told of each report: it may begin a triage, or offer to join the one that is open."""

    def open(
        self,
        target: Target,
        place: Place,
        once: str,
        only: str | None = None,
        *,
        guide: bool = False,
    ) -> None:
        """Save the ask and its first card in one go; the same request twice is one ask."""
        ask = Diagnosis(
            uuid4().hex,
            target.spelled,
            place,
            self.now(),
            target.region,
            target.account,
            only,
            guide=guide,
            trace=current(),
        )
        first = first_card(ask)
        if self.diagnoses.open(ask, (first,), once=once):
            self.nudge(ENTRY, first.key)
            self.nudge(DIAGNOSIS, ask.id)

    def again(self, id_: str, round_: int) -> bool:
        """Look anew; False for a press on a card that has moved on, or a second press."""
        ask = self.diagnoses.load(id_)
        if ask is None or ask.round != round_ or ask.stage is Stage.LOOKING:
            return False
        anew = replace(
            ask,
            stage=Stage.LOOKING,
            round=round_ + 1,
            asked_at=self.now(),
            report=None,
            complaint=None,
            misnamed=False,
            candidates=(),
            trace=current(),
        )
        shown = edit(anew, "looking", card.looking(ask.target))
        once = f"{id_}:{round_}"
        if not self.diagnoses.save(
            anew, claim=None, due_at=self.now(), entries=(shown,), once=once
        ):
            return False
        self.nudge(ENTRY, shown.key)
        self.nudge(DIAGNOSIS, id_)
        return True

    def look(self, id_: str) -> None:
        """Do what is due for the ask, if nobody else does."""
        with self.leases.claimed(DIAGNOSIS, id_) as claim:
            ask = self.diagnoses.load(id_) if claim else None
            if claim and ask:
                with under(ask.trace):
                    self._do(ask, claim)

    def _do(self, ask: Diagnosis, claim: Claim) -> None:
        if ask.stage is not Stage.LOOKING:
            self.due.finish(claim)
        elif shared := self._shared(ask):
            self._answer(replace(ask, **_reported(shared)), claim)
        elif self.gathering.begin(_subject(ask), token(ask), ALONE_FOR):
            self._gather(ask, claim)
        else:
            self._join(ask, claim)

    def _shared(self, ask: Diagnosis) -> Report | None:
        """What a gathering found that ended after this was asked."""
        found = self.reports.get(_subject(ask))
        try:
            return decode(Report, found[0]) if found and found[1] >= ask.asked_at else None
        except Unreadable:  # of another release: looked at anew
            return None

    def _gather(self, ask: Diagnosis, claim: Claim) -> None:
        left: list[str] = []
        slow = threading.Timer(QUIET, carried(self._still_reading), (ask, left, claim))
        slow.daemon = True
        slow.start()
        try:
            seen = self._seen(ask, left)
            if seen.report:
                self.reports.put(_subject(ask), encode(seen.report), SHARED_FOR)
        finally:
            slow.cancel()
            for id_ in self.gathering.end(_subject(ask), token(ask)):
                self.nudge(DIAGNOSIS, id_)
        self._answer(seen, claim)

    def _join(self, ask: Diagnosis, claim: Claim) -> None:
        """Be woken when the gathering under way ends; come back by ourselves if it dies."""
        later = self.now() + ALONE_FOR
        if self.diagnoses.save(ask, claim=claim, due_at=later) and not self.gathering.join(
            _subject(ask), ask.id
        ):
            known = self.diagnoses.load(ask.id)
            if known and self.diagnoses.save(known, claim=None, due_at=self.now()):
                self.nudge(DIAGNOSIS, ask.id)

    def give_up(self, id_: str, why: str) -> None:
        """Nobody will look any more: the card says so."""
        while (ask := self.diagnoses.load(id_)) and ask.stage is Stage.LOOKING:
            known = replace(ask, stage=Stage.FAILED, complaint=why)
            told = answers(known)
            if self.diagnoses.save(known, claim=None, due_at=None, entries=told):
                for each in told:
                    self.nudge(ENTRY, each.key)

    def went_private(self, entry: Entry) -> None:
        """The card could not be posted: the asker alone is told, when the report is there."""
        while (ask := self.diagnoses.load(entry.about)) and not ask.private:
            known = replace(ask, private=True)
            told = answers(known)
            if self.diagnoses.save(known, claim=None, due_at=None, entries=told):
                for each in told:
                    self.nudge(ENTRY, each.key)

    def _seen(self, ask: Diagnosis, left: list[str]) -> Diagnosis:
        def progress(remaining: frozenset[str]) -> None:
            left[:] = sorted(remaining)

        try:
            report = self.looker(ask, progress)
        except SlsdiagError as error:
            return replace(
                ask,
                stage=Stage.FAILED,
                misnamed=isinstance(error, MISNAMED) and ask.round == 1,
                complaint=str(error),
                candidates=tuple(_command(ask, *each) for each in error.choices),
            )
        return replace(ask, **_reported(report))

    def _still_reading(self, ask: Diagnosis, left: list[str], claim: Claim) -> None:
        shown = edit(ask, "reading", card.looking(ask.target, left))
        if self.diagnoses.save(ask, claim=claim, due_at=None, keep=True, entries=(shown,)):
            self.nudge(ENTRY, shown.key)

    def _answer(self, seen: Diagnosis, claim: Claim) -> None:
        """Save the answer; the card's own news meanwhile (private, reading) is kept."""
        while (known := self.diagnoses.load(seen.id)) and known.round == seen.round:
            answered = replace(seen, version=known.version, private=known.private)
            offer = self.begin(answered) if answered.report and not answered.only else None
            told = answers(answered, offer)
            if self.diagnoses.save(answered, claim=claim, due_at=None, entries=told):
                for each in told:
                    self.nudge(ENTRY, each.key)
                if answered.report:
                    VERDICT.observe((self.now() - answered.asked_at).total_seconds())
                return
            if known.version == getattr(self.diagnoses.load(seen.id), "version", None):
                return  # the claim was lost: whoever has it answers


def _reported(report: Report) -> dict[str, Any]:
    return {"stage": Stage.REPORTED, "report": report, "seen_at": report.checked_at}


def _subject(ask: Diagnosis) -> str:
    """Asks with the same subject share a gathering."""
    shared = "anew" if ask.fresh else "kept"
    return f"{shared}/{ask.account or ''}/{ask.region or ''}/{ask.target}"


def _command(ask: Diagnosis, name: str, region: str | None, account: str | None) -> str:
    """What could be typed instead."""
    words = [f"step {ask.only}" if ask.only else "", f"function:{name}", region or ask.region or ""]
    account = account or ask.account
    return " ".join([*filter(None, words), *(["--account", account] if account else [])])
