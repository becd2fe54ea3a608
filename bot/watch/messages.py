"""
Which channels a deployment is told in, and by which messages.

The keys name the deployment and the channel, so that replicas post one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from bot.slack.blocks import Body
from bot.store.messages import Entry, EntryKind
from bot.watch import card
from bot.watch.model import Deploy, News, Posted, Row, Watch


class Viewers(Protocol):
    """What channels may see."""

    def refused(self, channel: str) -> str | None:
        """Why nothing is posted in `channel`; None where it is."""

    def hidden(self, account: str, channel: str) -> bool:
        """Whether `channel` may not see the account of that number."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A channel, and which functions it wants to hear of."""

    channel: str
    prefixes: tuple[str, ...]
    by: str

    def rows(self, deploy: Deploy) -> list[Row]:
        """Those of the deployment that it watches."""
        return [row for row in deploy.rows if row.name.startswith(self.prefixes)]


def audiences(watches: Iterable[Watch], account: str, viewers: Viewers) -> list[Audience]:
    """The channels that watch, and may see the account."""
    channels: dict[str, list[Watch]] = {}
    for watch in watches:
        channels.setdefault(watch.channel, []).append(watch)
    return [
        Audience(channel, tuple(watch.prefix for watch in some), some[0].by)
        for channel, some in channels.items()
        if not viewers.refused(channel) and not viewers.hidden(account, channel)
    ]


def told(deploy: Deploy, listening: Sequence[Audience]) -> tuple[Deploy, tuple[Entry, ...]]:
    """The deployment as it is posted, and the messages that post it."""
    posted = {each.channel: each for each in deploy.posted}
    entries = []
    for audience in listening:
        entry = _entry(deploy, audience, posted)
        if entry:
            entries.append(entry)
    return replace(deploy, posted=tuple(posted.values())), tuple(entries)


def _entry(deploy: Deploy, audience: Audience, posted: dict[str, Posted]) -> Entry | None:
    """The first message, an edit of it, or nothing; `posted` learns of it."""
    rows, before = audience.rows(deploy), posted.get(audience.channel)
    if before is None and not any(row.news in {News.BROKE, News.RESTORED} for row in rows):
        return None
    message = card.message(deploy, rows, audience.channel)
    shown = sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()[:16]
    if before and before.shown == shown:
        return None
    posted[audience.channel] = Posted(audience.channel, shown)
    return _first(deploy, audience, message) if before is None else _edit(deploy, audience, message)


def _first(deploy: Deploy, audience: Audience, message: Body) -> Entry:
    """Whoever turned the watch on gets it where it cannot be posted."""
    key, channel = first_key(deploy, audience.channel), audience.channel
    return Entry(key, EntryKind.POST, channel, message, deploy.id, user=audience.by)


def _edit(deploy: Deploy, audience: Audience, message: Body) -> Entry:
    first = first_key(deploy, audience.channel)
    key = f"{first}:edit-{deploy.version}"
    return Entry(key, EntryKind.UPDATE, audience.channel, message, deploy.id, of=first)


def gave_up(deploy: Deploy, listening: Iterable[Audience]) -> tuple[Entry, ...]:
    """That its functions could not be checked, where nothing else was posted."""
    posted = {each.channel for each in deploy.posted}
    return tuple(
        _first(deploy, audience, card.failed(deploy, len(rows)))
        for audience in listening
        if (rows := audience.rows(deploy)) and audience.channel not in posted
    )


def first_key(deploy: Deploy, channel: str) -> str:
    """The key of the message in a channel."""
    return f"{deploy.id}:{channel}"
