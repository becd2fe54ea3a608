"""
Which run of a digest is to be done now. Pure; `now` is passed in.

A run asks for its scan ahead of its slot, by as long as the last run took and a margin, so that
the message can be posted when the slot comes. What somebody asks for meanwhile comes at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest.model import Digest, Slot, Waiting
from bot.digest.schedule import every, same_day, slots_at

GRACE = timedelta(hours=1)
"""A run that began before midnight may end after it."""
MARGIN = timedelta(seconds=20)
AT_FIRST = timedelta(seconds=40)
"""What the first run is taken to need, besides the margin."""
MOST = timedelta(minutes=4)
"""What is older at the slot would be reported as if it were new."""
SHARE = 4
"""Of the pause between two runs of a digest, at most this part is ahead."""


def begins_at(digest: Digest) -> datetime:
    """When the run of its slot asks for a scan."""
    took = AT_FIRST if digest.took is None else timedelta(seconds=digest.took)
    lead, pause = min(took + MARGIN, MOST), every(digest.plan.words)
    return digest.slot.at - (min(lead, pause / SHARE) if pause else lead)


def begun(digest: Digest, now: datetime) -> Digest:
    """With the run that is to be done now in `waiting`; None where it is for nothing."""
    waiting, ordered = digest.waiting, digest.ordered
    digest = replace(digest, ordered=None)
    if waiting and ordered and is_early(waiting, now):  # the slot's own run comes all the same
        slot = Slot(waiting.since, waiting.name)
        digest, waiting = replace(digest, slot=slot, waiting=None), None
    if waiting and not _too_late(digest, waiting, now):
        marked = replace(waiting, always=True, by=ordered) if ordered else waiting
        return replace(digest, waiting=marked)
    if ordered:
        name = f"now-{digest.orders}"
        return replace(digest, waiting=Waiting(name, now, always=True, by=ordered, began=now))
    comes = digest.slot.at if begins_at(digest) <= now else now
    runs, then = slots_at(digest.plan, digest.slot, max(comes, now), digest.created)
    run = Waiting(runs.name, runs.at, began=now) if runs else None
    return replace(digest, slot=then, waiting=run)


def is_early(waiting: Waiting, now: datetime) -> bool:
    """Whether its slot is still to come."""
    return now < waiting.since


def took(waiting: Waiting, now: datetime) -> float | None:
    """Seconds that the run has needed until now; None of one that an older release began."""
    return (now - waiting.began).total_seconds() if waiting.began else None


def _too_late(digest: Digest, waiting: Waiting, now: datetime) -> bool:
    """The bot was down meanwhile, and its day is over."""
    fixed = not (waiting.always or every(digest.plan.words))
    late = now - waiting.since > GRACE
    return fixed and late and not same_day(digest.plan, waiting.since, now)
