"""
A whole scan in one process: all places at once, then the suspicious functions exactly.

Each account and region has token buckets of its own, so that places do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import inventory
from bot.aws.account_parts import AccountParts, account_parts
from bot.aws.configuration import Configuration
from bot.aws.operations import LIST_FUNCTIONS
from bot.aws.places import Place, account_number
from bot.aws.refusals import GARBLED, failure, garbled, refusal
from bot.aws.region_parts import RegionParts, region_parts
from bot.aws.waves import Wave
from bot.fleet.ahead import one_ahead
from bot.fleet.exact import Once, all_exactly, most_suspicious_first
from bot.fleet.first_tier import FirstTier
from bot.fleet.model import Scan, Seen, Unreadable
from checks.evidence import Expected, Missing

PLACES_AT_ONCE = 32
EXACT_IN_A_PLACE = 6
"""Looks at once in one account and region: more than its slowest quota lets through."""
EXACT_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is; `suspicious` is None until all were seen once."""

    seen: int = 0
    verified: int = 0
    suspicious: int | None = None


@dataclass
class Scanner:
    """One scan. `told` is called at each step of it, from any thread."""

    places: Sequence[Place]
    expected: Callable[[Place], Expected]
    prefix: str = ""
    told: Callable[[Progress], None] = lambda _: None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _seen: dict[tuple[int, str], Seen] = field(default_factory=dict)
    _unreadable: list[Unreadable] = field(default_factory=list)
    _keep: Once = field(default_factory=Once)
    _lock: Lock = field(default_factory=Lock)
    _progress: Progress = Progress()

    def first(self) -> None:
        """See every function once, by calls per page."""
        with ThreadPoolExecutor(min(len(self.places), PLACES_AT_ONCE)) as pool:
            list(pool.map(self._place, range(len(self.places))))

    def verify(self) -> None:
        """See the suspicious ones exactly, the most suspicious of each place first."""
        queues = [
            [
                (number, each)
                for each in most_suspicious_first(
                    [seen for (place, _), seen in self._seen.items() if place == number]
                )
            ]
            for number in range(len(self.places))
        ]
        work = list(_in_turn(queues))
        self._tell(suspicious=len(work))
        busy = sum(bool(queue) for queue in queues)

        def done(number: int, seen: Seen, exact: Seen | None) -> None:
            with self._lock:
                if exact is None:
                    del self._seen[number, seen.name]
                else:
                    self._seen[number, seen.name] = exact
            self._tell(verified=self._progress.verified + 1)

        items = [
            (self.places[number], seen, self.expected(self.places[number]), number)
            for number, seen in work
        ]
        all_exactly(items, self._keep, min(busy * EXACT_IN_A_PLACE, EXACT_AT_ONCE), done)

    def result(self) -> Scan:
        """What is known now."""
        with self._lock:
            return Scan(
                self.now, tuple(self._seen.values()), tuple(self._unreadable), len(self.places)
            )

    def _place(self, number: int) -> None:
        place = self.places[number]
        try:
            self._first(number, place)
        except ClientError as error:
            self._unread(place, refusal(error, LIST_FUNCTIONS, place.region))
        except BotoCoreError as error:
            self._unread(place, failure(error, LIST_FUNCTIONS, place.region))
        except GARBLED:
            self._unread(place, garbled(LIST_FUNCTIONS, place.region))

    def _first(self, number: int, place: Place) -> None:
        wave = Wave(lambda _: None)
        forwarding = wave.begin(lambda: inventory.forwarding(place.account, place.region))
        parts = wave.begin(lambda: self._parts(place))
        tier: FirstTier | None = None
        listed = inventory.functions(place.account, place.region)
        for batch in one_ahead(_batches(listed, self.prefix)):
            if tier is None:
                account, region = parts.result()
                found = wave.get(forwarding)
                tier = FirstTier(place, account, region, self.expected(place), self.now, found)
                if isinstance(found, Missing):
                    self._unread(place, found)
            seen = list(tier.seen(batch))
            with self._lock:
                self._seen.update(((number, each.name), each) for each in seen)
            self._tell(seen=self._progress.seen + len(seen))

    def _parts(self, place: Place) -> tuple[AccountParts, RegionParts]:
        account, region, now = place.account, place.region, self.now
        wave = Wave(lambda _: None)
        id_ = account.identify(region)
        of_region = wave.begin(
            lambda: self._keep(
                f"region:{id_}:{region}", lambda: region_parts(wave, account, region, now)
            )
        )
        of_account: AccountParts = self._keep(
            f"account:{id_}", lambda: account_parts(wave, account, region, now)
        )
        return of_account, of_region.result()

    def _unread(self, place: Place, missing: Missing) -> None:
        denied = missing.action is not None
        told = Unreadable(account_number(place), place.region, missing.why, denied)
        with self._lock:
            self._unreadable.append(told)

    def _tell(self, **changes: int) -> None:
        with self._lock:
            known = self._progress
            self._progress = Progress(
                changes.get("seen", known.seen),
                changes.get("verified", known.verified),
                changes.get("suspicious", known.suspicious),
            )
        self.told(self._progress)


def _batches(pages: Iterable[list[Configuration]], prefix: str) -> Iterator[list[Configuration]]:
    """Of one GetMetricData call each."""
    batch: list[Configuration] = []
    for page in pages:
        batch += [each for each in page if each.function.name.startswith(prefix)]
        while len(batch) >= inventory.AT_ONCE:
            yield batch[: inventory.AT_ONCE]
            batch = batch[inventory.AT_ONCE :]
    if batch:
        yield batch


def _in_turn(queues: Sequence[Sequence[tuple[int, Seen]]]) -> Iterator[tuple[int, Seen]]:
    """One of each place after the other, so that no quota stands idle while another is full."""
    longest = max(map(len, queues), default=0)
    for position in range(longest):
        for queue in queues:
            if position < len(queue):
                yield queue[position]
