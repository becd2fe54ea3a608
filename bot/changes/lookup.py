"""
Ask CloudTrail who made a change: at most three times, and for no longer than is waited.

Whatever goes wrong is a reason, never a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.aws.client import Account
from bot.aws.operations import LOOKUP_EVENTS
from bot.aws.parallel import Wave
from bot.aws.trail.event import TrailEvent
from bot.aws.trail.lookup import Attribute, Lookup, Page, StackOf, look_up, stack_of
from bot.changes.matching import (
    COMPLETE,
    REPAIRED_WITHIN,
    STARTED_WITHIN,
    about,
    before_repair,
    counted_since,
    differing,
    made,
    named,
    start_of,
    started,
    undone,
)
from bot.changes.model import DOES, UNDOES
from bot.observability.tracing import ActKind, acting
from checks.change import Changed, Kind, Means, Sought, Untold
from checks.evidence import Missing

MOST = 3
"""Calls of LookupEvents for one change."""
KEPT = timedelta(days=90)
"""AWS CloudTrail User Guide, "Working with CloudTrail event history"."""
LATE = timedelta(minutes=20)
"""After which an event must be in the event history; AWS promises no time, and names 5 and 15 minutes."""
_DELETING = timedelta(hours=6)
"""A stack is deleted long after its deletion was begun."""
_DATED = {
    "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
    "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
    "PublishVersion": "PublishVersion20150331",
    "UpdateAlias": "UpdateAlias20150331",
    "CreateAlias": "CreateAlias20150331",
}
"""Lambda's events as they are looked up (AWS Lambda Developer Guide, "Logging using AWS CloudTrail")."""
_NAMES = 2
"""Of a kind's events that are looked up by name; a function that was just created is found by its own."""
_STARTS = ("UpdateStack", "ExecuteChangeSet")


def who_changed(
    account: Account, sought: Sought, now: datetime, *, seconds: float, users: bool
) -> Changed:
    """
    Who made the change, or why that is not known; within `seconds`.

    `users`: IAM users may be named, because only whoever asks reads the answer.
    """
    if sought.at and now - sought.at > KEPT:
        return Changed(sought.at, why=Untold.EXPIRED)
    with acting(ActKind.CHECK, "change"):
        return _Search(account, sought, now, Wave(lambda _: None, seconds), users).found()


@dataclass
class _Search:
    """One change; `left` is how many calls may still be made."""

    account: Account
    sought: Sought
    now: datetime
    wave: Wave
    users: bool
    left: int = MOST
    seen: list[TrailEvent] = field(default_factory=list)
    refused: Missing | None = None
    whole: bool = False
    """All changes of the function in the time that was looked at were seen."""
    cut: bool = False
    """There was more than could be asked for."""

    def found(self) -> Changed:
        """As `who_changed` says."""
        for lookup in self._lookups():
            for page in self._pages(lookup):
                events = about(self.sought, self.seen)
                if event := made(self.sought, events):
                    self.whole = page.token is None and lookup.attribute is Attribute.RESOURCE_NAME
                    return self._named(event, events)
        return Changed(self.sought.at, why=self._why())

    def _lookups(self) -> Iterator[Lookup]:
        """A function by its name first, since it was last seen well: then only its own events come."""
        sought, began, ended = self.sought, self.now - KEPT + COMPLETE, self.now
        if sought.at:
            long = _DELETING if sought.kind is Kind.STACK else REPAIRED_WITHIN
            began, ended = max(sought.at - long, began), min(sought.at + COMPLETE, self.now)
        elif sought.since:
            began = max(began, sought.since)
        if sought.kind is Kind.FUNCTION:
            first = min(began, max(sought.since or began, self.now - KEPT + COMPLETE))
            yield Lookup(Attribute.RESOURCE_NAME, sought.name, first, ended)
        for _, name in DOES[sought.kind][:_NAMES]:
            yield Lookup(Attribute.EVENT_NAME, _DATED.get(name, name), began, ended)

    def _pages(self, lookup: Lookup) -> Iterator[Page]:
        """Until there are no more, or no more may be asked for."""
        token: str | None = None
        while self.left and not self.refused:
            self.left -= 1
            region = self.sought.region
            page = self.wave.get(
                self.wave.begin(look_up, self.account, region, lookup, token, users=self.users)
            )
            if isinstance(page, Missing):
                self.refused = page
                return
            self.seen += page.events
            yield page
            if (token := page.token) is None:
                return
        self.cut = True

    def _why(self) -> Untold:
        if self.refused:
            denied = self.refused.action == LOOKUP_EVENTS.action
            return Untold.DENIED if denied else Untold.UNREACHABLE
        at = self.sought.at
        return Untold.NOT_YET if at and self.now - at < LATE else Untold.NOT_FOUND

    def _named(self, event: TrailEvent, events: list[TrailEvent]) -> Changed:
        if self.sought.kind in UNDOES:
            return self._unless_undone(event)
        changer = before_repair(event, events)
        changed = named(self.sought, changer, differing(changer, events))
        if self.whole and changed.since:
            count = counted_since(self.sought, changer, events)
            changed = replace(changed, changes=count)
        stacked = changer.way.means in {Means.CLOUDFORMATION, Means.CDK}
        stack = self._stack() if stacked and self.sought.kind is Kind.FUNCTION else None
        return self._started(changed, changer, stack) if stack else changed

    def _unless_undone(self, event: TrailEvent) -> Changed:
        """A deletion that CloudTrail does not show yet must not be taken for an earlier one."""
        name = UNDOES[self.sought.kind]
        for _ in self._pages(Lookup(Attribute.EVENT_NAME, name, event.at, self.now)):
            if undone(self.sought, event, self.seen):
                return Changed(None, why=Untold.NOT_YET)
        if self.refused or self.cut:
            return Changed(None, why=self._why())
        return named(self.sought, event, ())

    def _stack(self) -> StackOf | None:
        """The stack that the function belongs to; None also where that may not be read."""
        sought = self.sought
        where = f"{sought.region}:{sought.account}:function:{sought.name}"
        arn = f"arn:{sought.partition}:lambda:{where}"
        stack = self.wave.get(self.wave.begin(stack_of, self.account, sought.region, arn))
        return None if isinstance(stack, Missing) else stack

    def _started(self, changed: Changed, event: TrailEvent, stack: StackOf) -> Changed:
        """
        Who started the stack's update.

        Where CloudFormation acted as whoever started it, that is known, and only how is not. Else all
        that may have started it must be seen: an earlier update is another one.
        """
        for name in _likeliest_first(event, stack):
            began = event.at - STARTED_WITHIN
            for _ in self._pages(Lookup(Attribute.EVENT_NAME, name, began, event.at)):
                pass
            if not event.way.delegated and start_of(stack.name, event, self.seen):
                break
        whole = not (self.cut or self.refused)
        start = start_of(stack.name, event, self.seen) if whole else None
        changed = started(changed, event, stack.name, start)
        by_sam = stack.by_sam and changed.how is Means.CLOUDFORMATION
        return replace(changed, how=Means.SAM) if by_sam else changed


def _likeliest_first(event: TrailEvent, stack: StackOf) -> tuple[str, ...]:
    """CDK and SAM execute change sets; Serverless Framework 4 updates stacks."""
    by_change_set = stack.by_sam or event.way.means is Means.CDK
    return _STARTS[::-1] if by_change_set else _STARTS
