"""
Which changes belong to one deployment. Pure.

Changes by one principal that follow each other closely are one deployment; in which order they
arrive does not matter. An event that names nobody joins the deployment in which the same function was
changed. Where it comes first, its function moves to the deployment of whoever made the change, once
that is known: those that are deployed at the same time must not be taken for one. What Dashboard
changes after a deployment is its repair, and part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.watch.model import Change, Deploy, Row, Source
from checks.change import Means

GAP = timedelta(seconds=120)
"""Between two changes of one deployment, at most."""
OPEN_FOR = timedelta(minutes=30)
"""How long after its last change an event may still join: CloudTrail's come late."""
MARGIN = timedelta(seconds=1)
"""AWS's times are whole seconds."""
_SKEW = timedelta(seconds=5)
"""A call is complete some seconds before or after Lambda announces the state."""
MOST_ROWS = 5_000
DASHBOARD = Means.DASHBOARD.value
_STACKS = frozenset({Means.CLOUDFORMATION, Means.SERVERLESS, Means.CDK, Means.SAM})
"""Ways that end in a stack."""


def home_of(change: Change, deploys: Iterable[Deploy]) -> Deploy | None:
    """The open deployment of its place that `change` belongs to; None where it begins one."""
    near = [it for it in deploys if it.open and it.rows and _near(it, change)]
    same = [deploy for deploy in near if _holds(deploy, change)]
    if change.source is Source.STACK:
        return None
    if repaired := [deploy for deploy in same if _repairs(change, deploy)]:
        return repaired[0]
    if not change.actor:
        return next(iter([*same, *(deploy for deploy in near if not deploy.actor)]), None)
    own = [deploy for deploy in near if deploy.actor == change.actor]
    nobodys = (it for it in same if not it.actor and _names(it) <= set(change.functions))
    return next(iter([*own, *nobodys]), None)


def _near(deploy: Deploy, change: Change) -> bool:
    return deploy.first_at - GAP <= change.at <= deploy.last_at + _patience(change)


def adopter(deploy: Deploy, deploys: Iterable[Deploy]) -> Deploy | None:
    """
    The only deployment in whose time the functions changed of which nobody said who changed them.

    Their calls were lost, or there is no trail. None where there are several, or none.
    """
    if deploy.actor or not deploy.rows:
        return None
    times = [row.changed_at for row in deploy.rows]
    around = [
        it
        for it in deploys
        if it.actor
        and it.how != DASHBOARD
        and it.first_at - _SKEW <= min(times)
        and max(times) <= it.last_at + _SKEW
    ]
    return around[0] if len(around) == 1 else None


def adopting(deploy: Deploy, nobodys: Deploy) -> Deploy:
    """`deploy` with the functions of that one which it does not have; again to no effect."""
    new = (row for row in nobodys.rows if row.name not in _names(deploy))
    return replace(deploy, rows=(*deploy.rows, *new)[:MOST_ROWS])


def with_stack(deploy: Deploy, deploys: Iterable[Deploy]) -> Deploy:
    """
    With the stack that was deployed meanwhile, where it is the only one.

    What CloudFormation says of a stack names no function, and may come before or after the events of
    these: it stands for itself, as a deployment without rows.
    """
    if not deploy.rows or deploy.how not in {"", *_STACKS}:
        return deploy
    late = deploy.last_at + OPEN_FOR
    stacks = {
        it.stack
        for it in deploys
        if it.stack and not it.rows and deploy.first_at - GAP <= it.first_at <= late
    }
    return replace(deploy, stack=stacks.pop() if len(stacks) == 1 else "") if stacks else deploy


def _patience(change: Change) -> timedelta:
    """Dashboard repairs what a deployment removed some time later."""
    return OPEN_FOR if change.how == DASHBOARD else GAP


def _holds(deploy: Deploy, change: Change) -> bool:
    return not _names(deploy).isdisjoint(change.functions)


def _repairs(change: Change, deploy: Deploy) -> bool:
    """Whether it is Dashboard's change of what the deployment had changed some time before."""
    before = change.at - _SKEW
    return (
        change.how == DASHBOARD
        and deploy.how != DASHBOARD
        and any(row.name in change.functions and row.changed_at < before for row in deploy.rows)
    )


def _names(deploy: Deploy) -> set[str]:
    return {row.name for row in deploy.rows}


