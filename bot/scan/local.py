"""
A whole scan in one process: all places at once, then the functions to check exactly.

Each account and region has token buckets of its own, so that places do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock

from bot.aws.errors import or_missing
from bot.aws.evidence import inventory
from bot.aws.evidence.account import AccountParts, account_parts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.once import Once
from bot.aws.evidence.region import RegionParts, region_parts
from bot.aws.locate import Location, account_number
from bot.aws.operations import LIST_FUNCTIONS
from bot.aws.parallel import Wave
from bot.observability.tracing import carried
from bot.scan.model import Scan, Seen, Unreadable
from bot.scan.owners import owners
from bot.scan.prefetch import one_ahead
from bot.scan.selection import duration_of, room, to_verify
from bot.scan.survey import FirstTier
from bot.scan.verify import all_exactly
from checks.evidence import Expected, Missing

PLACES_AT_ONCE = 32
EXACT_IN_A_PLACE = 6
"""Looks at once in one account and region: more than its slowest quota lets through."""
EXACT_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is; `suspicious`, how many to check exactly, is None until the first tier is through."""

    seen: int = 0
    verified: int = 0
    suspicious: int | None = None
    seconds: float = 0.0
    """In which AWS's rates allow to check these."""


@dataclass
class Scanner:
    """One scan. `on_progress` is called at each step of it, from any thread."""

    places: Sequence[Location]
    expected: Callable[[Location], Expected]
    prefix: str = ""
    on_progress: Callable[[Progress], None] = lambda _: None
    regions: Sequence[str] = ()
    """Those of the places, for people."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _seen: dict[tuple[int, str], Seen] = field(default_factory=dict)
    _unreadable: list[Unreadable] = field(default_factory=list)
    _left: int = 0
    _cache: Once = field(default_factory=Once)
    _lock: Lock = field(default_factory=Lock)
    _progress: Progress = Progress()

    def first(self) -> None:
        """See every function once, by calls per page."""
        with ThreadPoolExecutor(min(len(self.places), PLACES_AT_ONCE)) as pool:
            numbers = range(len(self.places))
            for place in [pool.submit(carried(self._place), number) for number in numbers]:
                place.result()

    def verify(self) -> None:
        """Check exactly what `selection` says, the most suspicious of each place first."""
        share = self.places[0].account.rates.share if self.places else 0.0
        work, self._left = to_verify(self._seen, room(share), self.now)
        seconds = duration_of(work, share)
        self._progress = replace(self._progress, suspicious=len(work), seconds=seconds)
        self._progressed()
        busy = len({number for number, _ in work})

        def done(number: int, seen: Seen, exact: Seen | None) -> None:
            with self._lock:
                if exact is None:
                    del self._seen[number, seen.name]
                else:
                    self._seen[number, seen.name] = exact
            self._progressed(verified=1)

        at_once = min(busy * EXACT_IN_A_PLACE, EXACT_AT_ONCE)
        all_exactly(work, self._opened, self._cache, at_once, done)

    def _opened(self, number: int) -> tuple[Location, Expected]:
        place = self.places[number]
        return place, self.expected(place)

    def read_owners(self, tag: str) -> None:
        """Whose the functions are, by that tag."""
        with self._lock:
            functions = dict(self._seen)
        found = owners(functions, self.places.__getitem__, tag)
        with self._lock:
            for key, owner in found.items():
                self._seen[key] = replace(self._seen[key], owner=owner)

    def result(self) -> Scan:
        """What is known now."""
        with self._lock:
            return Scan(
                self.now,
                tuple(self._seen.values()),
                tuple(self._unreadable),
                len(self.places),
                self._left,
            )

    def _place(self, number: int) -> None:
        place = self.places[number]
        missing = or_missing(LIST_FUNCTIONS, place.region, lambda: self._first(number, place))
        if missing:
            self._note_unreadable(place, missing)

    def _first(self, number: int, place: Location) -> None:
        wave = Wave(lambda _: None)
        forwarding = wave.begin(inventory.forwarding, place.account, place.region)
        parts = wave.begin(self._parts, place)
        tier: FirstTier | None = None
        listed = inventory.functions(place.account, place.region)
        for batch in one_ahead(_batches(listed, self.prefix)):
            if tier is None:
                account, region = parts.result()
                forwards = wave.get(forwarding)
                tier = FirstTier(place, account, region, self.expected(place), self.now, forwards)
                if isinstance(forwards, Missing):
                    self._note_unreadable(place, forwards)
            seen = list(tier.seen(batch))
            with self._lock:
                self._seen.update(((number, function.name), function) for function in seen)
            self._progressed(seen=len(seen))

    def _parts(self, place: Location) -> tuple[AccountParts, RegionParts]:
        account, region, now = place.account, place.region, self.now
        wave = Wave(lambda _: None)
        account.identify(region)
        of_region = wave.begin(
            lambda: self._cache(
                f"region:{account.key}:{region}", lambda: region_parts(wave, account, region, now)
            )
        )
        of_account: AccountParts = self._cache(
            f"account:{account.key}", lambda: account_parts(wave, account, region, now)
        )
        return of_account, of_region.result()

    def _note_unreadable(self, place: Location, missing: Missing) -> None:
        denied = missing.action is not None
        unreadable = Unreadable(account_number(place), place.region, missing.why, denied)
        with self._lock:
            self._unreadable.append(unreadable)

    def _progressed(self, seen: int = 0, verified: int = 0) -> None:
        """By so many more."""
        with self._lock:
            was = self._progress
            self._progress = replace(was, seen=was.seen + seen, verified=was.verified + verified)
        self.on_progress(self._progress)


def _batches(pages: Iterable[list[Configuration]], prefix: str) -> Iterator[list[Configuration]]:
    """Of one GetMetricData call each."""
    batch: list[Configuration] = []
    for page in pages:
        batch += [configured for configured in page if configured.function.name.startswith(prefix)]
        while len(batch) >= inventory.AT_ONCE:
            yield batch[: inventory.AT_ONCE]
            batch = batch[inventory.AT_ONCE :]
    if batch:
        yield batch
