"""
What workers do for a scan: list a place page by page, or check some functions exactly.

What was found is saved every five hundred functions, together with where AWS's listing goes on,
so that whoever takes over a killed worker's chunk loses at most that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from bot.aws.accounts import Accounts
from bot.aws.client import OWN
from bot.aws.errors import or_missing
from bot.aws.evidence import inventory
from bot.aws.evidence.account import account_parts
from bot.aws.evidence.batch import Batch
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.region import region_parts
from bot.aws.evidence.request import Cache
from bot.aws.locate import Location
from bot.aws.operations import LIST_FUNCTIONS, WHO_AM_I
from bot.aws.parallel import Wave
from bot.changes.memory import Setup, setup_of
from bot.changes.repository import Setups, place_key
from bot.errors import NotConfigured
from bot.observability.tracing import carried
from bot.scan.answers import Answers
from bot.scan.caches import Apart, ByScan
from bot.scan.memory import agrees, holds, taken_over
from bot.scan.model import Seen, Unreadable
from bot.scan.prefetch import one_ahead
from bot.scan.repository import Scans
from bot.scan.run import Chunk, Run
from bot.scan.survey import NOT_READ, FirstTier
from bot.scan.verify import exactly
from bot.store.due import Claim
from checks.evidence import Missing

LONGEST = 20.0
"""Seconds of work at a time: then others have their share, and a new lease begins."""
PAGE = 50
"""Functions of one page of AWS's listing."""
AT_ONCE = 3
"""Exact checks of one chunk; two chunks of a place are under way (chunks.py)."""


@dataclass(frozen=True)
class Work:
    """Its dependencies are passed in."""

    scans: Scans
    accounts: Accounts
    cache: Callable[[], Cache]
    """Caches the parts of account and region, which thousands of checks share."""
    answers: Answers
    setups: Setups
    now: Callable[[], datetime]
    shared: ByScan = field(default_factory=ByScan)

    def do(self, run: Run, chunk: Chunk, claim: Claim) -> None:
        """One share of the work."""
        try:
            place = place_of(self.accounts, run, chunk.place)
        except NotConfigured as error:
            name, region = run.places[chunk.place]
            unreadable = Unreadable(name or OWN, region, str(error))
            self.scans.advance(claim, run, chunk, unreadable=(unreadable,), ended=True)
            return
        if chunk.names:
            self._exactly(run, chunk, place, claim)
        else:
            self._list(run, chunk, place, claim)

    def _list(self, run: Run, chunk: Chunk, place: Location, claim: Claim) -> None:
        tier = self._tier(run, place)
        if isinstance(tier, Missing):
            self._give_up(run, chunk, place, claim, tier)
            return
        unreadable = _partly_hidden(place, tier) if chunk.marker is None else ()
        ends_at = time.monotonic() + LONGEST
        for batch, marker in one_ahead(_batches(place, chunk.marker, run.prefix)):
            if isinstance(batch, Missing):
                self._give_up(run, chunk, place, claim, batch)
                return
            chunk, ended = replace(chunk, marker=marker), marker is None
            later = not ended and time.monotonic() > ends_at
            seen: Sequence[Seen] = list(tier.seen(batch)) if batch else ()
            self.setups.listed(*_setups(place, batch))
            if not run.fresh:
                seen = self._recalled(place, seen, batch)
            mine = self.scans.advance(
                claim, run, chunk, seen=seen, unreadable=unreadable, ended=ended, later=later
            )
            unreadable = ()
            if later or not mine or self.scans.cancelled(run.id):
                return

    def _tier(self, run: Run, place: Location) -> FirstTier | Missing:
        account, region, cache = place.account, place.region, self.cache()
        id_ = or_missing(WHO_AM_I, region, lambda: account.identify(region))
        if isinstance(id_, Missing):
            return id_
        wave = Wave(lambda _: None)
        now = run.started_at
        forwarding = wave.begin(inventory.forwarding, account, region)
        parts = cache(
            f"region:{account.key}:{region}", lambda: region_parts(wave, account, region, now)
        )
        common = cache(f"account:{account.key}", lambda: account_parts(wave, account, region, now))
        return FirstTier(
            place, common, parts, self.accounts.expected(place), now, wave.get(forwarding)
        )

    def _exactly(self, run: Run, chunk: Chunk, place: Location, claim: Claim) -> None:
        began = self.now()
        listed = self.scans.some(run.id, chunk.place, chunk.names)
        expected, cache = self.accounts.expected(place), Apart(self.cache())
        names = tuple(seen.name for seen in listed)
        shared = self.shared.of(run.id)
        batch = Batch(place.account, place.region, names, datetime.now(UTC), shared)

        def check(seen: Seen) -> tuple[str, Seen | None]:
            return seen.name, exactly(place, seen, expected, cache, batch)

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="exact") as pool:
            pending = [pool.submit(carried(check), seen) for seen in listed]
            exact = dict(future.result() for future in pending)
        self.answers.remember(place, exact, began)
        self.scans.advance(claim, run, chunk, exact=exact, ended=True)

    def _recalled(
        self, place: Location, seen: Sequence[Seen], batch: Sequence[Configuration]
    ) -> Sequence[Seen]:
        """With the exact answers of earlier scans that still hold."""
        remembered, now = (
            self.answers.of(place, [one.name for one in seen if one.basis]),
            self.now(),
        )
        holding = {
            one.name: answer
            for one in seen
            if (answer := remembered.get(one.name)) and holds(one, answer, now)
        }
        if not holding:
            return seen
        since = _activity(place, holding, batch, now)
        agreeing = {n: answer for n, answer in holding.items() if agrees(answer, since[n])}
        return [
            taken_over(one, agreeing[one.name]) if one.name in agreeing else one for one in seen
        ]

    def _give_up(self, run: Run, chunk: Chunk, place: Location, claim: Claim, why: Missing) -> None:
        self.scans.advance(claim, run, chunk, unreadable=(_unreadable(place, why),), ended=True)


