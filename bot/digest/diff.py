"""
What changed between what a digest has reported and what a scan sees. Pure.

A function's state is "down CAUSE", "blind CAUSE", "clear" or "flapping"; it is news when it is another one
than was reported last. memory.py says what a scan proves about a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digest.memory import CALM, bounded, hidden_places, updated
from bot.digest.model import CAUSE, FUNCTION, FunctionState, Key, Snooze
from bot.scan.model import Scan

FLAPS = 3
"""Changes from which a function flaps: blind, clear, blind, clear."""
Place = tuple[str, str]
"""An account and a region."""
CLEAR, FLAPPING, WOKEN = "clear", "flapping", "woken"
BLIND, DOWN = "blind", "down"


@dataclass(frozen=True, slots=True)
class Diff:
    """Each function stands in one of the first seven, or in none."""

    new: tuple[FunctionState, ...] = ()
    moved: tuple[FunctionState, ...] = ()
    """Blind as before, for another cause."""
    worse: tuple[FunctionState, ...] = ()
    """Down now, and only blind before."""
    woken: tuple[FunctionState, ...] = ()
    """Still blind, and its snooze is over."""
    fixed: tuple[FunctionState, ...] = ()
    flapping: tuple[FunctionState, ...] = ()
    still: tuple[FunctionState, ...] = ()
    """Blind, as reported before."""
    snoozed: tuple[FunctionState, ...] = ()
    unsure: tuple[tuple[FunctionState, str], ...] = ()
    """Counted as blind, because nothing proves otherwise; and why that is not sure."""
    newly_hidden: tuple[Place, ...] = ()
    """Accounts and regions that cannot be read since the last scan."""
    read_again: tuple[Place, ...] = ()
    beyond: int = 0
    """Blind functions that are more than is remembered."""
    memory: tuple[FunctionState, ...] = ()
    """What to keep; all news counts as reported."""

    @property
    def has_news(self) -> bool:
        """Whether there is anything to report."""
        worse = self.new or self.moved or self.worse or self.woken
        changed = worse or self.fixed or self.flapping
        return bool(changed or self.newly_hidden or self.read_again)

    @property
    def blind(self) -> int:
        """How many functions are blind now, as far as is known."""
        return sum(function.blind for function in self.memory) + self.beyond

    @property
    def down(self) -> int:
        """How many of these are down."""
        return sum(function.blind and function.down for function in self.memory)


def compare(
    before: Sequence[FunctionState],
    scan: Scan,
    now: datetime,
    *,
    gone: Iterable[Key] = (),
    snoozes: Sequence[Snooze] = (),
    hidden_before: Iterable[Place] = (),
) -> Diff:
    """What is news; `gone` functions are proved to be deleted; places may be `hidden_before`."""
    held, over = _held_and_over(snoozes, now)
    functions, unsure = updated(before, scan, now, set(gone))
    remembered, beyond = bounded((_woken(function, over) for function in functions), now)
    newly_hidden, read_again = _places_changed(set(hidden_before), set(hidden_places(scan)))
    return Diff(
        **_grouped(remembered, held, now),
        unsure=tuple((function, why) for function, why in unsure if not _held(function, held)),
        newly_hidden=newly_hidden,
        read_again=read_again,
        beyond=beyond,
        memory=tuple(_with_posted_state(function, held, now) for function in remembered),
    )


def state(function: FunctionState, now: datetime) -> str:
    """As it is reported."""
    if function.flaps >= FLAPS and now - function.changed < CALM:
        return FLAPPING
    if not function.blind:
        return CLEAR
    return f"{DOWN if function.down else BLIND} {function.cause}"


def _held_and_over(snoozes: Sequence[Snooze], now: datetime) -> tuple[list[Snooze], list[Snooze]]:
    return [it for it in snoozes if it.until > now], [it for it in snoozes if it.until <= now]


def _places_changed(before: set[Place], now: set[Place]) -> tuple[tuple[Place, ...], ...]:
    """Those that can no longer be read, and those that can be read again."""
    return tuple(sorted(now - before)), tuple(sorted(before - now))


def _grouped(
    remembered: Iterable[FunctionState], held: Sequence[Snooze], now: datetime
) -> dict[str, tuple[FunctionState, ...]]:
    """By the field of `Diff`, without what is no news and not blind."""
    groups: dict[str, list[FunctionState]] = {}
    for function in remembered:
        groups.setdefault(_group(function, held, now), []).append(function)
    return {name: tuple(functions) for name, functions in groups.items() if name}


def _group(function: FunctionState, held: Sequence[Snooze], now: datetime) -> str:
    """The field of `Diff`; "" for what is no news and not blind."""
    if _held(function, held):
        return "snoozed" if function.blind else ""
    is_ = state(function, now)
    if is_ == function.told:
        return "still" if function.blind else ""
    if is_ == FLAPPING:
        return "flapping"
    if not function.blind:
        return "fixed" if function.told else ""
    if function.told == WOKEN:
        return "woken"
    if not _reported_blind(function):
        return "new"
    return "worse" if function.down and function.told.startswith(BLIND) else "moved"


def _reported_blind(function: FunctionState) -> bool:
    return function.told.startswith((BLIND, DOWN))


def _with_posted_state(
    function: FunctionState, held: Sequence[Snooze], now: datetime
) -> FunctionState:
    return function if _held(function, held) else replace(function, told=state(function, now))


def _held(function: FunctionState, snoozes: Iterable[Snooze]) -> bool:
    about = {f"{CAUSE}{function.cause}", function_key(function)}
    return any(snooze.what in about for snooze in snoozes)


def _woken(function: FunctionState, over: Sequence[Snooze]) -> FunctionState:
    """What a snooze that is over held back is news again."""
    wakes = function.blind and _reported_blind(function) and _held(function, over)
    return replace(function, told=WOKEN) if wakes else function


def function_key(function: FunctionState) -> str:
    """As a snooze names it."""
    return f"{FUNCTION}{function.ref.key}"
