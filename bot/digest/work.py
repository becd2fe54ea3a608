"""
A digest's turn: its slot asks for a scan, the scan's end makes it due, and it posts once.

Each turn is one save: the digest, what it has told, its next due time and its messages, whose
keys name the slot. So any number of replicas post one; a turn that dies is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.digest.diff import Diff, compare, doubtful, hidden_places, looked_again
from bot.digest.model import Digest, Key, Known, Point, Waiting
from bot.digest.schedule import days_between, every, following, same_day, turn
from bot.errors import SlsdiagError
from bot.fleet.model import Scan, Seen
from bot.render import digest as render
from bot.render.blocks import Body, words
from bot.render.digest_lines import Why
from bot.store.digests import Digests
from bot.store.due import DIGEST, ENTRY, Claim, Due
from bot.store.leases import Leases
from bot.store.messages import Entry, Kind

RECHECK = timedelta(seconds=60)
"""A scan that is lost is asked for again after this."""
WEEK = 7
"""Days after which a silent digest gives a sign of life."""
TREND, TREND_AGE = 20, timedelta(days=90)
GRACE = timedelta(hours=1)
"""A run that began before midnight may end after it."""


class Scans(Protocol):
    """Of the fleet, as far as a digest needs them."""

    def request(self, channel: str, prefix: str, waiter: tuple[str, str], by: str | None) -> str:
        """The id of a scan under way, of one that ended lately, or of a new one."""

    def result(self, id_: str) -> Scan | None:
        """None while it is under way, or where it is lost."""


Verify = Callable[[Digest, Sequence[Seen]], Mapping[Key, Seen | None]]
"""Exact looks at some functions; None for one that is gone; not all need be there."""


@dataclass(frozen=True)
class DigestWork:
    """All it needs is handed in."""

    digests: Digests
    due: Due
    leases: Leases
    scans: Scans
    verify: Verify
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def run(self, id_: str) -> None:
        """Do what is due for the digest, if nobody else does."""
        with self.leases.claimed(DIGEST, id_) as claim:
            if claim is None:
                return
            digest = self.digests.load(id_)
            if digest is None:
                self.due.finish(claim)
                return
            digest = begun(digest, self.now())
            if digest.waiting is None:
                self.digests.save(digest, claim=claim, due_at=digest.slot.at)
            else:
                self._scan(digest, digest.waiting, claim)

    def give_up(self, claim: Claim) -> None:
        """A run failed again and again: the digest goes on at its next slot."""
        digest = self.digests.load(claim.id)
        if digest:
            now = self.now()
            slot = following(digest.plan, now, digest.created, digest.slot.name)
            after = replace(digest, waiting=None, ordered=None, slot=slot)
            self.digests.save(after, claim=claim, due_at=slot.at)

    def not_allowed(self, entry: Entry) -> None:
        """The bot may not post there: its maker is told, and the next one that can tells all."""
        while digest := self.digests.load(entry.about):
            now = self.now()
            told = words(
                f"I may not post the digest {digest.id} in its channel: type /invite @slsdiag "
                "there, or end it with /slsdiag digest stop."
            )
            key = f"{digest.id}:not-allowed-{now:%G-%V}"
            maker = Entry(key, Kind.POST, digest.place.user, told, f"{digest.id}:maker")
            unsaid = replace(digest, posted_at=None)
            if self.digests.save(unsaid, claim=None, due_at=None, entries=(maker,)):
                self.nudge(ENTRY, key)
                return

    def _scan(self, digest: Digest, waiting: Waiting, claim: Claim) -> None:
        found = self.scans.result(waiting.scan) if waiting.scan else None
        if found is None:
            try:
                scan = self.scans.request(
                    digest.channel, digest.plan.prefix, (DIGEST, digest.id), digest.place.user
                )
            except SlsdiagError as error:
                self._complain(digest, waiting, str(error), claim)
                return
            found = self.scans.result(scan)
            if found is None:
                asked = replace(digest, waiting=replace(waiting, scan=scan))
                self.digests.save(asked, claim=claim, due_at=self.now() + RECHECK)
                return
        self._conclude(digest, waiting, found, claim)

    def _conclude(self, digest: Digest, waiting: Waiting, scan: Scan, claim: Claim) -> None:
        known = self.digests.known(digest.id)
        exact = self.verify(digest, doubtful(known, scan))
        now, scan = self.now(), looked_again(scan, exact)
        gone = [key for key, seen in exact.items() if seen is None]
        diff = compare(known, scan, now, gone=gone, snoozes=digest.snoozes, unread=digest.unread)
        why = reason(digest, diff, now, asked=waiting.always)
        entries = () if why is None else _messages(digest, waiting, diff, scan, now, why)
        self._save(concluded(digest, diff, scan, now, why), claim, entries, diff.known)

    def _complain(self, digest: Digest, waiting: Waiting, why: str, claim: Claim) -> None:
        """Once for each reason, and when somebody asked."""
        said = waiting.always or why != digest.complaint
        told = _entry(digest, waiting, "1", render.complaint(digest, why))
        after = replace(digest, waiting=None, complaint=why)
        self._save(after, claim, (told,) if said else ())

    def _save(
        self,
        digest: Digest,
        claim: Claim,
        entries: tuple[Entry, ...],
        known: Sequence[Known] | None = None,
    ) -> None:
        at = digest.slot.at
        if self.digests.save(digest, claim=claim, due_at=at, known=known, entries=entries):
            for each in entries:
                self.nudge(ENTRY, each.key)


def begun(digest: Digest, now: datetime) -> Digest:
    """With the run that is to be done now in `waiting`; None where it is for nothing."""
    plan, waiting, ordered = digest.plan, digest.waiting, digest.ordered
    digest = replace(digest, ordered=None)
    if waiting and not _too_late(digest, waiting, now):
        return replace(digest, waiting=replace(waiting, always=waiting.always or bool(ordered)))
    if ordered:
        return replace(digest, waiting=Waiting(f"now-{digest.orders}", now, always=True))
    slot, then = turn(plan, digest.slot, now, digest.created)
    return replace(digest, slot=then, waiting=Waiting(slot.name, slot.at) if slot else None)


def _too_late(digest: Digest, waiting: Waiting, now: datetime) -> bool:
    """The bot was down meanwhile, and its day is over."""
    fixed = not (waiting.always or every(digest.plan.words))
    late = now - waiting.since > GRACE
    return fixed and late and not same_day(digest.plan, waiting.since, now)


def reason(digest: Digest, diff: Diff, now: datetime, *, asked: bool) -> Why | None:
    """Why it is posted; None where nothing changed."""
    if digest.posted_at is None:
        return Why.FIRST
    if diff.news:
        return Why.NEWS
    if asked:
        return Why.ASKED
    return Why.WEEKLY if days_between(digest.plan, digest.posted_at, now) >= WEEK else None


def concluded(digest: Digest, diff: Diff, scan: Scan, now: datetime, why: Why | None) -> Digest:
    """The digest after a look."""
    point = Point(scan.checked_at, diff.blind, len(scan.seen))
    trend = [each for each in digest.trend if now - each.at < TREND_AGE and each.at != point.at]
    changed = why is Why.FIRST or diff.news
    return replace(
        digest,
        waiting=None,
        posted_at=now if why else digest.posted_at,
        changed_at=now if changed else digest.changed_at,
        complaint=None,
        unread=hidden_places(scan),
        snoozes=tuple(each for each in digest.snoozes if each.until > now),
        trend=(*trend, point)[-TREND:],
    )


def _messages(
    digest: Digest, waiting: Waiting, diff: Diff, scan: Scan, now: datetime, why: Why
) -> tuple[Entry, ...]:
    """One in the channel, the rest in its thread."""
    seen = concluded(digest, diff, scan, now, why)
    shown = replace(seen, changed_at=digest.changed_at, snoozes=digest.snoozes)
    told, plain = (
        render.summary(shown, diff, scan, now, why, chart=chart) for chart in (True, False)
    )
    first = _entry(digest, waiting, "1", told, plain=plain)
    rest = (
        _entry(digest, waiting, str(number), each, thread_of=first.key)
        for number, each in enumerate(render.details(shown, diff, scan, why), 2)
    )
    return (first, *rest)


def _entry(digest: Digest, waiting: Waiting, part: str, told: Body, **more: Any) -> Entry:
    key = f"{digest.id}:{waiting.name}:{part}"
    return Entry(key, Kind.POST, digest.channel, told, digest.id, **more)
