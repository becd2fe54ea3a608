"""
What a digest remembers of each function, and what a scan proves about it. Pure.

Only proof changes a state: what could not be read, or was not seen well enough, keeps its own
and is reported as unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest.model import FunctionState, Key
from bot.scan.model import ProblemClass, Scan, Seen

CALM = timedelta(days=7)
"""A state that lasted so long does not flap."""
LATE = timedelta(minutes=15)
"""A check may miss what was logged so shortly before it."""
REMEMBERED = timedelta(days=30)
"""A function of which nothing was proved for so long is forgotten."""
MOST = 5_000
"""Functions that one digest remembers."""
_WELL = {"healthy": "healthy", "notice": "healthy"}
_REMOVED_BEFORE = "not instrumented"
"""How an older release ended what had lost its instrumentation."""
UNREAD, UNVERIFIED = "its account or region could not be read", "not verified"
NO_PAYLOAD_SINCE = "no payload since it was seen blind"


def doubtful(memory: Iterable[FunctionState], scan: Scan) -> list[Seen]:
    """Blind when last seen, and now not proved to be anything: worth an exact look."""
    seen = _by_key(scan.seen)
    doubted = []
    for function in memory:
        now = seen.get(function.key)
        if (
            not function.blind
            or (now and _decided(now))
            or (not now and _unreadable(function, scan))
        ):
            continue
        doubted.append(
            now or Seen(function.name, function.region, function.account, "undetermined")
        )
    return doubted


def _decided(seen: Seen) -> bool:
    """Whether an exact check would show no more; of a bare one it may show who removed the SDK."""
    return seen.exact or seen.kind not in {None, ProblemClass.NOT_INSTRUMENTED}


def looked_again(scan: Scan, exact: Mapping[Key, Seen | None]) -> Scan:
    """`scan` with what exact looks gave; None is a function that is gone."""
    seen = {
        key: function for key, function in _by_key(scan.seen).items() if exact.get(key, function)
    }
    seen |= {key: function for key, function in exact.items() if function}
    return replace(scan, seen=tuple(seen.values()))


def hidden_places(scan: Scan) -> tuple[tuple[str, str], ...]:
    """Account and region of what could not be read, or not all of it."""
    return tuple(sorted({(place.account, place.region) for place in scan.unreadable}))


def as_posted_before(
    memory: Iterable[FunctionState], before: Iterable[FunctionState]
) -> tuple[FunctionState, ...]:
    """`memory`, with the state of each function that `before` says was posted."""
    posted = {function.key: function.told for function in before}
    return tuple(replace(function, told=posted.get(function.key, "")) for function in memory)


def updated(
    before: Sequence[FunctionState], scan: Scan, now: datetime, gone: set[Key]
) -> tuple[list[FunctionState], list[tuple[FunctionState, str]]]:
    memory = {function.key: function for function in before}
    seen = {key: _remembering(it, memory.get(key)) for key, it in _by_key(scan.seen).items()}
    unsure = []
    for key, function in memory.items():
        ended = "gone" if key in gone else _ended(function, seen.get(key))
        if ended and function.blind:
            flaps = _flaps(function, now)
            memory[key] = replace(
                function, blind=False, changed=now, seen=now, flaps=flaps, ended=ended
            )
        elif function.blind and not ended and not _is_blind(seen.get(key)):
            unsure.append((function, _why(function, seen.get(key), scan)))
    for key, current in seen.items():
        if _is_blind(current):
            memory[key] = _blind(memory.get(key), current, now)
    return list(memory.values()), unsure


def _remembering(seen: Seen, function: FunctionState | None) -> Seen:
    """What was blind was instrumented: with no sign of that left it is blind, not bare."""
    bare = seen.kind is ProblemClass.NOT_INSTRUMENTED
    if bare and function and function.ended != _REMOVED_BEFORE:
        return replace(seen, kind=ProblemClass.BLIND)
    return seen


def _blind(function: FunctionState | None, seen: Seen, now: datetime) -> FunctionState:
    place, cause = (seen.account, seen.region, seen.name), seen.cause or ""
    if function is None:
        new = FunctionState(*place, cause, now, now, now, owner=seen.owner)
        return _with_cause(new, seen)
    if not function.blind:
        again = FunctionState(*place, cause, now, now, now, owner=seen.owner)
        flaps = _flaps(function, now)
        return _with_cause(replace(again, flaps=flaps, told=function.told), seen)
    function = replace(function, seen=now, owner=seen.owner or function.owner)
    return function if function.exact and not seen.exact else _with_cause(function, seen)


def _with_cause(function: FunctionState, seen: Seen) -> FunctionState:
    down = seen.kind is ProblemClass.DOWN
    return replace(
        function, cause=seen.cause or "", exact=seen.exact, down=down, headline=seen.headline
    )


def _flaps(function: FunctionState, now: datetime) -> int:
    return function.flaps + 1 if now - function.changed < CALM else 1


def _why(function: FunctionState, seen: Seen | None, scan: Scan) -> str:
    if seen is None and _unreadable(function, scan):
        return UNREAD
    if seen and seen.exact:
        return NO_PAYLOAD_SINCE if _old_payload(function, seen) else f"now {seen.verdict}"
    return UNVERIFIED


def _ended(function: FunctionState, seen: Seen | None) -> str | None:
    """Why a function is proved not to be blind; None where it is not proved."""
    if seen is None or _is_blind(seen) or _old_payload(function, seen):
        return None
    if seen.kind:
        return "quiet"
    return _WELL.get(seen.verdict) if seen.exact else None


def _old_payload(function: FunctionState, seen: Seen) -> bool:
    """All that it logged is from before it was last seen blind, so nothing shows that it reports."""
    well = seen.exact and seen.verdict in _WELL
    return well and seen.reported_at is not None and seen.reported_at < function.seen - LATE


def _is_blind(seen: Seen | None) -> bool:
    return seen is not None and seen.is_news


def _unreadable(function: FunctionState, scan: Scan) -> bool:
    """An account that could not be identified may be any."""
    return any(
        place.region == function.region
        and (place.account == function.account or not place.account.isdigit())
        for place in scan.unreadable
    )


def bounded(memory: Iterable[FunctionState], now: datetime) -> tuple[list[FunctionState], int]:
    """The longest blind first, then what ended last; and how many blind ones do not fit."""
    alive = [function for function in memory if now - function.seen < REMEMBERED]
    alive.sort(key=lambda e: (not e.blind, e.since if e.blind else now - e.changed, e.key))
    return alive[:MOST], sum(function.blind for function in alive[MOST:])


def _by_key(seen: Iterable[Seen]) -> dict[Key, Seen]:
    return {(function.account, function.region, function.name): function for function in seen}
