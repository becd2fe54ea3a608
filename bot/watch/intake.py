"""
Events on their way into deployments.

An event is stored before its message is deleted, and known by its id, so a message that comes
twice, or comes again because its worker died, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from bot.errors import SlsdiagError
from bot.observability.metrics import WATCH_DROPPED, WATCH_EVENTS
from bot.store.events import Events
from bot.watch.grouping import begun, by_place, claimed, home_of, joined, with_repairs
from bot.watch.model import Change, Deploy
from bot.watch.repository import Deploys

ATTEMPTS = 100
"""Each fails only because another worker saved meanwhile."""


class Crowded(SlsdiagError):
    """Too many workers save at once: the events come again."""


@dataclass(frozen=True)
class Intake:
    """Its dependencies are passed in."""

    deploys: Deploys
    events: Events
    settle: timedelta
    now: Callable[[], datetime]

    def take(self, changes: Sequence[Change]) -> int:
        """Store them; how many were new. Raises Crowded, or the store's errors."""
        count = 0
        for place, some in by_place(changes).items():
            new = self.events.new(place, [change.id for change in some])
            fresh = list({change.id: change for change in some if change.id in new}.values())
            self._store(place, fresh)
            self.events.taken(place, [change.id for change in some], self.now())
            for change in fresh:
                WATCH_EVENTS.labels(change.source.value).inc()
            self.drop(place, "doubled", len(some) - len(fresh))
            count += len(fresh)
        return count

    def drop(self, place: str, reason: str, count: int = 1) -> None:
        """So many events led to nothing."""
        if count:
            WATCH_DROPPED.labels(reason).inc(count)
            self.events.drop(place, reason, count, self.now())

    def _store(self, place: str, changes: Sequence[Change]) -> None:
        """What was saved by an attempt that failed later is not changed by the next one."""
        for _ in range(ATTEMPTS):
            known, found = self.deploys.open_in(place)
            before = {deploy.id: deploy for deploy in found}
            if self._saved(before, self._placed(before, changes), known):
                return
        raise Crowded("Events of one place could not be stored: too much is saved at once.")

    def _placed(self, before: dict[str, Deploy], changes: Sequence[Change]) -> dict[str, Deploy]:
        now, after = self.now(), dict(before)
        for change in changes:
            home = home_of(change, after.values())
            if home:
                home = joined(home, change, now, self.settle)
            else:
                home = begun(token_hex(6), change, now, self.settle)
            home = with_repairs(home, change, after.values())
            others = {id_: it for id_, it in after.items() if it.rows and id_ != home.id}
            after |= {id_: claimed(it, change) for id_, it in others.items()}
            after[home.id] = home
        return after

    def _saved(self, before: dict[str, Deploy], after: dict[str, Deploy], known: list[str]) -> bool:
        """New ones first: what they take from others must not be lost between the two."""
        for deploy in (it for id_, it in after.items() if id_ not in before):
            if not self.deploys.add(deploy, known):
                return False
            known.append(deploy.id)
        changed = (it for id_, it in after.items() if it != before.get(id_, it))
        return all(self.deploys.save(deploy, claim=None) for deploy in changed)
