"""A run of a digest: why it is posted, and what is left of it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.digest.diff import Diff
from bot.digest.memory import hidden_places
from bot.digest.model import Digest, Point
from bot.digest.schedule import days_between
from bot.digest.shares import shares
from bot.scan.model import Scan

WEEK = 7
"""Days after which a silent digest gives a sign of life."""
TREND, TREND_AGE = 20, timedelta(days=90)


class Why(StrEnum):
    """Why it is posted."""

    FIRST = "first"
    NEWS = "news"
    ASKED = "asked"
    WEEKLY = "weekly"


def reason(digest: Digest, diff: Diff, now: datetime, *, always: bool) -> Why | None:
    """Why it is posted; None where nothing changed."""
    if digest.posted_at is None:
        return Why.FIRST
    if diff.has_news:
        return Why.NEWS
    if always:
        return Why.ASKED
    return Why.WEEKLY if days_between(digest.plan, digest.posted_at, now) >= WEEK else None


def concluded(digest: Digest, diff: Diff, scan: Scan, now: datetime, why: Why | None) -> Digest:
    """The digest after a scan."""
    point = Point(scan.checked_at, diff.blind, len(scan.seen))
    trend = [
        earlier
        for earlier in digest.trend
        if now - earlier.at < TREND_AGE and earlier.at != point.at
    ]
    changed = why is Why.FIRST or diff.has_news
    return replace(
        digest,
        waiting=None,
        posted_at=now if why else digest.posted_at,
        changed_at=now if changed else digest.changed_at,
        complaint=None,
        unread=hidden_places(scan),
        snoozes=tuple(snooze for snooze in digest.snoozes if snooze.until > now),
        trend=(*trend, point)[-TREND:],
        shares=tuple(shares(digest.shares, scan)),
    )
