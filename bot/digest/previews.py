"""
What only the requester is shown before a digest is kept: its next times, and the digest itself.

The times come at once; the digest as it would look now, when its scan has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.digest import card, dialog
from bot.digest.diff import compare
from bot.digest.model import Digest, Draft
from bot.digest.parser import EXAMPLE
from bot.digest.run import Why
from bot.digest.schedule import following, preview
from bot.digest.work import RECHECK, Scans
from bot.errors import SlsdiagError
from bot.scan.model import Scan
from bot.slack.blocks import Body, words
from bot.store.due import DRAFT, ENTRY, Claim, Leases
from bot.store.messages import Entry, EntryKind
from bot.store.records import Records

NO_ZONE = f"I could not see your time zone in Slack: say which one, {EXAMPLE}"
WAITS_FOR = timedelta(minutes=10)
"""A scan that takes longer is not waited for."""


@dataclass(frozen=True)
class Previews:
    """Its dependencies are passed in."""

    drafts: Records[Draft]
    scans: Scans
    leases: Leases
    covers: Callable[[str, str], list[str]]
    """What a channel may see of the functions with a prefix, a line each."""
    zone_of: Callable[[str], str | None]
    """A person's zone in Slack; None where it cannot be seen."""
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def show(self, id_: str) -> None:
        """Show what there is of the draft to its requester, if nobody else does."""
        with self.leases.claimed(DRAFT, id_) as claim:
            draft = self.drafts.load(id_) if claim else None
            if claim is None or draft is None:
                return
            entries: tuple[Entry, ...] = ()
            if not draft.previewed:
                zone = draft.zone or self.zone_of(draft.place.user)
                draft = replace(draft, zone=zone, previewed=True)
                first = words(NO_ZONE) if zone is None else self._times(draft, zone)
                entries = (_alone(draft, "preview", first),)
            self._with_digest(draft, claim, entries)

    def _with_digest(self, draft: Draft, claim: Claim, entries: tuple[Entry, ...]) -> None:
        """The digest itself, as soon as its scan has ended."""
        scan, result = self._scanned(draft) if draft.zone else (None, None)
        if result and draft.zone:
            entries = (
                *entries,
                _alone(draft, "digest", _as_it_would_look(draft, draft.zone, result)),
            )
        due_at = self.now() + RECHECK if scan and not result else None
        seen = replace(draft, scan=scan)
        if self.drafts.save(seen, claim=claim, due_at=due_at, entries=entries):
            for entry in entries:
                self.nudge(ENTRY, entry.key)

    def _scanned(self, draft: Draft) -> tuple[str | None, Scan | None]:
        """The id of a scan, and its result once there is one; neither where none can be made."""
        if self.now() - draft.asked_at > WAITS_FOR:
            return None, None
        channel = draft.channel
        try:
            if draft.scan and (result := self.scans.result(draft.scan, channel)):
                return draft.scan, result
            by = draft.place.user
            scan = self.scans.request(channel, draft.prefix, (DRAFT, draft.id), by)
            return scan, self.scans.result(scan, channel)
        except SlsdiagError:  # the digest will say so
            return None, None

    def give_up(self, claim: Claim, why: str) -> None:
        """There will be no preview: the requester is told."""
        draft = self.drafts.load(claim.id)
        if draft is None:
            return
        entry = _alone(draft, "digest" if draft.previewed else "preview", words(why))
        if self.drafts.save(draft, claim=claim, due_at=None, entries=(entry,)):
            self.nudge(ENTRY, entry.key)

    def _times(self, draft: Draft, zone: str) -> Body:
        plan = draft.plan(zone)
        covers = self.covers(draft.channel, draft.prefix)
        return dialog.preview(draft, plan, preview(plan, self.now()), covers)


def _as_it_would_look(draft: Draft, zone: str, scan: Scan) -> Body:
    """Without buttons: there is no digest yet."""
    plan, at = draft.plan(zone), scan.checked_at
    digest = Digest(draft.id, draft.place, plan, at, following(plan, at, at))
    diff = compare([], scan, at)
    message = card.summary(digest, diff, scan, at, Why.FIRST, chart=False)
    return dialog.as_preview(message)


def _alone(draft: Draft, part: str, message: Body) -> Entry:
    """For the requester only, where the bot is no member, too."""
    key, place = f"{draft.id}:{part}", draft.place
    if place.response_url:
        kind, url = EntryKind.RESPOND, place.response_url
        return Entry(key, kind, draft.channel, message, draft.id, user=place.user, response_url=url)
    kind, thread = EntryKind.EPHEMERAL, place.thread_ts
    return Entry(key, kind, draft.channel, message, draft.id, user=place.user, thread_ts=thread)
