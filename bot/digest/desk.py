"""
Where a digest is asked for, kept, listed, run at once, snoozed and stopped.

An ask only saves a draft; a worker shows its preview, because the asker's time zone may have to
be asked of Slack. What is kept is worked on by work.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from bot.diagnosis.model import Place
from bot.digest.model import Digest, Draft, Snooze
from bot.digest.schedule import following, preview
from bot.digest.words import EXAMPLE, Create
from bot.render import digest_talk
from bot.render.blocks import Body, words
from bot.render.card import question
from bot.secrecy import redacted
from bot.store.digests import IN_CHANNEL, IN_WORKSPACE, Digests, Kept
from bot.store.due import DIGEST, DRAFT, ENTRY
from bot.store.leases import Leases
from bot.store.messages import Entry, Kind
from bot.store.records import Records

NONE = f"There is no digest in this channel yet: make one, {EXAMPLE}"
NO_ZONE = f"I could not see your time zone in Slack: say which one, {EXAMPLE}"
SNOOZES = 50
"""Of one digest."""
_FULL = {
    Kept.CHANNEL_FULL: f"This channel has {IN_CHANNEL} digests, which is the most: stop one first "
    "(/slsdiag digest list).",
    Kept.WORKSPACE_FULL: f"This workspace has {IN_WORKSPACE} digests, which is the most that I "
    "keep: stop one first (/slsdiag digest list, in its channel).",
}


@dataclass(frozen=True)
class DigestDesk:
    """All it needs is handed in."""

    drafts: Records[Draft]
    digests: Digests
    leases: Leases
    covers: Callable[[str], list[str]]
    """What a channel may see, a line each."""
    zone_of: Callable[[str], str | None]
    """A person's zone in Slack; None where it cannot be seen."""
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def open(self, wanted: Create, place: Place, once: str) -> None:
        """Save the ask; the same request twice is one ask."""
        draft = Draft(
            token_hex(3), place, wanted.words, wanted.zone, wanted.prefix, wanted.quiet, self.now()
        )
        if self.drafts.open(draft, (), once=once):
            self.nudge(DRAFT, draft.id)

    def show(self, id_: str) -> None:
        """Show the draft's preview to its asker, if nobody else does."""
        with self.leases.claimed(DRAFT, id_) as claim:
            draft = self.drafts.load(id_) if claim else None
            if claim is None or draft is None:
                return
            zone = draft.zone or self.zone_of(draft.place.user)
            entry = _alone(draft, words(NO_ZONE) if zone is None else self._preview(draft, zone))
            seen = replace(draft, zone=zone)
            if self.drafts.save(seen, claim=claim, due_at=None, entries=(entry,)):
                self.nudge(ENTRY, entry.key)

    def keep(self, id_: str, by: str) -> Body:
        """What the asker is told; a second press has no effect."""
        draft = self.drafts.load(id_)
        if draft is None or draft.zone is None or draft.place.user != by:
            return words("That preview is too old, or not yours: type the digest again.")
        if draft.kept:
            return words(f"It is kept already, as {id_}.")
        now, plan = self.now(), draft.plan(draft.zone)
        digest = Digest(id_, draft.place, plan, now, following(plan, now, now))
        entry = Entry(
            f"{id_}:notice", Kind.POST, digest.channel, digest_talk.notice(digest), id_, user=by
        )
        kept = self.digests.keep(digest, (entry,))
        if kept in _FULL:
            return words(_FULL[kept])
        self.drafts.save(replace(draft, kept=True), claim=None, due_at=None)
        self.nudge(ENTRY, entry.key)
        return words(f"Kept, as {id_}. To end it: /slsdiag digest stop {id_}")

    def listed(self, channel: str) -> Body:
        """The channel's digests."""
        digests = self.digests.of(channel)
        return digest_talk.listed(digests) if digests else words(NONE)

    def made_by(self, user: str) -> list[str]:
        """Their digests of all channels, a line each."""
        return [digest_talk.line(each) for each in self.digests.all() if each.place.user == user]

    def order(self, channel: str, id_: str | None, by: str, once: str) -> Body:
        """Have one posted at once: the one that is named, or the only one."""
        digests = self.digests.of(channel)
        named = [each for each in digests if id_ in {None, each.id}]
        if not named:
            return words(_unknown(id_) if id_ and digests else NONE)
        if len(named) > 1:
            which = [f"digest now {each.id}" for each in named]
            return question("There are several digests in this channel: which one?", which)
        ordered = replace(named[0], ordered=by, orders=named[0].orders + 1)
        if self.digests.save(ordered, claim=None, due_at=self.now(), once=once):
            self.nudge(DIGEST, ordered.id)
        return words(f"Making the digest {ordered.id}: it comes in this channel.")

    def stop(self, channel: str, id_: str) -> Body:
        """End one of the channel's."""
        digest = self.digests.load(id_)
        if digest is None or digest.channel != channel or not self.digests.stop(digest):
            return words(_unknown(id_))
        return words(f"Stopped the digest {id_}.")

    def window(self, id_: str, metadata: str) -> dict[str, object] | None:
        """To snooze something in; None where there is nothing to snooze."""
        known = self.digests.known(id_)
        blind = any(each.blind for each in known)
        return digest_talk.window(known, metadata) if blind else None

    def snooze(
        self, id_: str, token: str, reason: str, span: timedelta, by: str, thread: str | None
    ) -> bool:
        """Hold news of a function or a cause back for `span`; False when it is gone."""
        known = digest_talk.snoozable(self.digests.known(id_))
        what = next((each for each in known if digest_talk.token(each) == token), None)
        if what is None:
            return False
        snooze = Snooze(token_hex(3), what, redacted(reason), self.now() + span, by)
        while digest := self.digests.load(id_):
            others = tuple(each for each in digest.snoozes if each.what != what)
            snoozed = replace(digest, snoozes=(snooze, *others)[:SNOOZES])
            told = digest_talk.told_snooze(digest, snooze)
            entry = Entry(
                f"{id_}:snooze-{snooze.id}", Kind.POST, digest.channel, told, id_, thread_ts=thread
            )
            if self.digests.save(snoozed, claim=None, due_at=None, entries=(entry,)):
                self.nudge(ENTRY, entry.key)
                return True
        return False

    def wake(self, id_: str, snooze: str) -> bool:
        """End a snooze now: what it held back is told next time; False where there is none."""
        while (digest := self.digests.load(id_)) and _has(digest, snooze):
            now = self.now()
            ended = tuple(
                replace(each, until=min(each.until, now)) if each.id == snooze else each
                for each in digest.snoozes
            )
            if self.digests.save(replace(digest, snoozes=ended), claim=None, due_at=None):
                return True
        return False

    def _preview(self, draft: Draft, zone: str) -> Body:
        plan = draft.plan(zone)
        covers = self.covers(draft.channel)
        return digest_talk.preview(draft, plan, preview(plan, self.now()), covers)


def _has(digest: Digest, snooze: str) -> bool:
    return any(each.id == snooze for each in digest.snoozes)


def _unknown(id_: str) -> str:
    return f"There is no digest {id_} in this channel: /slsdiag digest list shows those there are."


def _alone(draft: Draft, told: Body) -> Entry:
    """For the asker alone, where the bot is no member, too."""
    key, place = f"{draft.id}:preview", draft.place
    if place.response_url:
        kind, url = Kind.RESPOND, place.response_url
        return Entry(key, kind, draft.channel, told, draft.id, user=place.user, response_url=url)
    kind, thread = Kind.EPHEMERAL, place.thread_ts
    return Entry(key, kind, draft.channel, told, draft.id, user=place.user, thread_ts=thread)
