"""
How the card of a request changes beside its answer: while its function is read, and afterwards.

It is posted once a read has confirmed the name; after a while it says what is still being read. Once
the request was answered, triages begin or learn of it, and its card shows what another card's check or
a triage of the same function has found since, and who made the change that is the cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol

import structlog

from bot.diagnosis import notices
from bot.diagnosis.card import Course
from bot.diagnosis.messages import answers, edit, first_card, redrawn, still_reading
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.naming import held_back, kept, named, wanted
from bot.diagnosis.service import DiagnosisService
from bot.store.connection import StoreError
from bot.store.due import DIAGNOSIS, Claim, Due
from bot.store.messages import Entry
from checks.change import Changed
from checks.model import Overall
from checks.report import Report

log = structlog.get_logger(__name__)
Change = tuple[Diagnosis, Entry]


@dataclass
class LiveCard:
    """Of one round of a request. The threads that read call this, so each change is compared
    with what is stored.
    """

    service: DiagnosisService
    diagnosis: Diagnosis
    claim: Claim | None
    """Of whoever reads; None for a request that joined what another one reads."""
    left: list[str] = field(default_factory=list)
    """The names of the parts that are still being read."""
    slow: bool = False

    def reading(self, remaining: frozenset[str]) -> None:
        """These parts are still being read."""
        self.left[:] = sorted(remaining)

    def post(self) -> None:
        """The function exists: its card may be there, if it is not yet."""
        self._change(self._posted)

    def confirmed(self) -> None:
        """The same, from a thread that reads."""
        self._shown(self._posted)

    def quiet_for_long(self) -> None:
        """Say what is still being read: on the card, or to the requester where there is none yet."""
        self.slow = True
        self._shown(self._still_reading)

    def _posted(self, diagnosis: Diagnosis) -> Change | None:
        if diagnosis.confirmed:
            return None
        return replace(diagnosis, confirmed=True), first_card(
            diagnosis, self.left if self.slow else ()
        )

    def _still_reading(self, diagnosis: Diagnosis) -> Change:
        if not diagnosis.confirmed:
            return diagnosis, still_reading(diagnosis)
        return diagnosis, edit(
            diagnosis, "reading", notices.in_progress(diagnosis.target, self.left)
        )

    def _shown(self, change: Callable[[Diagnosis], Change | None]) -> None:
        try:
            self._change(change)
        except (StoreError, OSError) as error:  # the answer will bring it all
            log.warning("progress_not_shown", id=self.diagnosis.id, error=type(error).__name__)

    def _change(self, change: Callable[[Diagnosis], Change | None]) -> None:
        """Again where somebody else saved meanwhile; not once the claim is lost."""
        version = None
        while (
            diagnosis := self.service.diagnoses.load(self.diagnosis.id)
        ) and diagnosis.version != version:
            version = diagnosis.version
            changed = change(diagnosis) if self._is_current(diagnosis) else None
            if changed is None:
                return
            moved, entry = changed
            if self.service.diagnoses.save(
                moved, claim=self.claim, due_at=None, keep=True, entries=(entry,)
            ):
                self.service.nudged((entry,))
                return

    def _is_current(self, diagnosis: Diagnosis) -> bool:
        return diagnosis.round == self.diagnosis.round and diagnosis.stage is Stage.CHECKING


class Triages(Protocol):
    """What people do about a function."""

    def course(self, diagnosis: Diagnosis) -> Course | None:
        """What its card says of a triage of the same function."""

    def begin(self, diagnosis: Diagnosis) -> None:
        """The triage that its report asks for."""

    def learn(self, diagnosis: Diagnosis) -> None:
        """A triage that is open checks again, where the report says otherwise than it does."""

    def newest(self, diagnosis: Diagnosis) -> Report | None:
        """The newest report of the function in the channel."""


class ChangeLookup(Protocol):
    """Says who made the change that a report's cause is about."""

    def __call__(self, diagnosis: Diagnosis, report: Report, /) -> Changed:
        """Who, or why that is not known."""


@dataclass(frozen=True)
class Aftermath:
    """Its dependencies are passed in."""

    service: DiagnosisService
    due: Due
    triages: Triages
    changed: ChangeLookup

    def __call__(self, diagnosis: Diagnosis, claim: Claim) -> None:
        """Under the claim of whoever works on the request."""
        if held_back(diagnosis):
            self._answer_alone(diagnosis, claim)
            return
        if diagnosis.report is None or diagnosis.private or diagnosis.only:
            self.due.finish(claim)
            return
        if not diagnosis.begun:
            if begins(diagnosis):
                self.triages.begin(diagnosis)
            self.triages.learn(diagnosis)
        self._draw(diagnosis, claim)

    def _answer_alone(self, diagnosis: Diagnosis, claim: Claim) -> None:
        """With the name, which cannot be added later."""
        assert diagnosis.report  # noqa: S101 - narrows: it is held back for one to name
        changed = self.changed(diagnosis, diagnosis.report)
        answered = replace(named(diagnosis, changed, self.service.now()), name_due=None)
        entries = answers(answered)
        if self.service.diagnoses.save(answered, claim=claim, due_at=None, entries=entries):
            self.service.nudged(entries)

    def _draw(self, diagnosis: Diagnosis, claim: Claim) -> None:
        """Until what was drawn is what is known after it was stored: others draw the card, too."""
        current: Diagnosis | None = diagnosis
        while current and current.report and current.round == diagnosis.round:
            newest = kept(self.triages.newest(current) or current.report, current.report)
            shown = replace(current, begun=True, report=newest, seen_at=newest.checked_at)
            course = self.triages.course(shown)
            shown = replace(shown, drawn=drawn(course))
            if shown == current and not wanted(shown, self.service.now()):
                self._end(shown, claim)
                return
            if shown == current:
                shown = named(shown, self.changed(shown, newest), self.service.now())
                newest = shown.report or newest
            same = (newest, shown.drawn) == (current.report, current.drawn)
            entries = () if same else redrawn(shown, newest, course)
            if self.service.diagnoses.save(
                shown, claim=claim, due_at=None, keep=True, entries=entries
            ):
                self.service.nudged(entries)
            current = self._unless_lost(current)

    def _end(self, shown: Diagnosis, claim: Claim) -> None:
        """Nothing is left to draw, or not before the name of who made a change can be looked for again."""
        if shown.name_due is None:
            self.due.finish(claim)
        else:
            self.service.diagnoses.save(shown, claim=claim, due_at=shown.name_due)

    def _unless_lost(self, before: Diagnosis) -> Diagnosis | None:
        """As it is now; None where nothing could be saved because somebody else has the claim."""
        now = self.service.diagnoses.load(before.id)
        return None if now and now.version == before.version else now

    def others(self, diagnosis: Diagnosis) -> tuple[tuple[str, str], ...]:
        """Those whose cards are of the same function, as kinds and ids."""
        key = diagnosis.report.function.key if diagnosis.report else ""
        others = self.service.others(key, diagnosis.channel, diagnosis.id)
        return tuple((DIAGNOSIS, other.id) for other in others)


def drawn(course: Course | None) -> str:
    """What a card with it shows of a triage, in short."""
    if course is None:
        return ""
    shown = [*(part.to_dict() for part in course.parts), course.over, course.url]
    return sha256(repr(shown).encode()).hexdigest()[:12]


def begins(diagnosis: Diagnosis) -> bool:
    """A report that waits arms its wait; one that was asked for guides."""
    if diagnosis.report is None or diagnosis.private or diagnosis.only:
        return False
    return diagnosis.guide or diagnosis.report.verdict is Overall.WAITING
