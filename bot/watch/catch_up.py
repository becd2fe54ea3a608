"""
What the queue never brought, from CloudTrail's event history.

EventBridge sends the calls that CloudTrail recorded at best effort, and only where there is a
trail; the event history has them all, some minutes late. So it is read at least every ten minutes and
after each start, from a stored mark: everything before it was read when it was old enough to be
complete. What was taken from the queue already is known by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.locate import Location
from bot.aws.parallel import Wave
from bot.aws.trail.event import TrailEvent
from bot.aws.trail.lookup import Attribute, Lookup, look_up
from bot.store.due import CATCH_UP, Claim, Due, Leases
from bot.watch.events import of_call
from bot.watch.intake import Intake
from bot.watch.model import Change, Source
from bot.watch.repository import Events
from checks.evidence import Missing

EVERY = timedelta(minutes=10)
LATE = timedelta(minutes=20)
"""After which an event must be in the history; AWS promises no time, and names 5 and 15 minutes."""
FURTHEST = timedelta(days=7)
"""So far back a bot that was away looks for changes."""
SPANS = (timedelta(hours=1), timedelta(minutes=6), timedelta(minutes=1))
"""That one run reads at most; less where there is no time for so many events."""
LONGEST = 35.0
"""Seconds for each of them: together less than a lease is renewed for."""
RETRY = timedelta(seconds=60)
NAMES = (
    "UpdateFunctionConfiguration20150331v2",
    "UpdateFunctionCode20150331v2",
    "CreateFunction20150331",
    "DeleteFunction20150331",
    "PublishVersion20150331",
    "UpdateAlias20150331",
    "CreateAlias20150331",
    "PutSubscriptionFilter",
    "DeleteSubscriptionFilter",
    "DeleteLogGroup",
)
"""Calls as they are looked up (AWS Lambda Developer Guide, "Logging using AWS CloudTrail")."""

log = structlog.get_logger(__name__)


class _Refused(Exception):
    """AWS does not answer; why."""


class _TooMany(Exception):
    """There was no time for all of them."""


@dataclass(frozen=True)
class CatchUp:
    """Of one account and region at a time. Its dependencies are passed in."""

    events: Events
    intake: Intake
    due: Due
    leases: Leases
    accounts: Accounts
    now: Callable[[], datetime]

    def begin(self) -> None:
        """All that is watched is due now: at the start of a process."""
        places = {f"{queue.account}/{queue.region}" for queue in self.accounts.settings.events}
        self.due.make_due((CATCH_UP, place) for place in sorted(places))

    def run(self, place: str) -> None:
        """Read what is new of one place, if nobody else does."""
        with self.leases.claimed(CATCH_UP, place) as claim:
            if claim:
                self._run(place, claim)

    def give_up(self, claim: Claim) -> None:
        """It failed again and again: it is tried at the next time, from the same mark."""
        mark = self._mark(claim.id)
        self.events.read_until(claim.id, mark, claim, self.now() + EVERY)

    def _mark(self, place: str) -> datetime:
        now = self.now()
        return max(self.events.mark(place) or now - LATE, now - FURTHEST)

    def _run(self, place: str, claim: Claim) -> None:
        account, _, region = place.partition("/")
        watched = {(queue.account, queue.region) for queue in self.accounts.settings.events}
        if (account, region) not in watched:
            self.due.finish(claim)
            return
        where = location_of(self.accounts, account, region)
        mark, now = self._mark(place), self.now()
        read = self._read(where, mark, now) if where else None
        final, due = mark, now + RETRY
        if read:
            final, due = max(mark, min(read, now - LATE)), now if read < now else now + EVERY
        self.events.read_until(place, final, claim, due)

    def _read(self, where: Location, began: datetime, now: datetime) -> datetime | None:
        """Until when all was read and stored; None where that failed."""
        for span in SPANS:
            ended = min(began + span, now)
            try:
                self.intake.take(list(_changes(where, began, ended)))
            except _TooMany:
                continue
            except _Refused as error:
                log.warning("history_not_read", region=where.region, why=str(error))
                return None
            return ended
        log.warning("history_too_long", region=where.region)
        return None


def _changes(where: Location, began: datetime, ended: datetime) -> Iterator[Change]:
    """All of that time; raises _Refused or _TooMany."""
    wave = Wave(lambda _: None, LONGEST)
    for name in NAMES:
        for event in _events(where, Lookup(Attribute.EVENT_NAME, name, began, ended), wave):
            change = of_call(event, Source.CATCH_UP)
            if isinstance(change, Change):
                yield change


def _events(where: Location, lookup: Lookup, wave: Wave) -> Iterator[TrailEvent]:
    token: str | None = None
    while True:
        asked = wave.begin(look_up, where.account, where.region, lookup, token, users=False)
        page = wave.get(asked)
        if isinstance(page, Missing):
            raise _TooMany if wave.left_for <= 0 else _Refused(page.why)
        yield from page.events
        token = page.token
        if token is None:
            return