def place_of(accounts: Accounts, run: Run, number: int) -> Location:
    """
    The run's place of that number; NotConfigured where its name is gone or means another role.

    A run may be older than the settings of the process that works on it.
    """
    name, region = run.places[number]
    if name is not None and run.roles and run.roles[number] != accounts.role(name):
        raise NotConfigured(name)
    return accounts.location(name, region, run.by)


def _activity(
    place: Location,
    answers: Mapping[str, Seen],
    batch: Sequence[Configuration],
    now: datetime,
) -> Mapping[str, inventory.Activity | Missing]:
    """By name, what happened since the oldest of the answers."""
    groups = {
        configured.function.name: configured.log_group
        for configured in batch
        if configured.function.name in answers
    }
    since = min(answer.checked_before or now for answer in answers.values())
    read = inventory.activity(place.account, place.region, groups, since, now)
    return dict.fromkeys(answers, read) if isinstance(read, Missing) else read


def _setups(place: Location, batch: Sequence[Configuration]) -> tuple[str, Mapping[str, Setup]]:
    """What the listing shows of the functions' setups, and of which place."""
    shown = {
        one.function.name: setup
        for one in batch
        if (setup := setup_of(one.function, one.environment, NOT_READ))
    }
    return place_key(place.account.key, place.account.id, place.region), shown


def _partly_hidden(place: Location, tier: FirstTier) -> tuple[Unreadable, ...]:
    """Without the subscription filters of all functions the first tier sees less."""
    hidden = tier.forwarding
    return (_unreadable(place, hidden),) if isinstance(hidden, Missing) else ()


def _unreadable(place: Location, why: Missing) -> Unreadable:
    return Unreadable(place.account.id or "unknown", place.region, why.why)


def _batches(
    place: Location, marker: str | None, prefix: str
) -> Iterator[tuple[list[Configuration] | Missing, str | None]]:
    """Of one GetMetricData call each, with where the next one begins; None after the last."""
    batch: list[Configuration] = []
    while True:
        read = partial(inventory.page, place.account, place.region, marker)
        listed = or_missing(LIST_FUNCTIONS, place.region, read)
        if isinstance(listed, Missing):
            yield listed, None
            return
        page, following = listed
        marker = following if following != marker else None
        batch += [function for function in page if function.function.name.startswith(prefix)]
        if marker is None:
            yield batch, None
            return
        if len(batch) > inventory.AT_ONCE - PAGE:
            yield batch, marker
            batch = []
