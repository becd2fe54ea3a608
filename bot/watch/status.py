"""
What is watched, and whether events come: as data, as JSON and in words, for the command line.

The store knows what came; AWS, what waits. What could not be read is said, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aws import queues
from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.diagnosis.sentences import offset
from bot.settings import EventQueue
from bot.store.connection import StoreError, connect, server_time
from bot.store.events import DAYS, Arrival, arrivals
from bot.text.visible import visible
from bot.watch.model import Watch
from bot.watch.repository import Watches
from checks.evidence import Missing
from checks.grammar import duration

LIMIT = 3.0
"""Seconds to connect to the store, and again for each answer."""
UNOPENED = Missing("The account is not configured, or does not answer.")


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store knows."""

    watches: Sequence[Watch]
    arrivals: Mapping[str, Arrival]
    """By place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a queue."""

    queue: EventQueue
    depth: queues.Depth | Missing
    oldest: timedelta | Missing | None
    """None where CloudWatch measured nothing."""


@dataclass(frozen=True, slots=True)
class Status:
    """Of the whole bot."""

    stored: Stored | Missing
    waiting: Sequence[Waiting]
    at: datetime

    @property
    def unread(self) -> list[bool]:
        """Of the store and of each queue: whether anything of it could not be read."""
        return [
            isinstance(self.stored, Missing),
            *(bool(list(_unread_of(each))) for each in self.waiting),
        ]


def status(accounts: Accounts, store_url: str | None, no_store: str, prefix: str) -> Status:
    """With the watches that hear of functions whose names begin with `prefix`."""
    at = datetime.now(UTC)
    stored = _stored(store_url, accounts, prefix) if store_url else Missing(no_store)
    waiting = [_waiting(accounts, queue, at) for queue in accounts.settings.events]
    return Status(stored, waiting, at)


def _stored(url: str, accounts: Accounts, prefix: str) -> Stored | Missing:
    places = [queue.place for queue in accounts.settings.events]
    try:
        with connect(url, answer_limit=LIMIT) as redis:
            heard = [watch for watch in Watches(redis).all() if watch.hears(prefix)]
            return Stored(heard, arrivals(redis, places, server_time(redis)))
    except (StoreError, OSError, ValueError) as error:
        return Missing(f"The store does not answer ({type(error).__name__}).")


def _waiting(accounts: Accounts, queue: EventQueue, at: datetime) -> Waiting:
    place = location_of(accounts, queue.account, queue.region)
    if place is None:
        return Waiting(queue, UNOPENED, UNOPENED)
    depth = queues.depth(place, queue.url)
    return Waiting(queue, depth, queues.oldest(place, queue.url, at))


def _unread_of(waiting: Waiting) -> Iterator[tuple[str, str]]:
    """What, and why."""
    if isinstance(waiting.depth, Missing):
        yield "waiting", waiting.depth.why
    elif isinstance(waiting.depth.dead, Missing):
        yield "dead_letters", waiting.depth.dead.why
    if isinstance(waiting.oldest, Missing):
        yield "oldest_seconds", waiting.oldest.why


def document(status: Status) -> dict[str, Any]:
    """The document of `slsdiag watch status --json`, schema 1; null is what is not known."""
    stored = None if isinstance(status.stored, Missing) else status.stored
    why = (
        [{"what": "store", "why": status.stored.why}] if isinstance(status.stored, Missing) else []
    )
    return {
        "schema": 1,
        "watches": [_watch(watch) for watch in stored.watches] if stored else None,
        "queues": [_queue(each, stored) for each in status.waiting],
        "unknown": why,
    }


def _watch(watch: Watch) -> dict[str, Any]:
    return {"channel": watch.channel, "prefix": watch.prefix, "since": _written(watch.since)}


