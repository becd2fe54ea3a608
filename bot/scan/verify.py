"""The second tier: functions that are checked exactly, by the same check as one of its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Generic, TypeVar

from bot.aws.evidence.batch import MOST, Batch
from bot.aws.evidence.gather import gather
from bot.aws.evidence.once import Once
from bot.aws.evidence.request import Cache, FunctionRequest
from bot.aws.locate import Location
from bot.errors import NoSuchFunction, SlsdiagError
from bot.observability.tracing import carried
from bot.scan.judgment import kind_of, nameless
from bot.scan.memory import is_proved
from bot.scan.model import NEWS, Seen
from checks.evidence import Evidence, Expected, Missing
from checks.report import Report
from checks.runbook import walk

Place = TypeVar("Place", bound=Hashable)
"""By what a place is known: its number in a scan, or account and region."""


def exactly(
    place: Location, seen: Seen, expected: Expected, cache: Cache, batch: Batch
) -> Seen | None:
    """By a whole check; None when it is gone meanwhile, as it was where it may not be read."""
    request = FunctionRequest(place.account, place.region, seen.ref, batch.now, batch)
    try:
        evidence = gather(request, expected=expected, answers={}, cache=cache)
    except NoSuchFunction:
        return None
    except SlsdiagError:
        if not seen.suspicious:  # what the first tier says of it still holds
            return seen
        return Seen(seen.name, seen.region, seen.account, "undetermined", invoked=seen.invoked)
    return _checked(seen, walk(evidence), evidence)


def _checked(seen: Seen, report: Report, evidence: Evidence) -> Seen:
    kind = kind_of(report, evidence)
    return replace(
        seen,
        verdict=report.verdict.value,
        cause=report.cause,
        kind=kind,
        exact=True,
        saw=report.summary if kind in NEWS else None,
        reported_at=None if isinstance(evidence.log, Missing) else evidence.log.last_payload_at,
        impact=report.impact.value if report.impact else None,
        headline=nameless(report.headline, seen.name),
        steady=is_proved(report, evidence),
    )


def all_exactly(
    work: Sequence[tuple[int, Seen]],
    opened: Callable[[int], tuple[Location, Expected]],
    cache: Once,
    at_once: int,
    done: Callable[[int, Seen, Seen | None], None],
) -> None:
    """So many at once, each with its place's number; `done` gets each result, in no order."""
    batches = Batches(work, cache)

    def one(item: tuple[int, Seen]) -> None:
        number, seen = item
        place, expected = opened(number)
        batch = batches.of(number, place, seen.name)
        done(number, seen, exactly(place, seen, expected, cache, batch))

    with ThreadPoolExecutor(max(1, at_once), thread_name_prefix="exact") as pool:
        for checked in [pool.submit(carried(one), item) for item in work]:
            checked.result()


class Batches(Generic[Place]):
    """Each place's functions by the fifty, in their order; a batch begins with its first one."""

    def __init__(self, work: Sequence[tuple[Place, Seen]], of_place: Once) -> None:
        """Calls nothing."""
        self._of_place, self._lock = of_place, Lock()
        self._names: dict[Place, list[str]] = {}
        self._at: dict[tuple[Place, str], int] = {}
        self._begun: dict[tuple[Place, int], Batch] = {}
        for place, seen in work:
            names = self._names.setdefault(place, [])
            self._at[place, seen.name] = len(names) // MOST
            names.append(seen.name)

    def of(self, which: Place, place: Location, name: str) -> Batch:
        """The batch of a function in that place."""
        at = self._at[which, name]
        with self._lock:
            if (which, at) not in self._begun:
                names = tuple(self._names[which][at * MOST : (at + 1) * MOST])
                begun = Batch(place.account, place.region, names, datetime.now(UTC), self._of_place)
                self._begun[which, at] = begun
            return self._begun[which, at]
