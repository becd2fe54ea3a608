"""
What the queue never brought, from CloudTrail's event history.

EventBridge sends the calls that CloudTrail recorded at best effort, and only where there is a
trail; the event history has them all, some minutes late. So it is read at least every ten minutes and
after each start, from a stored mark: everything before it was read when it was old enough to be
complete. What was taken from the queue already is known by its id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.locate import Location
from bot.aws.parallel import Wave
from bot.aws.trail.lookup import Attribute, Lookup, Page, look_up
from bot.store.due import CATCH_UP, Claim, Due, Leases
from bot.store.events import Events, Progress, Reading
from bot.watch.events import of_call
from bot.watch.intake import Intake
from bot.watch.model import Change, Source
from checks.evidence import Missing

EVERY = timedelta(minutes=10)
LATE = timedelta(minutes=20)
"""After which an event must be in the history; AWS promises no time, and names 5 and 15 minutes."""
FURTHEST = timedelta(days=7)
"""So far back a bot that was away looks for changes."""
SPAN = timedelta(hours=1)
"""That is read at once; several runs go on with it where one has not the time for all its events."""
LONGEST = 100.0
"""Seconds of a run: less than a lease is renewed for."""
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
        places = {queue.place for queue in self.accounts.settings.events}
        self.due.make_due((CATCH_UP, place) for place in sorted(places))

    def run(self, place: str) -> None:
        """Read what is new of one place, if nobody else does."""
        with self.leases.claimed(CATCH_UP, place) as claim:
            if claim:
                self._run(place, claim)

    def give_up(self, claim: Claim) -> None:
        """It failed again and again: it is tried at the next time, from the same mark."""
        failed = Progress(self._mark(claim.id), why="It failed again and again.")
        self.events.advance(claim.id, claim, self.now(), failed, self.now() + EVERY)

    def _mark(self, place: str) -> datetime:
        now = self.now()
        return max(self.events.mark(place) or now - LATE, now - FURTHEST)

    def _run(self, place: str, claim: Claim) -> None:
        account, _, region = place.partition("/")
        if place not in {queue.place for queue in self.accounts.settings.events}:
            self.due.finish(claim)
            return
        where, mark, now = (
            location_of(self.accounts, account, region),
            self._mark(place),
            self.now(),
        )
        reading = self.events.reading(place) or Reading(mark, min(mark + SPAN, now))
        left: Reading | None
        if where is None:
            left, why = reading, "The account is not configured, or does not answer."
        else:
            left, why = self._read(where, reading)
        if left or why:
            progress, due = Progress(mark, left, why), now + RETRY if why else now
        else:
            progress = Progress(max(mark, min(reading.ended, now - LATE)))
            due = now if reading.ended - reading.began >= SPAN else reading.ended + EVERY
        self.events.advance(place, claim, self.now(), progress, due)

    def _read(self, where: Location, reading: Reading) -> tuple[Reading | None, str]:
        """
        As far as there is time, and all of it stored; what is left, and why it failed.

        What was read is taken at once, and in the order of time: so it falls into the same deployments.
        """
        wave, changes, why = Wave(lambda _: None, LONGEST), list[Change](), ""
        left: Reading | None = reading
        while left and wave.left_for > 0:
            page = _page(where, left, wave)
            if isinstance(page, Missing):
                why = page.why if wave.left_for > 0 else ""
                # a token may be what is wrong, where not one page came
                left = replace(left, token=None) if why and left == reading else left
                break
            read = (of_call(event, Source.CATCH_UP) for event in page.events)
            changes += (change for change in read if isinstance(change, Change))
            left = _after(left, page)
        self.intake.take(changes)
        if why:
            log.warning("history_not_read", region=where.region, why=why)
        return left, why


def _page(where: Location, left: Reading, wave: Wave) -> Page | Missing:
    lookup = Lookup(Attribute.EVENT_NAME, NAMES[_at(left)], left.began, left.ended)
    return wave.get(
        wave.begin(look_up, where.account, where.region, lookup, left.token, users=False)
    )


def _after(left: Reading, page: Page) -> Reading | None:
    """What is left after that page; None where it was the last one of the last name."""
    at = _at(left)
    if page.token:
        return replace(left, call=NAMES[at], token=page.token)
    return replace(left, call=NAMES[at + 1], token=None) if at + 1 < len(NAMES) else None


def _at(left: Reading) -> int:
    """Which name is being read; the first one where another release began with one of its own."""
    return NAMES.index(left.call) if left.call in NAMES else 0