def claimed(deploy: Deploy, change: Change) -> Deploy:
    """
    A deployment without what belongs to that of `change`, as far as it was not checked.

    By nobody known, it loses what `change` names the maker of. Dashboard's repairs, where they arrived first,
    are part of the deployment that they repair.
    """
    repairs = deploy.how == DASHBOARD and change.how != DASHBOARD
    nobodys = not deploy.actor and _near(deploy, change) and not _repairs(change, deploy)
    if not change.actor or not (repairs or nobodys):
        return deploy
    named = [row for row in deploy.rows if row.name in change.functions and not row.tries]
    taken = [row for row in named if nobodys or _came_before(row, change)]
    rows = tuple(row for row in deploy.rows if row not in taken)
    return replace(deploy, rows=rows) if rows else replace(deploy, rows=rows, open=False)


def _came_before(row: Row, change: Change) -> bool:
    """Of Dashboard's: it repairs what `change` removed, and arrived first."""
    return change.at < row.changed_at <= change.at + OPEN_FOR


def with_repairs(deploy: Deploy, change: Change, others: Iterable[Deploy]) -> Deploy:
    """`deploy`, which holds `change`, with the repairs of it that arrived first."""
    if change.how == DASHBOARD:
        return deploy
    repaired = {
        row.name: row.changed_at
        for other in others
        if other.how == DASHBOARD and other.id != deploy.id
        for row in other.rows
        if row.name in change.functions and _came_before(row, change)
    }
    return replace(
        deploy,
        rows=tuple(
            replace(row, repaired_at=row.repaired_at or repaired.get(row.name))
            for row in deploy.rows
        ),
    )


def begun(id_: str, change: Change, now: datetime, settle: timedelta) -> Deploy:
    """A deployment of one change."""
    new = Deploy(id_, change.account, change.region, change.at, change.at, now)
    return joined(new, change, now, settle)


def joined(deploy: Deploy, change: Change, now: datetime, settle: timedelta) -> Deploy:
    """
    The deployment with `change`; as it was where it knew the change already.

    A state that is announced may be the echo of a repair: the function is only checked later.
    """
    if _repairs(change, deploy):
        return replace(deploy, rows=_repaired(deploy, change))
    deploy = _named(deploy, change)
    known = {row.name: row for row in deploy.rows}
    for name in change.functions:
        row, due = known.get(name), max(change.at + settle + MARGIN, now)
        if row is None:
            known[name] = Row(name, change.at, due)
        elif change.source is Source.STATE:
            known[name] = replace(row, due_at=max(row.due_at or due, due))
        elif row.changed_at < change.at:
            known[name] = replace(row, changed_at=change.at, due_at=due, tries=0, repaired_at=None)
    rows = tuple(known.values())[:MOST_ROWS]
    first, last = min(deploy.first_at, change.at), max(deploy.last_at, change.at)
    return replace(deploy, first_at=first, last_at=last, rows=rows)


def _repaired(deploy: Deploy, change: Change) -> tuple[Row, ...]:
    """One that was checked already is checked anew; the others are when their time has come."""
    return tuple(
        replace(
            row,
            repaired_at=row.repaired_at or change.at,
            due_at=change.at + MARGIN if row.tries else row.due_at,
        )
        if row.name in change.functions and row.changed_at <= change.at
        else row
        for row in deploy.rows
    )


def _named(deploy: Deploy, change: Change) -> Deploy:
    """What the change says of who made it, where that is not known yet."""
    if change.source is Source.STACK:
        return replace(deploy, stack=change.stack)
    if deploy.actor or not change.actor:
        return deploy
    by, how, provider = change.by, change.how, change.provider
    return replace(deploy, actor=change.actor, by=by, how=how, provider=provider)


def next_due(deploy: Deploy) -> datetime | None:
    """When something is to be done for it; None once it is over."""
    dues: list[datetime] = [row.due_at for row in deploy.rows if row.due_at]
    if deploy.open:
        dues.append(closes_at(deploy))
    return min(dues, default=None)


def closes_at(deploy: Deploy) -> datetime:
    """From then on no change joins it; what arrives very late is counted from its arrival."""
    return max(deploy.last_at, deploy.arrived_at) + OPEN_FOR


def by_place(changes: Iterable[Change]) -> Mapping[str, list[Change]]:
    """The changes of each account and region, the oldest first."""
    places: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda change: change.at):
        places.setdefault(change.place, []).append(change)
    return places
