"""
Which event made a change. Pure.

A name that is wrong is worse than none: an event counts only if it is about this very thing, in this account
and region, and was made when the thing was changed. A function's event says when that was
(`lastModified`), which is compared with what Lambda says of the function itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.aws.trail.event import TrailEvent
from bot.changes.model import DOES, UNDOES
from checks.change import Changed, Kind, Means, Sought

SAME = timedelta(seconds=2)
"""Lambda's lastModified in an event's answer and in a configuration, by how they round."""
COMPLETE = timedelta(seconds=60)
"""CloudTrail dates a call by when it was complete, after what it changed."""
REPAIRED_WITHIN = timedelta(minutes=30)
"""Dashboard's own change counts as a repair of what was changed so shortly before."""
STARTED_WITHIN = timedelta(minutes=60)
"""A stack's update was started at most so long before it changed a function."""
_ONE_DEPLOYMENT = timedelta(minutes=2)
_NESTED = re.compile(r"(?P<root>.+?)-[A-Za-z0-9]+-[0-9A-Z]{11,14}")
"""A nested stack's name: ROOT-LogicalId-1A2B3C4D5E6F."""
_TIMED = frozenset({Kind.FUNCTION, Kind.VERSION})
STARTS = ("UpdateStack", "ExecuteChangeSet", "CreateStack")


def once(events: Iterable[TrailEvent]) -> list[TrailEvent]:
    """Each event once, newest first: CloudTrail may show one twice, and in any order."""
    by_id = {event.id: event for event in events}
    return sorted(by_id.values(), key=lambda event: event.at, reverse=True)


def about(sought: Sought, events: Iterable[TrailEvent]) -> list[TrailEvent]:
    """Those that changed what is sought, newest first."""
    return [
        event
        for event in once(events)
        if (event.source, event.name) in DOES[sought.kind]
        and not (event.failed or event.read_only)
        and (event.account, event.region) == (sought.account, sought.region)
        and event.resource == sought.name
        and (not sought.detail or event.detail == sought.detail)
    ]


def undone(sought: Sought, event: TrailEvent, events: Iterable[TrailEvent]) -> bool:
    """Whether what `event` deleted was made again afterwards."""
    return any(
        (other.source, other.name) == (event.source, UNDOES.get(sought.kind))
        and (other.account, other.region) == (event.account, event.region)
        and other.resource == event.resource
        and other.detail == event.detail
        and other.at >= event.at
        and not other.failed
        for other in events
    )


def made(sought: Sought, events: Sequence[TrailEvent]) -> TrailEvent | None:
    """The event that made the change, of `events` as `about` gives them."""
    if sought.at is None:
        return next(iter(events), None)
    if sought.kind in _TIMED:
        exact = [event for event in events if _at_that_time(event, sought.at)]
        return min(exact, key=partial(_off, sought.at), default=None)
    before = (event for event in events if event.at <= sought.at + COMPLETE)
    return next(before, None)


def _off(at: datetime, event: TrailEvent) -> timedelta:
    return abs((event.modified_at or event.at) - at)


def _at_that_time(event: TrailEvent, at: datetime) -> bool:
    """By what the event itself says; one that does not say it was cut off, and its time must do."""
    if event.modified_at:
        return abs(event.modified_at - at) < SAME
    return -SAME <= event.at - at < COMPLETE / 10


def before_repair(event: TrailEvent, events: Sequence[TrailEvent]) -> TrailEvent:
    """Of a repair by Dashboard, the change that it repaired; else the event itself."""
    earlier = (
        other
        for other in events
        if other.at <= event.at
        and other.way.means is not Means.DASHBOARD
        and event.at - other.at <= REPAIRED_WITHIN
    )
    return event if event.way.means is not Means.DASHBOARD else next(earlier, event)


def differing(event: TrailEvent, events: Sequence[TrailEvent]) -> tuple[str, ...]:
    """
    What can be seen to differ, in words.

    By the configuration before, where CloudTrail shows the change that made it; else what was set.
    One deployment changes a function by several calls.
    """
    one = [other for other in events if _of_one_deployment(other, event)]
    before = next((x for x in events if x not in one and x.at <= event.at and x.after), None)
    sent = tuple(dict.fromkeys(word for other in one for word in other.sent))
    if not (before and event.after):
        return sent
    changed = [word for word in event.after if event.after[word] != before.after.get(word)]
    return (*changed, *(word for word in sent if word == "code"))


def _of_one_deployment(other: TrailEvent, event: TrailEvent) -> bool:
    same = (other.identity, other.way) == (event.identity, event.way)
    return same and timedelta(0) <= event.at - other.at <= _ONE_DEPLOYMENT


def counted_since(sought: Sought, event: TrailEvent, events: Sequence[TrailEvent]) -> int:
    """How many times it was changed since it was last seen well, up to and with `event`; repairs not counted."""
    times, last = 0, None
    for other in reversed(events):
        own = sought.since and sought.since < other.at <= event.at
        if not own or other.way.means is Means.DASHBOARD:
            continue
        if last is None or not _of_one_deployment(last, other):
            times += 1
        last = other
    return times


def start_of(stack: str, event: TrailEvent, started: Iterable[TrailEvent]) -> TrailEvent | None:
    """Who had started the update of `stack` that made `event`."""
    nested = _NESTED.fullmatch(stack)
    names = {stack, nested["root"]} if nested else {stack}
    fitting = (
        start
        for start in once(started)
        if start.source == "cloudformation"
        and start.name in STARTS
        and start.resource in names
        and not start.failed
        and (start.account, start.region) == (event.account, event.region)
        and event.at - STARTED_WITHIN <= start.at <= event.at
    )
    return next(fitting, None)


def named(sought: Sought, event: TrailEvent, what: tuple[str, ...]) -> Changed:
    """By one event."""
    way = event.way
    return Changed(
        at=sought.at if sought.at and _at_that_time(event, sought.at) else _when(event),
        by=event.identity.name,
        how=way.means,
        what=what,
        event_id=event.id,
        actor=event.identity.actor,
        provider=way.provider,
        since=sought.since if sought.kind is Kind.FUNCTION else None,
    )


def _when(event: TrailEvent) -> datetime:
    return event.modified_at or event.at


def started(changed: Changed, event: TrailEvent, stack: str, start: TrailEvent | None) -> Changed:
    """With the stack, and who had started its update where CloudFormation acted by its own role."""
    changed = replace(changed, stack=stack)
    if start is None:
        return changed
    if event.way.delegated:
        changed = replace(changed, by=start.identity.name, actor=start.identity.actor)
    elif start.identity != event.identity:
        return changed
    means = start.way.means
    refined = means in {Means.SERVERLESS, Means.CDK, Means.SAM, Means.TERRAFORM}
    return replace(changed, how=means if refined else changed.how, provider=start.way.provider)
