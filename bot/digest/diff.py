"""
What changed between what a digest has told and what a scan sees. Pure.

A function's state is "blind CAUSE", "clear" or "flapping"; it is news when it is another one
than was told last. Only proof changes a state: what could not be read, or was not seen well
enough, keeps its own and is said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.digest.model import Key, Known, Snooze
from bot.fleet.model import Kind, Scan, Seen

CALM = timedelta(days=7)
"""A state that lasted so long does not flap."""
FLAPS = 3
"""Changes from which a function flaps: blind, clear, blind, clear."""
REMEMBERED = timedelta(days=30)
"""A function of which so long nothing was proved is forgotten."""
MOST = 5_000
"""Functions that one digest remembers."""
CLEAR, FLAPPING, WOKEN = "clear", "flapping", "woken"
_WELL = {"healthy": "healthy", "notice": "healthy"}
_OTHER = {Kind.QUIET: "quiet", Kind.NOT_INSTRUMENTED: "not instrumented"}
UNREAD, UNVERIFIED = "its account or region could not be read", "not verified"


@dataclass(frozen=True, slots=True)
class Diff:
    """Each function stands in one of the first six, or in none."""

    new: tuple[Known, ...] = ()
    moved: tuple[Known, ...] = ()
    """Blind as before, for another cause."""
    woken: tuple[Known, ...] = ()
    """Still blind, and its snooze is over."""
    fixed: tuple[Known, ...] = ()
    flapping: tuple[Known, ...] = ()
    still: tuple[Known, ...] = ()
    """Blind, as it was told."""
    snoozed: tuple[Known, ...] = ()
    unsure: tuple[tuple[Known, str], ...] = ()
    """Counted as blind, because nothing proves otherwise; and why that is not sure."""
    unread: tuple[tuple[str, str], ...] = ()
    """Accounts and regions that cannot be read since the last look."""
    read_again: tuple[tuple[str, str], ...] = ()
    beyond: int = 0
    """Blind functions that are more than is remembered."""
    known: tuple[Known, ...] = ()
    """What to keep; all that is news counts as told."""

    @property
    def news(self) -> bool:
        """Whether there is something to tell."""
        changed = self.new or self.moved or self.woken or self.fixed or self.flapping
        return bool(changed or self.unread or self.read_again)

    @property
    def blind(self) -> int:
        """How many functions are blind now, as far as is known."""
        return sum(each.blind for each in self.known) + self.beyond


def doubtful(known: Iterable[Known], scan: Scan) -> list[Seen]:
    """Blind when last seen, and now not proved to be anything: worth an exact look."""
    seen = _by_key(scan.seen)
    found = []
    for each in known:
        now = seen.get(each.key)
        if not each.blind or (now and (now.exact or now.kind)) or (not now and _unread(each, scan)):
            continue
        found.append(now or Seen(each.name, each.region, each.account, "undetermined"))
    return found


def looked_again(scan: Scan, exact: Mapping[Key, Seen | None]) -> Scan:
    """`scan` with what exact looks gave; None is a function that is gone."""
    seen = {key: each for key, each in _by_key(scan.seen).items() if exact.get(key, each)}
    seen |= {key: each for key, each in exact.items() if each}
    return replace(scan, seen=tuple(seen.values()))


def compare(
    before: Sequence[Known],
    scan: Scan,
    now: datetime,
    *,
    gone: Iterable[Key] = (),
    snoozes: Sequence[Snooze] = (),
    unread: Iterable[tuple[str, str]] = (),
) -> Diff:
    """
    What is news; `gone` are functions that are proved to be there no more.

    Of `snoozes` those that are over wake what they held back; `unread` is what could not be
    read at the last look.
    """
    known, unsure = _updated(before, scan, now, set(gone))
    over = [each for each in snoozes if each.until <= now]
    held = [each for each in snoozes if each.until > now]
    known = [replace(each, told=WOKEN) if _wakes(each, over) else each for each in known]
    kept, beyond = _bounded(known, now)
    groups: dict[str, list[Known]] = {}
    for each in kept:
        groups.setdefault(_group(each, held, now), []).append(each)
    hidden = hidden_places(scan)
    told_before = set(unread)
    return Diff(
        **{name: tuple(found) for name, found in groups.items() if name},
        unsure=tuple((each, why) for each, why in unsure if not _held(each, held)),
        unread=tuple(sorted(set(hidden) - told_before)),
        read_again=tuple(sorted(told_before - set(hidden))),
        beyond=beyond,
        known=tuple(_told(each, held, now) for each in kept),
    )


def hidden_places(scan: Scan) -> tuple[tuple[str, str], ...]:
    """Account and region of what could not be read, or not all of it."""
    return tuple(sorted({(each.account, each.region) for each in scan.unreadable}))


def state(known: Known, now: datetime) -> str:
    """As it is told."""
    if known.flaps >= FLAPS and now - known.changed < CALM:
        return FLAPPING
    return f"blind {known.cause}" if known.blind else CLEAR


def _updated(
    before: Sequence[Known], scan: Scan, now: datetime, gone: set[Key]
) -> tuple[list[Known], list[tuple[Known, str]]]:
    seen = _by_key(scan.seen)
    known = {each.key: each for each in before}
    unsure = []
    for key, each in known.items():
        ended = "gone" if key in gone else _ended(seen.get(key))
        if ended and each.blind:
            flaps = _flaps(each, now)
            known[key] = replace(each, blind=False, changed=now, seen=now, flaps=flaps, ended=ended)
        elif each.blind and not ended and not _is_blind(seen.get(key)):
            unsure.append((each, _why(each, seen.get(key), scan)))
    for key, found in seen.items():
        if _is_blind(found):
            known[key] = _blind(known.get(key), found, now)
    return list(known.values()), unsure


def _blind(known: Known | None, seen: Seen, now: datetime) -> Known:
    place, cause = (seen.account, seen.region, seen.name), seen.cause or ""
    if known is None:
        return Known(*place, cause, now, now, now, exact=seen.exact, owner=seen.owner)
    if not known.blind:
        flaps = _flaps(known, now)
        again = Known(*place, cause, now, now, now, exact=seen.exact, owner=seen.owner)
        return replace(again, flaps=flaps, told=known.told)
    known = replace(known, seen=now, owner=seen.owner or known.owner)
    if cause == known.cause or (known.exact and not seen.exact):
        return replace(known, exact=known.exact or seen.exact)
    return replace(known, cause=cause, exact=seen.exact)


def _flaps(known: Known, now: datetime) -> int:
    return known.flaps + 1 if now - known.changed < CALM else 1


def _why(known: Known, seen: Seen | None, scan: Scan) -> str:
    if seen is None and _unread(known, scan):
        return UNREAD
    return f"now {seen.verdict}" if seen and seen.exact else UNVERIFIED


def _ended(seen: Seen | None) -> str | None:
    """Why a function is proved not to be blind; None where it is not proved."""
    if seen is None or _is_blind(seen):
        return None
    if seen.kind:
        return _OTHER[seen.kind]
    return _WELL.get(seen.verdict) if seen.exact else None


def _is_blind(seen: Seen | None) -> bool:
    return seen is not None and seen.kind is Kind.BLIND


def _unread(known: Known, scan: Scan) -> bool:
    """An account that could not be identified may be any."""
    return any(
        each.region == known.region
        and (each.account == known.account or not each.account.isdigit())
        for each in scan.unreadable
    )


def _bounded(known: Iterable[Known], now: datetime) -> tuple[list[Known], int]:
    """The longest blind first, then what ended last; and how many blind ones do not fit."""
    alive = [each for each in known if now - each.seen < REMEMBERED]
    alive.sort(key=lambda e: (not e.blind, e.since if e.blind else now - e.changed, e.key))
    return alive[:MOST], sum(each.blind for each in alive[MOST:])


def _group(known: Known, held: Sequence[Snooze], now: datetime) -> str:
    """The field of `Diff`; "" for what is no news and not blind."""
    if _held(known, held):
        return "snoozed" if known.blind else ""
    is_ = state(known, now)
    if is_ == known.told:
        return "still" if known.blind else ""
    if is_ == FLAPPING:
        return "flapping"
    if not known.blind:
        return "fixed" if known.told else ""
    if known.told == WOKEN:
        return "woken"
    return "moved" if known.told.startswith("blind") else "new"


def _told(known: Known, held: Sequence[Snooze], now: datetime) -> Known:
    return known if _held(known, held) else replace(known, told=state(known, now))


def _held(known: Known, snoozes: Iterable[Snooze]) -> bool:
    about = {f"cause:{known.cause}", function(known)}
    return any(each.what in about for each in snoozes)


def _wakes(known: Known, over: Sequence[Snooze]) -> bool:
    return known.blind and known.told.startswith("blind") and _held(known, over)


def function(known: Known) -> str:
    """As a snooze names it."""
    return f"function:{'/'.join(known.key)}"


def _by_key(seen: Iterable[Seen]) -> dict[Key, Seen]:
    return {(each.account, each.region, each.name): each for each in seen}
