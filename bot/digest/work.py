"""
A digest's run: it asks for a scan ahead of its slot, the scan's end makes it due, and it posts
once, when the slot comes (ahead.py).

Each run is one save: the digest, what it has reported, its next due time and its messages, whose
keys name the slot. So any number of replicas post one; a run that dies is done again. What it
reported counts once Slack took the message; until then it can be undone (settling.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.access import Viewers
from bot.digest.ahead import begins_at, begun, is_early, took
from bot.digest.diff import compare
from bot.digest.forget import forgetting, visible_to
from bot.digest.memory import doubtful, looked_again
from bot.digest.messages import complained, posted, unzoned
from bot.digest.model import Digest, FunctionState, Key, Looked, Waiting
from bot.digest.repository import Digests
from bot.digest.run import concluded, reason
from bot.digest.schedule import following, zone_known
from bot.digest.settling import Settling, awaiting
from bot.errors import SlsdiagError
from bot.scan.model import Scan, Seen
from bot.store.coding import Unreadable
from bot.store.due import DIGEST, ENTRY, Claim, Due, Leases
from bot.store.messages import Entry

RECHECK = timedelta(seconds=60)
"""A scan that is lost is asked for again after this."""
FAILED = "That failed again and again: please ask whoever runs slsdiag to look at its log."


class Scans(Protocol):
    """Of the fleet, as far as a digest needs them."""

    def request(self, channel: str, prefix: str, waiter: tuple[str, str], by: str | None) -> str:
        """The id of a scan under way, of one that ended lately, or of a new one."""

    def result(self, id_: str, channel: str) -> Scan | None:
        """
        As far as `channel` may see it; None while it is under way, or where it is lost.

        Raises where it was given up.
        """


log = structlog.get_logger(__name__)
Verify = Callable[[Digest, Sequence[Seen]], Mapping[Key, Seen | None]]
"""Exact looks at some functions; None for one that is gone; not all need be there."""


@dataclass(frozen=True)
class DigestWork:
    """Its dependencies are passed in."""

    digests: Digests
    settling: Settling
    due: Due
    leases: Leases
    scans: Scans
    verify: Verify
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    viewers: Viewers

    def run(self, id_: str) -> None:
        """Do what is due for the digest, if nobody else does."""
        with self.leases.claimed(DIGEST, id_) as claim:
            if claim is None:
                return
            digest = self.digests.load(id_)
            if digest is None:
                self.due.finish(claim)
                return
            if not zone_known(digest.plan.zone):
                self._unzoned(digest, claim)
            digest = begun(digest, self.now())
            if digest.waiting is None:
                self.digests.save(digest, claim=claim, due_at=begins_at(digest))
            else:
                self._scan(digest, digest.waiting, claim)

    def give_up(self, claim: Claim) -> None:
        """A run failed again and again: that is posted, and the digest goes on at its next slot."""
        digest = self.digests.load(claim.id)
        if digest:
            now = self.now()
            waiting = digest.waiting or Waiting(digest.slot.name, now)
            if digest.ordered:
                waiting = Waiting(f"now-{digest.orders}", now, always=True)
            slot = following(digest.plan, now, digest.created, digest.slot.name)
            self._complain(replace(digest, ordered=None, slot=slot), waiting, FAILED, claim)

    def _unzoned(self, digest: Digest, claim: Claim) -> None:
        """Its maker is told, and it is put aside until a start that knows its time zone."""
        to_maker = unzoned(digest)
        if self.digests.save(digest, claim=claim, due_at=None, entries=(to_maker,)):
            self.nudge(ENTRY, to_maker.key)
        raise Unreadable("digest", None, "names a time zone that is not known here.")

    def _scan(self, digest: Digest, waiting: Waiting, claim: Claim) -> None:
        try:
            scan, result = self._scanned(digest, waiting)
        except SlsdiagError as error:
            if is_early(waiting, self.now()):  # posted at the slot, if it is still so
                self.digests.save(digest, claim=claim, due_at=waiting.since)
                return
            self._complain(digest, waiting, str(error), claim)
            return
        if result is None:
            scanning = replace(digest, waiting=replace(waiting, scan=scan))
            self.digests.save(scanning, claim=claim, due_at=self.now() + RECHECK)
        else:
            self._conclude(digest, waiting, result, claim)

    def _scanned(self, digest: Digest, waiting: Waiting) -> tuple[str, Scan | None]:
        """The id of a scan, and its result once there is one; raises a SlsdiagError."""
        channel, waiter = digest.channel, (DIGEST, digest.id)
        if waiting.scan and (result := self.scans.result(waiting.scan, channel)):
            return waiting.scan, result
        scan = self.scans.request(channel, digest.plan.prefix, waiter, digest.place.user)
        return scan, self.scans.result(scan, channel)

    def _conclude(self, digest: Digest, waiting: Waiting, scan: Scan, claim: Claim) -> None:
        digest, memory = self._remembered(digest)
        looked = waiting.looked or Looked.of(self.verify(digest, doubtful(memory, scan)))
        now, exact = self.now(), looked.by_key
        if waiting.looked is None:
            digest = replace(digest, took=took(waiting, now))
        if is_early(waiting, now):
            ready = replace(digest, waiting=replace(waiting, looked=looked))
            self.digests.save(ready, claim=claim, due_at=waiting.since)
            return
        scan = looked_again(scan, exact)
        gone = [key for key, seen in exact.items() if seen is None]
        diff = compare(
            memory, scan, now, gone=gone, snoozes=digest.snoozes, hidden_before=digest.unread
        )
        why = reason(digest, diff, now, always=waiting.always)
        entries = () if why is None else posted(digest, waiting, diff, scan, now, why)
        after = concluded(digest, diff, scan, now, why)
        before = None
        if entries:
            before = None if digest.unsettled else memory
            after = awaiting(after, digest, entries[0].key)
        self._save(after, claim, entries, diff.memory, before)

    def _remembered(self, digest: Digest) -> tuple[Digest, list[FunctionState]]:
        """The digest and what it has reported, without what its channel may not see any more."""

        def hidden(account: str) -> bool:
            return self.viewers.hidden(account, digest.channel)

        digest, whole = self.settling.settled(digest)
        memory = visible_to(whole, hidden)
        return forgetting(digest, hidden, less=len(memory) < len(whole)), memory

    def _complain(self, digest: Digest, waiting: Waiting, why: str, claim: Claim) -> None:
        """Once for each reason, and when somebody asked."""
        post = waiting.always or why != digest.complaint
        after = replace(digest, waiting=None, complaint=why)
        self._save(after, claim, (complained(digest, waiting, why),) if post else ())

    def _save(
        self,
        digest: Digest,
        claim: Claim,
        entries: tuple[Entry, ...],
        memory: Sequence[FunctionState] | None = None,
        before: Sequence[FunctionState] | None = None,
    ) -> None:
        at = begins_at(digest)
        if self.digests.save(
            digest, claim=claim, due_at=at, memory=memory, memory_before=before, entries=entries
        ):
            for entry in entries:
                self.nudge(ENTRY, entry.key)
