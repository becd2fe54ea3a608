"""
What is due for a deployment: its functions are checked, and what is news is posted.

Each run checks as much as a few seconds allow, and saves it: the deployment, the states of its
functions and the messages in one script. So the first message is out while others are still
checked, and its edits follow. What arrives meanwhile is kept: results are put into the newest
version, as far as the functions were not changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.observability.metrics import WATCH_LAG
from bot.scan.model import Seen
from bot.store.due import DEPLOY, ENTRY, Claim, Due, Leases
from bot.store.messages import Entry
from bot.watch.grouping import adopter, adopting, closes_at, with_stack
from bot.watch.messages import Viewers, audiences, gave_up, told
from bot.watch.model import Deploy, News, Row, State
from bot.watch.outcome import Judged, fixed_by_others, judged, learned, told_elsewhere
from bot.watch.repository import Deploys, Moved, States, Watches, state_in

ATTEMPTS = 50
FIRST_SLICE, SLICE = 3.0, 10.0
"""Seconds in which checks are begun: few until something was posted, so that it comes soon."""
FIRST_ROWS = 4
"""Functions that are checked before anything is known: several deployments share AWS's rates."""
YIELD = timedelta(seconds=20)
"""For which what was checked before makes room."""

log = structlog.get_logger(__name__)


class Check(Protocol):
    """
    Exact checks of functions of a place, begun within so many seconds; None for one that is gone.

    Those that there was no time for are not in it.
    """

    def __call__(
        self, deploy: Deploy, rows: Sequence[Row], seconds: float, /
    ) -> Mapping[str, Seen | None]: ...


@dataclass(frozen=True)
class DeployWork:
    """Its dependencies are passed in."""

    deploys: Deploys
    states: States
    watches: Watches
    due: Due
    leases: Leases
    check: Check
    viewers: Viewers
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def run(self, id_: str) -> None:
        """Do what is due for the deployment, if nobody else does."""
        with self.leases.claimed(DEPLOY, id_) as claim:
            if claim is None:
                return
            deploy = self.deploys.load(id_)
            if deploy is None:
                self.due.finish(claim)
                return
            rows = _due(deploy, self.now())
            if rows and self._gave_away(deploy, claim):
                return
            if any(row.tries for row in rows):
                others = self.deploys.open_in(deploy.place)[1]
                deploy, rows = yielding(deploy, rows, others, self.now())
            if all(row.kind is None for row in deploy.rows):
                rows = rows[:FIRST_ROWS]
            seconds = SLICE if deploy.posted else FIRST_SLICE
            seen = self.check(deploy, rows, seconds) if rows else {}
            self._save(deploy, {row.name: row for row in rows}, seen, claim)

    def _gave_away(self, deploy: Deploy, claim: Claim) -> bool:
        """Functions of which nobody said who changed them, to the only deployment of that time."""
        if any(row.tries for row in deploy.rows):
            return False
        for _ in range(ATTEMPTS):
            other = adopter(deploy, self.deploys.open_in(deploy.place)[1])
            if other is None:
                return False
            if self.deploys.save(adopting(other, deploy), claim=None):
                return self.deploys.save(replace(deploy, rows=(), open=False), claim=claim)
        return False

    def give_up(self, claim: Claim) -> None:
        """Its checks failed again and again: that is posted, and none of them is tried again."""
        deploy = self.deploys.load(claim.id)
        if deploy:
            listening = audiences(self.watches.all(), deploy.account, self.viewers)
            rows = tuple(replace(row, due_at=None) for row in deploy.rows)
            entries = gave_up(deploy, listening)
            ended = replace(deploy, rows=rows, open=False)
            if self.deploys.save(ended, claim=claim, moved=Moved(entries=entries)):
                self._send(entries)

    def _save(
        self,
        deploy: Deploy | None,
        checked: Mapping[str, Row],
        seen: Mapping[str, Seen | None],
        claim: Claim,
    ) -> None:
        """Again where something moved meanwhile: results are put into what is stored then."""
        for _ in range(ATTEMPTS):
            if deploy is None:
                return
            concluded = self._concluded(deploy, checked, seen)
            listening = audiences(self.watches.all(), deploy.account, self.viewers)
            posted, entries = told(concluded.deploy, listening)
            moved = Moved(concluded.states, entries, concluded.wakes)
            if self.deploys.save(posted, claim=claim, moved=moved):
                self._observe(deploy, posted)
                self._send(entries)
                return
            deploy = self.deploys.load(deploy.id)
        log.warning("deploy_not_saved", id=claim.id)

    def _concluded(
        self, deploy: Deploy, checked: Mapping[str, Row], seen: Mapping[str, Seen | None]
    ) -> Concluded:
        now = self.now()
        fresh = {row.name for row in deploy.rows if _still(row, checked) and row.name in seen}
        broke = {row.name for row in deploy.rows if row.news is News.BROKE}
        stored = self.states.stored(deploy.place, sorted(fresh | broke))
        states = {name: state_in(text) for name, text in stored.items()}
        results = [
            self._judged(deploy, row, seen[row.name], states[row.name], now)
            if row.name in fresh
            else Judged(learned(row, states.get(row.name)))
            for row in deploy.rows
        ]
        rows = tuple(result.row for result in results)
        after = replace(deploy, rows=rows, open=deploy.open and now < closes_at(deploy))
        others = self.deploys.open_in(deploy.place)[1]
        after = with_stack(fixed_by_others(after, others), others)
        proved = {it.row.name: (stored[it.row.name], it.state) for it in results if it.state}
        return Concluded(after, proved, frozenset(filter(None, (it.wakes for it in results))))

    def _judged(
        self, deploy: Deploy, row: Row, seen: Seen | None, before: State | None, now: datetime
    ) -> Judged:
        result = judged(deploy, row, seen, before, now)
        if result.wakes and self.deploys.load(result.wakes) is None:
            return Judged(told_elsewhere(result.row), result.state)
        return result

    def _observe(self, before: Deploy, after: Deploy) -> None:
        """How long after its first event the first results were there."""
        if all(row.kind is None for row in before.rows) and any(row.kind for row in after.rows):
            WATCH_LAG.observe((self.now() - before.arrived_at).total_seconds())

    def _send(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.nudge(ENTRY, entry.key)


@dataclass(frozen=True, slots=True)
class Concluded:
    """A deployment after checks."""

    deploy: Deploy
    states: Mapping[str, tuple[str, State]]
    wakes: frozenset[str]
    """Deployments that must learn that what they reported reports again."""


def _due(deploy: Deploy, now: datetime) -> list[Row]:
    """Longest due first."""
    due = [(row.due_at, row.name, row) for row in deploy.rows if row.due_at and row.due_at <= now]
    return [row for _, _, row in sorted(due)]


def yielding(
    deploy: Deploy, rows: list[Row], others: Iterable[Deploy], now: datetime
) -> tuple[Deploy, list[Row]]:
    """
    What is checked now of the rows that are due; the others are due later.

    They share AWS's rates: what was checked before waits for other deployments' functions that were not.
    """
    if not any(
        not row.tries for other in others if other.id != deploy.id for row in _due(other, now)
    ):
        return deploy, rows
    later = {row.name for row in rows if row.tries}
    put_off = tuple(
        replace(row, due_at=now + YIELD) if row.name in later else row for row in deploy.rows
    )
    return replace(deploy, rows=put_off), [row for row in rows if not row.tries]


def _still(row: Row, checked: Mapping[str, Row]) -> bool:
    """Whether the row is as it was when its function was checked."""
    before = checked.get(row.name)
    return before is not None and before.changed_at == row.changed_at
