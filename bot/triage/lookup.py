"""
Which triages a channel has, and what a report means for them and they for it.

One begins, learns of the report, or can be joined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk import WebClient

from bot.access import Viewers
from bot.diagnosis.card import Course
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.service import DiagnosisService
from bot.slack.own_messages import permalink
from bot.slack.rich_text import text
from bot.store.outbox import Outbox
from bot.store.records import Listed, Records, listed
from bot.triage.card import course
from bot.triage.model import Triage
from checks.function_ref import FunctionRef
from checks.report import Report

UNDER_WAY = "A guided triage of it is under way in this channel: join it in its thread."
ROUNDS = 5
"""Of a request, the newest whose triage may have moved lately."""


def _checked(report: Report) -> datetime:
    return report.checked_at


def triage_id(diagnosis: str, round_: int) -> str:
    """Of the triage of one round's report: there is never a second one."""
    return f"{diagnosis}-{round_}"


def function_of(diagnosis: Diagnosis) -> str:
    """What its report is about; empty where it has none."""
    if diagnosis.report is None:
        return ""
    return diagnosis.report.function.key


@dataclass(frozen=True)
class TriageLookup:
    """Its dependencies are passed in."""

    triages: Records[Triage]
    viewers: Viewers

    def hidden(self, triage: Triage) -> bool:
        """Whether its channel may no longer see the account that it is about."""
        if not triage.function:
            return False
        account = FunctionRef.of_key(triage.function).account or ""
        return self.viewers.hidden(account, triage.channel)

    def current(self, diagnosis: Diagnosis) -> Diagnosis:
        """The request as it stands now, for lists."""
        return replace(diagnosis, report=self.latest(diagnosis)) if diagnosis.report else diagnosis

    def latest(self, diagnosis: Diagnosis) -> Report | None:
        """The newest report of a request: its own, or that of a triage on its card."""
        rounds = range(diagnosis.round, max(0, diagnosis.round - ROUNDS), -1)
        triages = listed((triage_id(diagnosis.id, it) for it in rounds), self.triages.load)
        reports = [triage.report for triage in triages if triage.report]
        if diagnosis.report:
            reports.append(diagnosis.report)
        return max(reports, key=_checked, default=None)

    def ended_on(self, diagnosis: Diagnosis) -> Triage | None:
        """The triage of this round that has ended, while nothing newer is known."""
        triage = self.triages.load(triage_id(diagnosis.id, diagnosis.round))
        if triage is None or not triage.finished or triage.report is None or not diagnosis.report:
            return None
        newer = diagnosis.report.checked_at > triage.report.checked_at
        return None if newer else triage

    def under_way(self, channel: str) -> Listed[Triage]:
        """The channel's open triages, newest first."""
        before = self.triages.newest(channel, 50)  # some were stored before there were subjects
        alone = self.triages.with_subject(channel)
        triages = {triage.id: triage for triage in (*alone, *before)}
        open_ = Listed(triage for triage in triages.values() if not triage.finished)
        open_.sort(key=lambda triage: triage.started_at, reverse=True)
        open_.unreadable = tuple(dict.fromkeys((*alone.unreadable, *before.unreadable)))
        return open_

    def visible(self, channel: str) -> Listed[Triage]:
        """The same, without those of accounts that the channel may no longer see."""
        return self.under_way(channel).only(lambda triage: not self.hidden(triage))

    def open_of(self, diagnosis: Diagnosis) -> Triage | None:
        """The one of the function that `diagnosis` is about, in its channel."""
        subject, triages = function_of(diagnosis), self.under_way(diagnosis.channel)
        return next((triage for triage in triages if triage.subject == subject), None)


@dataclass(frozen=True)
class TriageOffers:
    """What requests ask of triages (bot/diagnosis/work.py)."""

    lookup: TriageLookup
    diagnoses: DiagnosisService
    outbox: Outbox
    client: WebClient
    opened: Callable[[Diagnosis, str], object]
    """Opens a triage of a request, in the thread of its card."""
    learns: Callable[[str, Report], None]
    """Has the triage of that id take in a report."""

    def course(self, diagnosis: Diagnosis) -> Course | None:
        """What a triage of the same function does about it or has done, or how to join that."""
        same = self.lookup.open_of(diagnosis)
        if same is None:
            ended = self.lookup.ended_on(diagnosis)
            return course(ended) if ended else None
        if same.card == card_key(diagnosis):
            return course(same)
        address = thread_address(same, outbox=self.outbox, client=self.client)
        return Course((text(UNDER_WAY),), UNDER_WAY, url=address)

    def begin(self, diagnosis: Diagnosis) -> None:
        """The triage that a report asks for, unless one of the function is open already."""
        self.opened(diagnosis, card_key(diagnosis))

    def learn(self, diagnosis: Diagnosis) -> None:
        """The triage of the function that is open checks again where the report says otherwise."""
        same = self.lookup.open_of(diagnosis)
        if same and diagnosis.report:
            self.learns(same.id, diagnosis.report)

    def newest(self, diagnosis: Diagnosis) -> Report | None:
        """The newest report of the function in the channel, a triage's included."""
        key, latest = function_of(diagnosis), self.lookup.latest
        others = self.diagnoses.others(key, diagnosis.channel, diagnosis.id)
        reports = [report for request in (diagnosis, *others) if (report := latest(request))]
        return max(reports, key=lambda report: report.checked_at, default=None)


def cards_to_draw(triage: Triage, *, diagnoses: DiagnosisService) -> list[str]:
    """
    Ids of the requests whose cards a move of the triage does not draw itself.

    Its own card is one of them where a check of the card has found something else, or was later:
    the triage draws what it knows, and only where that has changed. So are requests that are being
    checked: what they know of the triage when they draw their card may be what it was before.
    """
    own = triage.id.rpartition("-")[0]
    others = diagnoses.others(triage.function, triage.channel, but="")
    drawn = [other.id for other in others if other.id != own or _drawn_since(other, triage)]
    return [*drawn, *(x.id for x in diagnoses.being_checked(triage.target, triage.channel))]


def _drawn_since(diagnosis: Diagnosis, triage: Triage) -> bool:
    own, of_triage = diagnosis.report, triage.report
    if own is None or of_triage is None:
        return False
    return own.checked_at > of_triage.checked_at or differs(own, of_triage)


def differs(one: Report, other: Report) -> bool:
    """Whether a card of the one says otherwise than a card of the other."""
    return (one.verdict, one.headline) != (other.verdict, other.headline)


def thread_address(triage: Triage, *, outbox: Outbox, client: WebClient) -> str | None:
    """Of the thread; None where Slack does not say."""
    root = outbox.load(triage.card)
    ts = triage.place.thread_ts or (root.ts if root else None)
    return permalink(client, triage.channel, ts) if ts else None
