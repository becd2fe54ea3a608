"""The messages of one run of a digest. Their keys name the slot, so that replicas post one. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.digest import card
from bot.digest.diff import Diff
from bot.digest.model import Digest, Waiting
from bot.digest.run import Why, concluded
from bot.scan.model import Scan
from bot.slack.blocks import Body, words
from bot.store.messages import Entry, EntryKind
from bot.text.visible import visible


def posted(
    digest: Digest, waiting: Waiting, diff: Diff, scan: Scan, now: datetime, why: Why
) -> tuple[Entry, ...]:
    """One in the channel, the rest in its thread."""
    seen = concluded(digest, diff, scan, now, why)
    shown = replace(seen, changed_at=digest.changed_at, snoozes=digest.snoozes)
    message, plain = (
        card.summary(shown, diff, scan, now, why, chart=chart) for chart in (True, False)
    )
    first = _part(digest, waiting, "1", message, plain=plain, user=waiting.by)
    maker = digest.place.user
    rest = (
        _part(digest, waiting, str(number), part, thread_of=first.key, user=maker)
        for number, part in enumerate(card.details(shown, diff, scan, why), 2)
    )
    return (first, *rest)


def complained(digest: Digest, waiting: Waiting, why: str) -> Entry:
    """That nothing could be scanned."""
    return _part(digest, waiting, "1", card.complaint(digest, why), user=waiting.by)


def unzoned(digest: Digest) -> Entry:
    """For its maker: it does not come, because its time zone is not known here."""
    zone = visible(digest.plan.zone)
    text = words(
        f"The digest {digest.id} does not come: this release of slsdiag does not know its time "
        f"zone, {zone}. End it with /slsdiag digest stop {digest.id} in its channel, and make "
        "one in another zone."
    )
    key, maker = f"{digest.id}:no-zone", digest.place.user
    return Entry(key, EntryKind.POST, maker, text, f"{digest.id}:maker")


def _part(digest: Digest, waiting: Waiting, part: str, message: Body, **more: Any) -> Entry:
    """Its `user` is told where it cannot be posted."""
    key = f"{digest.id}:{waiting.name}:{part}"
    return Entry(key, EntryKind.POST, digest.channel, message, digest.id, **more)
