"""
What a check proves of a function, and whether that is news for its deployment. Pure.

Only proof changes a state. What cannot be decided yet (it was not invoked since, or AWS did not
let us read) is checked again, less and less often, and is never news.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.scan.model import ProblemClass, Seen
from bot.watch.model import Deploy, Kind, News, Row, State
from bot.watch.wording import author
from checks.model import Overall

OPEN_QUESTIONS = tuple(timedelta(seconds=s) for s in (60, 300, 1800, 7200))
"""
Until the next check of a function of which nothing is proved, mostly because it was not invoked
since. After the last one it is left to digests.
"""
WAITING = timedelta(seconds=15)
"""Likewise where a step waits: it says itself when it ends, and most end soon."""
BROKEN = tuple(timedelta(seconds=s) for s in (60, 300, 900, 3600))
"""Likewise of one that is broken. A change of it is an event, and has it checked at once."""
_WELL = frozenset({"healthy", "notice"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A row after a check, and the function's state where something is proved."""

    row: Row
    state: State | None = None
    wakes: str = ""
    """The deployment that reported it as broken, and must learn that it reports again."""


def judged(
    deploy: Deploy, row: Row, seen: Seen | None, before: State | None, now: datetime
) -> Judged:
    """`seen` is None for a function that is gone; `before` is the last that was proved."""
    kind = proved(seen, before)
    if kind is None and seen and seen.verdict == Overall.WAITING.value:
        return Judged(replace(row, due_at=now + WAITING))
    if kind is None:
        return Judged(replace(row, tries=row.tries + 1, due_at=_next(OPEN_QUESTIONS, row, now)))
    if kind.broken:
        return _broken(deploy, row, seen, before, kind, now)
    if kind is Kind.REPORTING:
        return _reporting(deploy, row, before, now)
    news = News.ENDED if row.news is News.BROKE else row.news
    return Judged(_over(row, kind, news, now), State(kind, now))


def proved(seen: Seen | None, before: State | None) -> Kind | None:
    """What the check says; one that was instrumented, and shows no sign of it, lost it."""
    if seen is None:
        return Kind.OTHER
    was_broken = before is not None and before.kind.broken
    match seen.kind:
        case ProblemClass.DOWN:
            return Kind.DOWN
        case ProblemClass.BLIND:
            return Kind.BLIND
        case ProblemClass.NOT_INSTRUMENTED:
            had = before is not None and before.kind is not Kind.OTHER
            return Kind.BLIND if had else Kind.OTHER
        case ProblemClass.QUIET:
            return None if was_broken else Kind.OTHER
    return Kind.REPORTING if seen.verdict in _WELL else None


def _broken(
    deploy: Deploy, row: Row, seen: Seen | None, before: State | None, kind: Kind, now: datetime
) -> Judged:
    known = before is not None and before.kind.broken
    worse = known and before is not None and (before.kind, kind) == (Kind.BLIND, Kind.DOWN)
    new = row.news is not News.BROKE and (not known or worse)
    row = replace(
        row,
        tries=row.tries + 1,
        due_at=_next(BROKEN, row, now),
        kind=kind,
        headline=(seen.headline or "") if seen else "",
        partial=seen is not None and seen.impact == "partial",
        news=News.BROKE if new else row.news,
        found_at=now if new else row.found_at,
    )
    reported = deploy.id if new else before.deploy if before else ""
    return Judged(row, State(kind, now, reported, author(deploy)))


def _reporting(deploy: Deploy, row: Row, before: State | None, now: datetime) -> Judged:
    was_broken = before is not None and before.kind.broken
    elsewhere = before.deploy if before and before.deploy != deploy.id else ""
    news = row.news
    if row.news is News.BROKE:
        news = News.AGAIN
    elif was_broken and not elsewhere:
        news = News.RESTORED
    state = State(Kind.REPORTING, now, before.deploy if before else "", author(deploy))
    fixed = before.by if before and before.kind is Kind.REPORTING and news is News.AGAIN else ""
    row = replace(_over(row, Kind.REPORTING, news, now), fixed_by=fixed)
    return Judged(row, state, elsewhere if was_broken else "")


def _over(row: Row, kind: Kind, news: News, now: datetime) -> Row:
    found = row.found_at if news is row.news else now
    return replace(row, tries=row.tries + 1, due_at=None, kind=kind, news=news, found_at=found)


def _next(ladder: tuple[timedelta, ...], row: Row, now: datetime) -> datetime | None:
    return now + ladder[row.tries] if row.tries < len(ladder) else None


def learned(row: Row, state: State | None) -> Row:
    """A row that another deployment's check may have settled since."""
    if row.news is not News.BROKE or state is None or row.found_at is None:
        return row
    if state.kind.broken or state.at <= row.found_at:
        return row
    news = News.AGAIN if state.kind is Kind.REPORTING else News.ENDED
    fixed_by = state.by if news is News.AGAIN else ""
    return replace(
        row, due_at=None, fixed_by=fixed_by, news=news, kind=state.kind, found_at=state.at
    )


def fixed_by_others(deploy: Deploy, others: Iterable[Deploy]) -> Deploy:
    """With the deployment that changed what reports again, where that is not Dashboard's repair."""
    later = {
        (row.name, row.changed_at): author(other)
        for other in others
        for row in other.rows
        if other.id != deploy.id
    }

    def named(row: Row) -> Row:
        if row.news is not News.AGAIN or row.fixed_by or row.repaired_at:
            return row
        after = [at for name, at in later if name == row.name and at > row.changed_at]
        return replace(row, fixed_by=later[row.name, max(after)]) if after else row

    return replace(deploy, rows=tuple(map(named, deploy.rows)))


def told_elsewhere(row: Row) -> Row:
    """It reports again, and no deployment that reported it broken is left: this one does."""
    return replace(row, news=News.RESTORED)
