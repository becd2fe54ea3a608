"""The second tier: functions that are checked exactly, by the same check as one of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, TypeVar

from bot.aws.evidence.gather import gather
from bot.aws.evidence.request import Cache, FunctionRequest
from bot.aws.locate import Location
from bot.aws.parallel import GivenUp, raise_if_given_up
from bot.errors import NoSuchFunction, SlsdiagError
from bot.observability.tracing import carried
from bot.scan.judgment import kind_of, nameless
from bot.scan.memory import is_proved
from bot.scan.model import NEWS, Seen
from checks.evidence import Expected, Missing
from checks.runbook import walk

T = TypeVar("T")


class Once:
    """A `Cache` of bot/aws/evidence/request.py: the parts of account and region are read once a scan."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._read: dict[str, Future[Any]] = {}
        self._lock = Lock()

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """A function's own parts are read every time."""
        if key.startswith("function:"):
            return read()
        mine: Future[Any] = Future()
        with self._lock:
            reading = self._read.setdefault(key, mine)
        if reading is mine:
            try:
                mine.set_result(read())
            except BaseException as error:  # noqa: BLE001 - raised by result() to all who wait
                if isinstance(error, GivenUp):
                    del self._read[key]
                mine.set_exception(error)
        try:
            given: T = reading.result()
        except GivenUp:  # by whoever began it earlier
            if reading is mine:
                raise
            raise_if_given_up()
            return self(key, read)
        return given


def exactly(place: Location, seen: Seen, expected: Expected, cache: Cache) -> Seen | None:
    """By a whole check; None when it is gone meanwhile, as it was where it may not be read."""
    request = FunctionRequest(place.account, place.region, seen.ref, datetime.now(UTC))
    try:
        evidence = gather(request, expected=expected, answers={}, cache=cache)
    except NoSuchFunction:
        return None
    except SlsdiagError:
        if not seen.suspicious:  # what the first tier says of it still holds
            return seen
        return Seen(seen.name, seen.region, seen.account, "undetermined", invoked=seen.invoked)
    report = walk(evidence)
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

    def one(item: tuple[int, Seen]) -> None:
        number, seen = item
        place, expected = opened(number)
        done(number, seen, exactly(place, seen, expected, cache))

    with ThreadPoolExecutor(max(1, at_once), thread_name_prefix="exact") as pool:
        for checked in [pool.submit(carried(one), item) for item in work]:
            checked.result()
