"""
What was broken before a channel began to watch: a scan, so that only what breaks later is news.

Without it nothing is missed: what is found broken, and was not known to be, is news.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import SlsdiagError
from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen
from bot.store.due import WATCH, Due, Leases
from bot.watch.model import Kind, State, Watch, watch_id
from bot.watch.repository import States, Watches

RECHECK = timedelta(minutes=5)
"""A scan that is lost is asked for again after this."""
_KINDS = {ProblemClass.DOWN: Kind.DOWN, ProblemClass.BLIND: Kind.BLIND}
_WELL = frozenset({"healthy", "notice", UNVERIFIED})


class Scans(Protocol):
    """Of the fleet, as far as a watch needs them."""

    def request(self, channel: str, prefix: str, waiter: tuple[str, str], by: str | None) -> str:
        """The id of a scan under way, of one that ended lately, or of a new one."""

    def result(self, id_: str, channel: str) -> Scan | None:
        """As far as `channel` may see it; None while it is under way, or where it is lost."""


@dataclass(frozen=True)
class Baseline:
    """What was broken before a channel began to watch, by a scan. Its dependencies are passed in."""

    watches: Watches
    states: States
    scans: Scans
    due: Due
    leases: Leases
    now: Callable[[], datetime]

    def run(self, id_: str) -> None:
        """Ask for the scan, or take what it saw; the scan's end makes this due again."""
        with self.leases.claimed(WATCH, id_) as claim:
            if claim is None:
                return
            watch = next((watch for watch in self.watches.all() if watch_id(watch) == id_), None)
            scan = self._scan(watch) if watch else None
            if scan:
                self._take(scan)
            if scan or watch is None:
                self.due.finish(claim)
            else:
                self.due.renew(claim, RECHECK)

    def _scan(self, watch: Watch) -> Scan | None:
        """None while it is under way; where there can be none, every broken function is news."""
        try:
            id_ = self.scans.request(
                watch.channel, watch.prefix, (WATCH, watch_id(watch)), watch.by
            )
            return self.scans.result(id_, watch.channel)
        except SlsdiagError:
            return Scan(self.now(), (), ())

    def _take(self, scan: Scan) -> None:
        places: dict[str, dict[str, State]] = {}
        for seen in scan.seen:
            kind = _kind_of(seen)
            if kind:
                place = places.setdefault(f"{seen.account}/{seen.region}", {})
                place[seen.name] = State(kind, scan.checked_at)
        for place_name, states in places.items():
            self.states.begin(place_name, states)


def _kind_of(seen: Seen) -> Kind | None:
    """What is known of a function, before anything of it was an event."""
    if seen.kind:
        return _KINDS.get(seen.kind, Kind.OTHER)
    return Kind.REPORTING if seen.verdict in _WELL else None
