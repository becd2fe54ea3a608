"""The second look: suspicious functions by the same look as one check's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, TypeVar

from bot.aws.asked import Asked, Keep
from bot.aws.evidence import gather
from bot.aws.places import Place
from bot.errors import NoSuchFunction, SlsdiagError
from bot.fleet.first_tier import kind_of
from bot.fleet.model import Kind, Seen
from checks.evidence import Expected
from checks.runbook import walk

T = TypeVar("T")


class Once:
    """A `Keep` of bot/aws/asked.py: the parts of account and region are read once a scan."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._read: dict[str, Future[Any]] = {}
        self._lock = Lock()

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """A function's own parts are always read anew."""
        if key.startswith("function:"):
            return read()
        mine: Future[Any] = Future()
        with self._lock:
            kept = self._read.setdefault(key, mine)
        if kept is mine:
            try:
                mine.set_result(read())
            except BaseException as error:  # noqa: BLE001 - raised by result() to all who wait
                mine.set_exception(error)
        given: T = kept.result()
        return given


def exactly(place: Place, seen: Seen, expected: Expected, keep: Keep) -> Seen | None:
    """By one check's look; None when it is gone meanwhile, as it was where it may not be read."""
    asked = Asked(place.account, place.region, seen.name, None, datetime.now(UTC))
    try:
        evidence = gather(asked, expected=expected, answers={}, keep=keep)
    except NoSuchFunction:
        return None
    except SlsdiagError:
        return replace(seen, verdict="undetermined", cause=None, kind=None)
    report = walk(evidence)
    kind = kind_of(report, evidence)
    saw = report.summary if kind is Kind.BLIND else None
    verdict, cause = report.verdict.value, report.cause
    return replace(seen, verdict=verdict, cause=cause, kind=kind, exact=True, saw=saw)


def most_suspicious_first(seen: Sequence[Seen]) -> list[Seen]:
    """Blind ones before doubtful ones, the busiest first."""
    suspicious = [each for each in seen if each.suspicious]
    return sorted(suspicious, key=lambda each: (each.kind is not Kind.BLIND, -each.invoked))


def all_exactly(
    work: Sequence[tuple[Place, Seen, Expected, int]],
    keep: Once,
    at_once: int,
    done: Callable[[int, Seen, Seen | None], None],
) -> None:
    """Each of them, so many at once; `done` is told of each, with its number, in no order."""

    def one(item: tuple[Place, Seen, Expected, int]) -> None:
        place, seen, expected, number = item
        done(number, seen, exactly(place, seen, expected, keep))

    with ThreadPoolExecutor(max(1, at_once), thread_name_prefix="exact") as pool:
        list(pool.map(one, work))
