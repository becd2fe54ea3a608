"""
Where a digest is requested, kept, listed, run at once, snoozed and stopped.

A request only saves a draft; a worker shows its preview, because the requester's time zone may have to
be asked of Slack. What is kept is worked on by work.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from bot.access import Viewers
from bot.conversation import Conversation
from bot.diagnosis.notices import question
from bot.digest import dialog
from bot.digest.dialog import Choice
from bot.digest.forget import snoozes_of, visible_to
from bot.digest.model import Digest, Draft, FunctionState, Snooze
from bot.digest.parser import EXAMPLE, Create
from bot.digest.repository import IN_CHANNEL, IN_WORKSPACE, Digests, KeepResult
from bot.digest.schedule import following, zone_known
from bot.slack.blocks import Body, words
from bot.store.due import DIGEST, DRAFT, ENTRY
from bot.store.messages import Entry, EntryKind
from bot.store.records import Records
from bot.text.redaction import redacted

NONE = f"There is no digest in this channel yet: make one, {EXAMPLE}"
SNOOZES = 50
"""Of one digest."""
_FULL = {
    KeepResult.CHANNEL_FULL: f"This channel has {IN_CHANNEL} digests, which is the most: stop one first "
    "(/slsdiag digest list).",
    KeepResult.WORKSPACE_FULL: f"This workspace has {IN_WORKSPACE} digests, which is the most that I "
    "keep: stop one first (/slsdiag digest list, in its channel).",
}


@dataclass(frozen=True)
class DigestService:
    """Its dependencies are passed in."""

    drafts: Records[Draft]
    digests: Digests
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]
    viewers: Viewers

    def open(self, wanted: Create, place: Conversation, once: str) -> None:
        """Save the request; the same one twice is one."""
        draft = Draft(
            token_hex(3), place, wanted.words, wanted.zone, wanted.prefix, wanted.quiet, self.now()
        )
        if self.drafts.open(draft, (), once=once):
            self.nudge(DRAFT, draft.id)

    def keep(self, id_: str, by: str) -> Body:
        """What the requester is told; a second click has no effect."""
        draft = self.drafts.load(id_)
        if draft is None or draft.zone is None or draft.place.user != by:
            return words("That preview is too old, or not yours: type the digest again.")
        if draft.kept:
            return words(f"It is kept already, as {id_}.")
        now, plan = self.now(), draft.plan(draft.zone)
        digest = Digest(id_, draft.place, plan, now, following(plan, now, now))
        entry = Entry(
            f"{id_}:notice", EntryKind.POST, digest.channel, dialog.notice(digest), id_, user=by
        )
        outcome = self.digests.keep(digest, (entry,))
        if outcome in _FULL:
            return words(_FULL[outcome])
        while (draft := self.drafts.load(id_)) and not draft.kept:
            self.drafts.save(replace(draft, kept=True), claim=None, due_at=None)
        self.nudge(ENTRY, entry.key)
        return words(f"Kept, as {id_}. To end it: /slsdiag digest stop {id_}")

    def listed(self, channel: str, viewer: str) -> Body:
        """The channel's digests."""
        stored = self.digests.of(channel)
        if not stored and not stored.unreadable:
            return words(NONE)
        hidden = self._hidden(channel)
        digests = [replace(digest, snoozes=snoozes_of(digest, hidden)) for digest in stored]
        return dialog.listed(digests, viewer, stored.unreadable)

    def made_by(self, user: str) -> list[str]:
        """Their digests of all channels, a line each; and how many of anybody's cannot be read."""
        digests = self.digests.all()
        mine = [dialog.line(digest, user) for digest in digests if digest.place.user == user]
        return [*dialog.of_workspace(digests.unreadable), *mine]

    def order(self, channel: str, id_: str | None, by: str, once: str) -> Body:
        """Have one posted at once: the one that is named, or the only one."""
        digests = self.digests.of(channel)
        named = [digest for digest in digests if id_ in {None, digest.id}]
        if not named and digests.unreadable and id_ in {None, *digests.unreadable}:
            return dialog.listed(digests, by, digests.unreadable)
        if not named:
            return words(_unknown(id_) if id_ and digests else NONE)
        if len(named) > 1:
            which = [f"digest now {digest.id}" for digest in named]
            return question("There are several digests in this channel: which one?", which)
        if not zone_known(named[0].plan.zone):
            return words(dialog.line(named[0], by))
        return self._ordered(named[0].id, by, once)

    def _ordered(self, id_: str, by: str, once: str) -> Body:
        while (digest := self.digests.load(id_)) and not self.digests.done(once):
            ordered = replace(digest, ordered=by, orders=digest.orders + 1)
            if self.digests.save(ordered, claim=None, due_at=self.now(), once=once):
                self.nudge(DIGEST, id_)
        if digest is None:
            return words(_unknown(id_))
        return words(f"Making the digest {id_}: it comes in this channel.")

    def stop(self, channel: str, id_: str) -> Body:
        """End one of the channel's."""
        if not self.digests.stop(channel, id_):
            return words(_unknown(id_))
        return words(f"Stopped the digest {id_}.")

    def window(self, id_: str, metadata: str) -> dict[str, object] | None:
        """To snooze something in; None where there is nothing to snooze."""
        memory = self._memory(id_)
        blind = any(function.blind for function in memory)
        return dialog.window(memory, metadata) if blind else None

    def snooze(self, id_: str, choice: Choice, by: str, thread: str | None, once: str) -> bool:
        """
        Hold news of a function or a cause back for a while; False when it is gone.

        `once` names the window that was sent: sent again, it was taken already.
        """
        whats = dialog.snoozable(self._memory(id_))
        what = next((what for what in whats if dialog.token(what) == choice.token), None)
        if what is None:
            return False
        reason, until = redacted(choice.reason), self.now() + choice.span
        snooze = Snooze(token_hex(3), what, reason, until, by, whats[what])
        while digest := self.digests.load(id_):
            if self.digests.done(once):
                return True
            entry, after = _snooze_notice(digest, snooze, thread), _with(digest, snooze)
            if self.digests.save(after, claim=None, due_at=None, entries=(entry,), once=once):
                self.nudge(ENTRY, entry.key)
                return True
        return False

    def wake(self, id_: str, snooze: str) -> bool:
        """End a snooze now: what it held back is reported next time; False where there is none."""
        while (digest := self.digests.load(id_)) and _has(digest, snooze):
            now = self.now()
            ended = tuple(
                replace(other, until=min(other.until, now)) if other.id == snooze else other
                for other in digest.snoozes
            )
            if self.digests.save(replace(digest, snoozes=ended), claim=None, due_at=None):
                return True
        return False

    def _memory(self, id_: str) -> list[FunctionState]:
        """What it has reported, as far as its channel may still see it."""
        digest = self.digests.load(id_)
        return visible_to(self.digests.memory(id_), self._hidden(digest.channel)) if digest else []

    def _hidden(self, channel: str) -> Callable[[str], bool]:
        return lambda account: self.viewers.hidden(account, channel)


def _with(digest: Digest, snooze: Snooze) -> Digest:
    others = tuple(other for other in digest.snoozes if other.what != snooze.what)
    return replace(digest, snoozes=(snooze, *others)[:SNOOZES])


def _snooze_notice(digest: Digest, snooze: Snooze, thread: str | None) -> Entry:
    """For everybody, in the digest's thread."""
    key, text = f"{digest.id}:snooze-{snooze.id}", dialog.snooze_notice(digest, snooze)
    about, kind = digest.id, EntryKind.POST
    return Entry(key, kind, digest.channel, text, about, user=snooze.by, thread_ts=thread)


def _has(digest: Digest, snooze: str) -> bool:
    return any(other.id == snooze for other in digest.snoozes)


def _unknown(id_: str) -> str:
    return f"There is no digest {id_} in this channel: /slsdiag digest list shows those there are."
