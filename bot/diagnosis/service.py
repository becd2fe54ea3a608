"""
Where a request for a check is opened, repeated, shown and given up.

`open` only saves; a worker does the rest (bot/diagnosis/work.py). Saves are compared with what
was read, so that of two clicks one counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.access import Viewers
from bot.conversation import Conversation
from bot.diagnosis import notices
from bot.diagnosis.messages import answers, edit
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.naming import held_back, unnamed
from bot.diagnosis.summary import failed
from bot.observability.tracing import current
from bot.store.due import DIAGNOSIS, ENTRY
from bot.store.messages import Entry
from bot.store.records import Listed, Records
from bot.target import Target
from checks.report import Report

NOT_FOR_THIS_CHANNEL = "This channel may not see the account of that function."
STANDS_FOR = timedelta(hours=1)
"""How long a new request for the same function edits the card that stands in the channel."""
_NEWEST = 20
"""Requests of a channel among which a standing card is looked for."""


@dataclass(frozen=True)
class DiagnosisService:
    """Its dependencies are passed in."""

    diagnoses: Records[Diagnosis]
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    viewers: Viewers

    def open(
        self,
        target: Target,
        place: Conversation,
        once: str,
        only: str | None = None,
        *,
        guide: bool = False,
    ) -> Diagnosis | None:
        """
        Save the request; the same request twice is one. Its card waits for a first read.

        Where a card of the function stands in the channel it is checked again and returned.
        """
        diagnosis = replace(_new_diagnosis(target, place, self.now()), only=only, guide=guide)
        if standing := self._standing(diagnosis):
            self._again(standing.id, None, once, guide=guide)
            return standing
        if self.diagnoses.open(diagnosis, (), once=once):
            self.nudge(DIAGNOSIS, diagnosis.id)
        return None

    def _standing(self, diagnosis: Diagnosis) -> Diagnosis | None:
        """The newest card that shows what `diagnosis` would, and that people can still see."""
        if diagnosis.only:
            return None
        newest = self.visible(diagnosis.channel, _NEWEST)
        return next((other for other in newest if _shows(other, diagnosis)), None)

    def again(self, id_: str, round_: int) -> bool:
        """Check again; False for a click on a card that has moved on, or a second click."""
        return self._again(id_, round_, f"{id_}:{round_}")

    def anew(self, id_: str, once: str) -> bool:
        """The same from a card that a triage has drawn, whatever its round; `once` names the click."""
        if self._again(id_, None, once):
            return True
        diagnosis = self.diagnoses.load(id_)
        return diagnosis is not None and (
            diagnosis.stage is Stage.CHECKING or self.diagnoses.done(once)
        )

    def _again(self, id_: str, round_: int | None, once: str, *, guide: bool = False) -> bool:
        """
        Whether a new round began; the one under way guides, too, where that is wanted.

        A worker that saves it meanwhile is no reason to refuse: tried until it has moved on.
        """
        while (
            (diagnosis := self.diagnoses.load(id_))
            and round_ in {None, diagnosis.round}
            and not self.diagnoses.done(once)
        ):
            if diagnosis.stage is not Stage.CHECKING:
                if self._next_round(diagnosis, once, guide=guide):
                    return True
            elif not guide or self._guided(diagnosis, once):
                break
        return False

    def _guided(self, diagnosis: Diagnosis, once: str) -> bool:
        guided = replace(diagnosis, guide=True)
        return self.diagnoses.save(guided, claim=None, due_at=None, once=once)

    def _next_round(self, diagnosis: Diagnosis, once: str, *, guide: bool) -> bool:
        next_ = replace(
            diagnosis,
            stage=Stage.CHECKING,
            round=diagnosis.round + 1,
            asked_at=self.now(),
            guide=guide,
            begun=False,
            before=failed(diagnosis.report) if diagnosis.report else diagnosis.before,
            report=None,
            name_due=None,
            complaint=None,
            misnamed=False,
            candidates=(),
            trace=current(),
        )
        checking = edit(next_, "looking", notices.in_progress(diagnosis.target))
        shown = (checking,) if diagnosis.confirmed else ()
        if not self.diagnoses.save(next_, claim=None, due_at=self.now(), entries=shown, once=once):
            return False
        self.nudged(shown)
        self.nudge(DIAGNOSIS, diagnosis.id)
        return True

    def shown(self, id_: str, round_: int | None) -> Diagnosis | None:
        """The request with a report, of that round or of any, as far as its channel may see it."""
        diagnosis = self.diagnoses.load(id_)
        if diagnosis is None or diagnosis.stage is not Stage.REPORTED or self.hidden(diagnosis):
            return None
        return diagnosis if round_ in {None, diagnosis.round} else None

    def visible(self, channel: str, most: int) -> Listed[Diagnosis]:
        """The channel's newest, without reports of accounts that it may no longer see."""
        return self.diagnoses.newest(channel, most).only(
            lambda diagnosis: not self.hidden(diagnosis)
        )

    def others(self, function: str, channel: str, but: str) -> list[Diagnosis]:
        """The channel's newest with a card of the same function, by the function's key."""
        return [
            diagnosis
            for diagnosis in self.visible(channel, _NEWEST)
            if diagnosis.id != but
            and diagnosis.report
            and diagnosis.report.function.key == function
            and diagnosis.confirmed
            and not (diagnosis.private or diagnosis.only)
        ]

    def being_checked(self, target: str, channel: str) -> list[Diagnosis]:
        """The channel's newest that were asked by that name and have no report yet."""
        newest = self.visible(channel, _NEWEST)
        return [
            diagnosis
            for diagnosis in newest
            if diagnosis.target == target and diagnosis.stage is Stage.CHECKING
        ]

    def hidden(self, diagnosis: Diagnosis) -> bool:
        """Whether its channel may no longer see the account that its report is about."""
        return diagnosis.report is not None and self.may_not_see(diagnosis.report, diagnosis)

    def nudged(self, entries: tuple[Entry, ...]) -> None:
        """These messages were saved and may be sent."""
        for entry in entries:
            self.nudge(ENTRY, entry.key)

    def permitted(self, diagnosis: Diagnosis) -> Diagnosis:
        """As it is, or without a report that its channel may not see."""
        if not self.hidden(diagnosis):
            return diagnosis
        return replace(diagnosis, stage=Stage.FAILED, report=None, complaint=NOT_FOR_THIS_CHANNEL)

    def may_not_see(self, report: Report, diagnosis: Diagnosis) -> bool:
        """Whether the report is of an account that the request's channel may not see."""
        return self.viewers.hidden(report.function.account, diagnosis.channel)

    def give_up(self, id_: str, why: str) -> None:
        """Nobody will look any more: the card says so, or the answer comes without a name."""
        while diagnosis := self.diagnoses.load(id_):
            if held_back(diagnosis):
                answered = unnamed(diagnosis)
            elif diagnosis.stage is Stage.CHECKING:
                answered = replace(diagnosis, stage=Stage.FAILED, complaint=why)
            else:
                return
            entries = answers(answered)
            if self.diagnoses.save(answered, claim=None, due_at=None, entries=entries):
                self.nudged(entries)

    def went_private(self, entry: Entry) -> bool:
        """
        A message of it could not be posted: only the requester is told, when the report is there.

        False where there is no such request.
        """
        while (diagnosis := self.diagnoses.load(entry.about)) and not diagnosis.private:
            private = replace(self.permitted(diagnosis), private=True)
            entries, due_at = answers(private), self.now() if held_back(private) else None
            if self.diagnoses.save(private, claim=None, due_at=due_at, entries=entries):
                self.nudged(entries)
                if due_at:
                    self.nudge(DIAGNOSIS, private.id)
        return diagnosis is not None


def _new_diagnosis(target: Target, place: Conversation, at: datetime) -> Diagnosis:
    id_, where = uuid4().hex, (target.region, target.account)
    return Diagnosis(id_, target.spelled, place, at, *where, posted_at=at, trace=current())


def _shows(standing: Diagnosis, diagnosis: Diagnosis) -> bool:
    """Whether the one's card, which anybody can see, is what the other would post."""
    same = ("target", "region", "account", "only")
    return (
        standing.confirmed
        and not standing.private
        and standing.posted_at is not None
        and diagnosis.asked_at - standing.posted_at < STANDS_FOR
        and standing.place.thread_ts == diagnosis.place.thread_ts
        and all(getattr(standing, name) == getattr(diagnosis, name) for name in same)
    )
