"""
What workers do for a scan: list a place page by page, or see some functions exactly.

What was found is kept every five hundred functions, together with where AWS's listing goes on,
so that whoever takes over a killed worker's chunk loses at most that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.aws import inventory
from bot.aws.account_parts import account_parts
from bot.aws.asked import Keep
from bot.aws.configuration import Configuration
from bot.aws.operations import LIST_FUNCTIONS, WHO_AM_I
from bot.aws.places import Place
from bot.aws.refusals import or_missing
from bot.aws.region_parts import region_parts
from bot.aws.waves import Wave
from bot.fleet.ahead import one_ahead
from bot.fleet.exact import exactly
from bot.fleet.first_tier import FirstTier
from bot.fleet.model import Seen, Unreadable
from bot.fleet.run import Chunk, Run
from bot.reach import Reach
from bot.store.due import Claim
from bot.store.scans import Scans
from bot.tracing import carried
from checks.evidence import Missing

T = TypeVar("T")

LONGEST = 20.0
"""Seconds of one turn: then others have theirs, and the lease begins anew."""
PAGE = 50
"""Functions of one page of AWS's listing."""
AT_ONCE = 3
"""Exact looks of one chunk; two chunks of a place are under way (see desk.py)."""


@dataclass(frozen=True)
class Work:
    """All it needs is handed in."""

    scans: Scans
    reach: Reach
    keep: Callable[[], Keep]
    """Keeps the parts of account and region, which thousands of looks share."""
    now: Callable[[], datetime]

    def do(self, run: Run, chunk: Chunk, claim: Claim) -> None:
        """One turn."""
        place = self.reach.place(*run.places[chunk.place], run.by)
        if chunk.names:
            self._exactly(run, chunk, place, claim)
        else:
            self._list(run, chunk, place, claim)

    def _list(self, run: Run, chunk: Chunk, place: Place, claim: Claim) -> None:
        tier = self._tier(run, place)
        if isinstance(tier, Missing):
            self._unread(run, chunk, place, claim, tier)
            return
        hidden = tier.forwarding if isinstance(tier.forwarding, Missing) else None
        unread = (_unreadable(place, hidden),) if hidden and chunk.marker is None else ()
        ends_at = time.monotonic() + LONGEST
        for batch, marker in one_ahead(_batches(place, chunk.marker, run.prefix)):
            if isinstance(batch, Missing):
                self._unread(run, chunk, place, claim, batch)
                return
            chunk = replace(chunk, marker=marker)
            later = marker is not None and time.monotonic() > ends_at
            mine = self.scans.advance(
                claim,
                run,
                chunk,
                seen=list(tier.seen(batch)) if batch else (),
                unread=unread,
                ended=marker is None,
                later=later,
            )
            unread = ()
            if later or not mine or self.scans.cancelled(run.id):
                return

    def _tier(self, run: Run, place: Place) -> FirstTier | Missing:
        account, region, keep = place.account, place.region, self.keep()
        id_ = or_missing(WHO_AM_I, region, lambda: account.identify(region))
        if isinstance(id_, Missing):
            return id_
        wave = Wave(lambda _: None)
        now = run.started_at
        forwarding = wave.begin(lambda: inventory.forwarding(account, region))
        parts = keep(f"region:{id_}:{region}", lambda: region_parts(wave, account, region, now))
        common = keep(f"account:{id_}", lambda: account_parts(wave, account, region, now))
        return FirstTier(
            place, common, parts, self.reach.expected(place), now, wave.get(forwarding)
        )

    def _exactly(self, run: Run, chunk: Chunk, place: Place, claim: Claim) -> None:
        known = self.scans.some(run.id, chunk.place, chunk.names)
        expected, keep = self.reach.expected(place), _Apart(self.keep())

        def look(seen: Seen) -> tuple[str, Seen | None]:
            return seen.name, exactly(place, seen, expected, keep)

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="exact") as pool:
            found = dict(pool.map(carried(look), known))
        self.scans.advance(claim, run, chunk, exact=found, ended=True)

    def _unread(self, run: Run, chunk: Chunk, place: Place, claim: Claim, why: Missing) -> None:
        self.scans.advance(claim, run, chunk, unread=(_unreadable(place, why),), ended=True)


class _Apart:
    """A function's own parts are always read anew."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        return read() if key.startswith("function:") else self._keep(key, read)


def _unreadable(place: Place, why: Missing) -> Unreadable:
    return Unreadable(place.account.id or "unknown", place.region, why.why)


def _batches(
    place: Place, marker: str | None, prefix: str
) -> Iterator[tuple[list[Configuration] | Missing, str | None]]:
    """Of one GetMetricData call each, with where the next one begins; None after the last."""
    batch: list[Configuration] = []
    while True:
        read = partial(inventory.page, place.account, place.region, marker)
        found = or_missing(LIST_FUNCTIONS, place.region, read)
        if isinstance(found, Missing):
            yield found, None
            return
        page, following = found
        marker = following if following != marker else None
        batch += [each for each in page if each.function.name.startswith(prefix)]
        if marker is None:
            yield batch, None
            return
        if len(batch) > inventory.AT_ONCE - PAGE:
            yield batch, marker
            batch = []