def _queue(waiting: Waiting, stored: Stored | None) -> dict[str, Any]:
    queue, depth = waiting.queue, waiting.depth
    known = None if isinstance(depth, Missing) else depth
    age = waiting.oldest
    arrival = stored.arrivals[queue.place] if stored else None
    history = arrival.history if arrival else None
    return {
        "account": queue.account,
        "region": queue.region,
        "url": queue.url,
        "waiting": known and known.waiting,
        "in_flight": known and known.in_flight,
        "oldest_seconds": round(age.total_seconds()) if isinstance(age, timedelta) else None,
        "dead_letters": None if known is None or isinstance(known.dead, Missing) else known.dead,
        "last_event_at": _written(arrival.last if arrival else None),
        "caught_up_at": _written(history.read_at if history else None),
        "caught_up_to": _written(arrival.mark if arrival else None),
        "catch_up_failing_since": _written(history.failing_since if history else None),
        "catch_up_why": (history.why or None) if history else None,
        "dropped": dict(arrival.dropped) if arrival else None,
        "unknown": [{"what": what, "why": why} for what, why in _unread_of(waiting)],
    }


def _written(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def lines(status: Status) -> Iterator[str]:
    """
    For people, with times in this machine's zone:

        Watched:
        C0GENERAL: functions that begin with shop-, since 30 Nov 14:02 +01:00

        123456789012 in eu-west-1:
        queue: slsdiag-watch
        waiting: 3, being taken: 0, the oldest for 12 s
    """
    if isinstance(status.stored, Missing):
        yield f"Not known what is watched: {status.stored.why}"
    elif status.stored.watches:
        yield "Watched:"
        yield from map(_watched, status.stored.watches)
    else:
        yield "Nothing is watched. In a channel, type: /slsdiag watch on"
    for waiting in status.waiting:
        yield ""
        yield f"{waiting.queue.account} in {waiting.queue.region}:"
        yield f"queue: {waiting.queue.url.rpartition('/')[2]}"
        yield from _waits(waiting)
        if not isinstance(status.stored, Missing):
            yield from _came(status.stored.arrivals[waiting.queue.place], status.at)


def _watched(watch: Watch) -> str:
    which = (
        f"functions that begin with {visible(watch.prefix)}" if watch.prefix else "all functions"
    )
    return f"{visible(watch.channel)}: {which}, since {_local(watch.since)}"


def _waits(waiting: Waiting) -> Iterator[str]:
    depth, age = waiting.depth, waiting.oldest
    if not isinstance(depth, Missing):
        oldest = f", the oldest for {duration(age)}" if isinstance(age, timedelta) else ""
        yield f"waiting: {depth.waiting:,}, being taken: {depth.in_flight:,}{oldest}"
        if depth.dead is None:
            yield "dead letters: the queue has none"
        elif not isinstance(depth.dead, Missing):
            yield f"dead letters: {depth.dead:,}"
    labels = {"dead_letters": "dead letters", "oldest_seconds": "age of the oldest"}
    for what, why in _unread_of(waiting):
        yield f"{labels.get(what, what)}: not known. {why}"


def _came(arrival: Arrival, at: datetime) -> Iterator[str]:
    history = arrival.history
    yield f"last event: {_ago(arrival.last, at) if arrival.last else 'none of late'}"
    yield f"event history: {f'read {_ago(history.read_at, at)}' if history.read_at else 'not read yet'}"
    if arrival.mark:
        yield f"complete until: {_local(arrival.mark)}"
    if history.failing_since:
        yield f"not readable for {duration(at - history.failing_since)}: {visible(history.why)}"
    dropped = (f"{count:,} {reason.replace('_', ' ')}" for reason, count in arrival.dropped.items())
    yield f"led to nothing in {DAYS} days: {', '.join(sorted(dropped)) or 'none'}"


def _ago(at: datetime, now: datetime) -> str:
    return f"{duration(now - at)} ago"


def _local(at: datetime) -> str:
    here = at.astimezone()
    return f"{here:%d %b %H:%M} {offset(here)}"
