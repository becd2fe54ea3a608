"""
The messages of a request for a scan: its card, how far it is, the answer. Pure.

The prefix stands in the channel only once a listing has shown functions that begin with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.scan import card
from bot.scan.model import Scan
from bot.scan.run import Inquiry, Run, Stage
from bot.scan.selection import time_left
from bot.store.fallback import directly
from bot.store.messages import Entry, EntryKind


def first_card(inquiry: Inquiry) -> Entry:
    """At once."""
    message = card.in_progress(_prefix(inquiry, matches=0), _token(inquiry))
    return _entry(inquiry, "1:card", EntryKind.POST, message, thread_ts=inquiry.place.thread_ts)


def edit(
    inquiry: Inquiry, run: Run | None, seen: int = 0, exact: int = 0, *, joined: bool = False
) -> Entry:
    """How far it is."""
    message = card.in_progress(
        _prefix(inquiry, seen),
        _token(inquiry),
        seen=seen,
        exact=exact,
        suspicious=run.suspicious if run else None,
        left=time_left(run.seconds, exact, run.suspicious or 0) if run else timedelta(0),
        joined=joined,
    )
    return _entry(
        inquiry,
        f"{inquiry.round}:progress-{inquiry.version}",
        EntryKind.UPDATE,
        message,
        of=_card(inquiry),
    )


def answered(
    inquiry: Inquiry, run: Run | None, scan: Scan | None, complaint: str | None = None
) -> tuple[Entry, ...]:
    """The result, or why there is none; what is behind it goes into the thread."""
    if scan is None or run is None or (run.complaint and not scan.seen):
        given_up = run.complaint if run else None
        why = complaint or given_up or "It was stopped before anything was seen."
        message = card.failed(_prefix(inquiry, matches=0), why, _token(inquiry))
        return (_last(inquiry, message),)
    stopped, prefix = run.stage is not Stage.DONE, _prefix(inquiry, len(scan.seen))
    message, plain = (
        card.summary(scan, prefix, _token(inquiry), stopped=stopped, table=table, why=run.complaint)
        for table in (True, False)
    )
    replies = () if inquiry.private else _replies(inquiry, scan)
    return (_last(inquiry, message, plain), *replies)


def _replies(inquiry: Inquiry, scan: Scan) -> tuple[Entry, ...]:
    where: dict[str, Any] = {"thread_of": _card(inquiry)}
    if inquiry.place.thread_ts:
        where = {"thread_ts": inquiry.place.thread_ts}
    return tuple(
        _entry(inquiry, f"{inquiry.round}:functions-{number}", EntryKind.POST, message, **where)
        for number, message in enumerate(card.functions(scan), 1)
    )


def _last(inquiry: Inquiry, message: dict[str, Any], plain: dict[str, Any] | None = None) -> Entry:
    """On the card, or for the requester only where there is none."""
    part = f"{inquiry.round}:answer"
    if not inquiry.private:
        return _entry(
            inquiry, part, EntryKind.UPDATE, message, of=_card(inquiry), plain=plain, answer=True
        )
    url = inquiry.place.response_url
    alone = _entry(
        inquiry, f"{part}-private", EntryKind.RESPOND, plain or message, response_url=url
    )
    return alone if url else directly(alone) or alone


def _prefix(inquiry: Inquiry, matches: int) -> str | None:
    """None for one that no listing has confirmed."""
    return inquiry.prefix if matches or not inquiry.prefix else None


def _token(inquiry: Inquiry) -> str:
    return f"{inquiry.id}:{inquiry.round}"


def _card(inquiry: Inquiry) -> str:
    return f"{inquiry.id}:1:card"


def _entry(
    inquiry: Inquiry, part: str, kind: EntryKind, message: dict[str, Any], **more: Any
) -> Entry:
    key = f"{inquiry.id}:{part}"
    return Entry(
        key, kind, inquiry.place.channel, message, inquiry.id, user=inquiry.place.user, **more
    )
