"""
A check's bundle, attached to the thread of its triage because somebody wanted it there.

It is made of the evidence that the check left in the store: AWS is not asked again. Whoever wants
it confirms what the channel will see; then the outbox brings the file to Slack and shares it. Its
key names triage and check, so however often and by however many it is confirmed, it is attached
once, unless Slack refused it before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from bot.agents.bundle import Asked, file_name
from bot.agents.replay import packed
from bot.conversation import Conversation
from bot.diagnosis.held_evidence import HeldEvidence
from bot.slack.files import GONE, HIDDEN
from bot.slack.refusals import Refused
from bot.slack.rich_text import date_token
from bot.store.due import ENTRY
from bot.store.messages import Entry, EntryKind, State
from bot.store.outbox import Outbox
from bot.triage.lookup import TriageLookup
from bot.triage.model import Triage
from checks.evidence import Evidence
from checks.function_ref import FunctionRef
from checks.model import Symptom
from checks.report import Report
from checks.runbook import walk


@dataclass(frozen=True, slots=True)
class Held:
    """A check whose bundle can be made."""

    evidence: Evidence
    asked: Asked
    report: Report

    @property
    def number(self) -> int:
        """Which of the function's checks it is."""
        return number_of(self.evidence.now)

    @property
    def content(self) -> bytes:
        """The file."""
        return packed(self.evidence, self.asked, self.report)


def number_of(checked_at: datetime) -> int:
    """Milliseconds since 1970."""
    return round(checked_at.timestamp() * 1000)


@dataclass(frozen=True)
class Attachments:
    """Its dependencies are passed in."""

    lookup: TriageLookup
    latest: Callable[[Triage], Report | None]
    """The newest report of the request that the triage is of."""
    evidence: HeldEvidence
    outbox: Outbox
    nudge: Callable[[str, str], None]
    stored: bool
    """Whether this installation stores evidence."""

    def triage(self, id_: str) -> Triage | None:
        """One of a function that its channel may see."""
        triage = self.lookup.triages.load(id_)
        if triage is None or not triage.function or self.lookup.hidden(triage):
            return None
        return triage

    def find(self, triage: Triage, number: int | None = None) -> Held | None:
        """Of the triage's last check, else of the newest one of its request; None where it is gone."""
        own, latest = triage.report, self.latest
        return self._of(triage, own, number) or self._of(triage, latest(triage), number)

    def _of(self, triage: Triage, report: Report | None, number: int | None) -> Held | None:
        if report is None or number not in {None, number_of(report.checked_at)}:
            return None
        evidence = self.evidence.find(report.function.key, report.checked_at, triage.channel)
        return _held(triage, report, evidence) if evidence else None

    def attach(self, triage: Triage, held: Held, place: Conversation, once: str) -> bool:
        """Have it attached; False where it is, or is on its way, by another request than `once`."""
        for attempt in count(1):
            entries = _entries(triage, held, place, attempt, once)
            stored = self.outbox.load(entries[-1].key)
            if stored is None:
                self.outbox.add(*entries)
                self.nudge(ENTRY, entries[0].key)
                return True
            if stored.state is not State.DEAD:
                return bool(stored.body.get("asked") == once)
        raise AssertionError  # count() does not end

    def content(self, entry: Entry) -> bytes:
        """The file that an entry brings; raises Refused where the channel may not see it any more."""
        triage = self.lookup.triages.load(entry.about)
        if triage and self.lookup.hidden(triage):
            raise Refused(HIDDEN)
        held = self.find(triage, int(entry.body["check"])) if triage else None
        if held is None:
            raise Refused(GONE)
        return held.content


def _held(triage: Triage, report: Report, evidence: Evidence) -> Held:
    """Judged as it was asked there: what was answered in the triage is part of its own check."""
    own = triage.report is not None and report.checked_at == triage.report.checked_at
    answers = triage.answers if own else {}
    symptom = (triage.symptom if own else None) or Symptom.BOTH
    given = replace(evidence, answers=answers)
    judged = replace(walk(given, symptom), changed=report.changed)
    return Held(given, Asked(symptom), judged)


def _entries(
    triage: Triage, held: Held, place: Conversation, attempt: int, once: str
) -> tuple[Entry, Entry]:
    """The file, and the message that shows it."""
    key = f"{triage.id}:bundle-{held.number}-{attempt}"
    body = _body(held, place.user) | {"otherwise": command(triage), "asked": once}
    upload = Entry(
        f"{key}-file",
        EntryKind.UPLOAD,
        place.channel,
        body,
        triage.id,
        user=place.user,
        thread_ts=place.thread_ts,
    )
    return upload, replace(upload, key=key, kind=EntryKind.SHARE, of=upload.key)


def _body(held: Held, user: str) -> dict[str, Any]:
    name, function = file_name(held.evidence), held.evidence.function.ref
    comment = (
        f"What slsdiag saw of `{function.spelled}` {date_token(held.evidence.now)}, attached by "
        f"<@{user}>. To read it, without an AWS account: `slsdiag replay {name}`"
    )
    return {
        "name": name,
        "check": held.number,
        "comment": comment,
    }


def command(triage: Triage) -> str:
    """What gives the same on the command line, by a new check."""
    function = FunctionRef.of_key(triage.function)
    return " ".join(filter(None, ("slsdiag bundle", function.spelled, function.region)))
