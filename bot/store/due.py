"""
What must happen, and when: the due set is the truth, queue messages only point at it.

One sorted set holds "kind:id" with its due time in milliseconds of the store's clock. A
worker claims a member by moving that time to the end of a lease; each claim has a fence, a
number that never comes twice, and what is written under a claim names it. A member leaves
the set in the same script that stores its effect (lua/due.lua).

`Leases` renews the claims of this process while their work goes on. So a lease may be short, and
what a killed process held comes back soon, although a check may take long. Work that hangs is given
up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis import Redis

from bot.store import keys
from bot.store.connection import from_ms, milliseconds
from bot.store.scripts import Script

DIAGNOSIS = "diagnosis"
ENTRY = "entry"
TRIAGE = "triage"
COPIES = "copies"
"""Of an entry: was it posted twice?"""
INQUIRY = "inquiry"
"""A request for a scan."""
SCAN, CHUNK = "scan", "chunk"
"""A scan that is under way, and a part of its work."""
DRAFT, DIGEST = "draft", "digest"
"""A digest that was requested, and one that runs."""
DEPLOY = "deploy"
"""Changes of functions that belong together."""
WATCH, CATCH_UP = "watch", "catch_up"
"""A channel that wants to hear of deployments, and an account and region that is watched."""
HOME = "app_home"
"""A person's App Home, which shows something that moved."""
TRIES = 10
"""
Claims that may come to nothing before somebody is informed.

Five were too few: with two of three replicas killed every few seconds, 3 of some 5,000 members met
the killed ones that often (benchmarks/chaos.py points).
"""

LEASE = timedelta(seconds=20)
LONGEST = 120.0
"""Seconds of one piece of work."""
AT_ONCE = 10_000
"""Due members that one sweep reads: ten milliseconds of the store."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A member that is ours until the lease ends."""

    kind: str
    id: str
    fence: int
    until: datetime
    """The end of the lease, unless it is renewed."""
    late: timedelta
    """How long it had been due, or under another's claim that came to nothing."""

    @property
    def member(self) -> str:
        """Its name in the due set."""
        return member(self.kind, self.id)


def member(kind: str, id_: str) -> str:
    """The member of the due set for this kind and id."""
    return f"{kind}:{id_}"


def kind_and_id(name: str) -> tuple[str, str]:
    """What that member is."""
    kind, _, id_ = name.partition(":")
    return kind, id_


class Due:
    """The due set."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._claim = Script(redis, "due_claim")
        self._renew = Script(redis, "due_renew")
        self._finish = Script(redis, "due_finish")
        self._park = Script(redis, "due_park")
        self._sweep = Script(redis, "due_sweep")
        self._swept = 0
        self._busy = Script(redis, "due_busy")
        self._now = Script(redis, "due_now")

    def claim(self, kind: str, id_: str, lease: timedelta) -> Claim | None:
        """Take a member that is due; None when it is not, or somebody has it."""
        taken = self._claim(member=member(kind, id_), lease=milliseconds(lease))
        if not taken:
            return None
        fence, until, due_at = map(int, taken)
        claimed_at = until - milliseconds(lease)
        return Claim(kind, id_, fence, from_ms(until), timedelta(milliseconds=claimed_at - due_at))

    def renew(self, claim: Claim, lease: timedelta) -> None:
        """Start the lease again, if the claim is still ours."""
        self._renew(member=claim.member, fence=claim.fence, lease=milliseconds(lease))

    def finish(self, claim: Claim) -> bool:
        """Nothing is left to do; False when somebody else has it by now."""
        return bool(self._finish(member=claim.member, fence=claim.fence))

    def park(self, claim: Claim) -> bool:
        """
        Set aside, for a person to see, what cannot be done; never deleted.

        The claim stays ours until `finish`, for what is still to be saved because of it.
        """
        return bool(self._park(member=claim.member, fence=claim.fence))

    def sweep(self, limit: int, *, of_a_kind: int | None = None) -> dict[tuple[str, str], datetime]:
        """
        (kind, id) of what is due, longest overdue first, and since when.

        `of_a_kind` limits each kind, so that none of them hides another. More than `AT_ONCE`
        are read over several sweeps.
        """
        self._swept, flat = self._sweep(
            start=self._swept,
            most=limit,
            most_of_a_kind=limit if of_a_kind is None else of_a_kind,
            at_once=AT_ONCE,
        )
        return dict(zip(map(kind_and_id, flat[::2]), map(from_ms, flat[1::2]), strict=True))

    def make_due(self, members: Iterable[tuple[str, str]]) -> None:
        """Each of these (kind, id) is due now, unless somebody is at it."""
        self._now(members=[member(*each) for each in members])

    def tries(self, kind: str, id_: str) -> int:
        """How many claims came to nothing since something was saved."""
        return int(self._redis.hget(keys.TRIES, member(kind, id_)) or 0)

    def busy(self, within: timedelta) -> bool:
        """Whether somebody works on anything, or something is due within that time."""
        return bool(self._busy(within=milliseconds(within)))

    def spent(self, kind: str, id_: str) -> bool:
        """Whether too many claims came to nothing."""
        return self.tries(kind, id_) >= TRIES

    def parked(self) -> list[tuple[str, str]]:
        """(kind, id) of what was set aside, oldest first."""
        names = cast(list[str], self._redis.zrange(keys.PARKED, 0, -1))
        return [kind_and_id(name) for name in names]


class Leases:
    """Those at work now."""

    def __init__(self, due: Due) -> None:
        """`renew` is to be called each second."""
        self._due = due
        self._lock = threading.Lock()
        self._held: dict[Claim, float] = {}

    @contextmanager
    def claimed(self, kind: str, id_: str) -> Iterator[Claim | None]:
        """The claim, for as long as the block runs; None where it is not due, or another's."""
        claim = self._due.claim(kind, id_, LEASE)
        if claim is None:
            yield None
            return
        with self._lock:
            self._held[claim] = time.monotonic() + LONGEST
        try:
            yield claim
        finally:
            with self._lock:
                del self._held[claim]

    def renew(self) -> None:
        """For all of them."""
        with self._lock:
            held = [claim for claim, until in self._held.items() if time.monotonic() < until]
        for claim in held:
            self._due.renew(claim, LEASE)
