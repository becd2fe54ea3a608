"""
What a digest reports counts as reported only once Slack took the message.

A run is saved together with its messages, long before they are posted. Until the first of them
landed, what the digest was like before stands beside it; where Slack refuses the message, its
news counts as not reported, and comes with the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.digest import card as render
from bot.digest.memory import as_posted_before
from bot.digest.model import Digest, FunctionState, Undo
from bot.digest.repository import Digests
from bot.store.due import ENTRY
from bot.store.messages import Entry, EntryKind

MOST_UNSETTLED = 200
"""Messages that may wait for Slack at once and still be undone."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Settling:
    """Its dependencies are passed in."""

    digests: Digests
    landed: Callable[[str], bool | None]
    """Whether a message was posted; None while that is open."""
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def settled(self, digest: Digest) -> tuple[Digest, list[FunctionState]]:
        """The digest and its memory, as far as its messages were posted; nothing is saved."""
        memory = self.digests.memory(digest.id)
        if memory.unreadable:
            log.warning("rows_unread", digest=digest.id, count=len(memory.unreadable))
        outcomes = [self.landed(key) for key in digest.unsettled]
        if False in outcomes:
            return self._undone(digest, memory)
        if not outcomes or None in outcomes:
            return digest, memory
        return replace(digest, unsettled=(), undo=None, refused=None), memory

    def lost(self, entry: Entry, why: str) -> bool:
        """
        A message of a digest cannot be posted in its channel: its maker is told, once.

        So is whoever asked for it. False where it is none of a digest, or only a detail of one.
        """
        if entry.thread_of or entry.thread_ts:
            return False
        while digest := self.digests.load(entry.about):
            memory = None
            after = replace(digest, complaint=None, refused=why)
            if entry.key in digest.unsettled:
                undone, memory = self._undone(digest, self.digests.memory(digest.id))
                after = replace(undone, complaint=None, refused=why)
            users = [*([] if digest.refused else [digest.place.user]), entry.user]
            notices = tuple(
                _direct(digest, entry, why, user) for user in dict.fromkeys(users) if user
            )
            if self.digests.save(after, claim=None, due_at=None, memory=memory, entries=notices):
                for notice in notices:
                    self.nudge(ENTRY, notice.key)
                return True
        return False

    def _undone(
        self, digest: Digest, memory: list[FunctionState]
    ) -> tuple[Digest, list[FunctionState]]:
        undo = digest.undo
        if undo is None:
            return replace(digest, unsettled=()), memory
        ids = {snooze.id for snooze in digest.snoozes}
        ended = tuple(s for s in undo.snoozes if s.id not in ids and s.until <= self.now())
        before = replace(
            digest,
            unsettled=(),
            undo=None,
            posted_at=undo.posted_at,
            changed_at=undo.changed_at,
            unread=undo.unread,
            snoozes=(*digest.snoozes, *ended),
        )
        return before, list(as_posted_before(memory, self.digests.memory_before(digest.id)))


def awaiting(after: Digest, before: Digest, key: str) -> Digest:
    """`after` a run whose first message is `key`; it can be undone to `before`."""
    undo = before.undo or Undo(before.posted_at, before.changed_at, before.unread, before.snoozes)
    return replace(after, unsettled=(*before.unsettled, key)[-MOST_UNSETTLED:], undo=undo)


def _direct(digest: Digest, entry: Entry, why: str, user: str) -> Entry:
    """About no record: that this is refused, too, changes nothing."""
    message, key = render.not_posted(digest, why), f"{entry.key}:not-posted-{user}"
    about = f"{digest.id}:maker"
    return Entry(key, EntryKind.POST, user, message, about, user=user, origin=digest.channel)
