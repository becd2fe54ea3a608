"""The lines of a scan: its totals, its causes, the functions of each. Data in, words out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.scan import coverage
from bot.scan.clusters import clusters_by_state, many, seen_of
from bot.scan.headline import state_of
from bot.scan.model import MOST_EXACT, Cluster, Scan, Seen
from bot.text.states import State
from bot.text.visible import visible
from checks.grammar import counted, duration
from checks.runbook import step_named

NAMED = 3
"""Names of a cause."""
_WHY = 400
_PLACES, _CAUSE = 2, 100
_UNREADABLE = 5
_SAID_FROM = timedelta(seconds=5)


def totals(scan: Scan) -> str:
    """How many were verified exactly; the headline has them by state."""
    exact = sum(function.exact for function in scan.seen)
    verified = f"Verified exactly: {exact:,} of {many(len(scan.seen))}"
    return (
        f"{coverage.sentence(scan.seen)} {verified}{_from_before(scan)}.{_left_out(scan)}".strip()
    )


def _from_before(scan: Scan) -> str:
    """How many were verified by an earlier scan, and how long ago the oldest was."""
    times = [function.checked_before for function in scan.seen if function.checked_before]
    if not times:
        return ""
    oldest = duration(scan.checked_at - min(times))
    return f" ({len(times):,} by an earlier scan, up to {oldest} ago)"


def _left_out(scan: Scan) -> str:
    """That there were more suspicious ones than one scan verifies."""
    if not scan.left:
        return ""
    return (
        f" One scan verifies {MOST_EXACT:,} suspicious functions at most, the most suspicious first: "
        f"{many(scan.left)} {'was' if scan.left == 1 else 'were'} left out."
    )


def rest_in(left: timedelta) -> str:
    """How long the exact checks that are left take at least."""
    return f" AWS's rates allow the rest in {duration(left)}." if left >= _SAID_FROM else ""


def every_function(scan: Scan) -> Iterator[str]:
    """Those that are down or blind, below their cause."""
    for cluster in clusters_by_state(scan.seen):
        if cluster.is_news:
            yield ranked(cluster, scan)
            yield from (f"• {named(function)}" for function in cluster.functions)


def named(seen: Seen) -> str:
    """As "orders (eu-west-1 of 123456789012 · owner · not verified)"."""
    owner = f" · {seen.owner}" if seen.owner else ""
    sure = "" if seen.exact else " · not verified"
    return visible(f"{seen.name} ({seen.region} of {seen.account}{owner}{sure})")


def ranked(cluster: Cluster, scan: Scan) -> str:
    """🔴 SDK layer missing: 35 in eu-west-1 — invoices, search, clicks +32"""
    mark = state_of_all(cluster).emoji
    places = {(function.region, function.account) for function in scan.seen}
    place = f" in {where(cluster)}" if len(places) > 1 else ""
    names = ", ".join(function.name for function in cluster.functions[:NAMED])
    left = len(cluster.functions) - NAMED
    more = f" +{left:,}" if left > 0 else ""
    return f"{mark} {named_cause(cluster)}: {len(cluster.functions):,}{place} — {names}{more}"


def state_of_all(cluster: Cluster) -> State:
    """The state that its functions share."""
    return state_of(cluster.functions[0])


def named_cause(cluster: Cluster) -> str:
    """By its headline, because a slug would read as the opposite; that there are others is said."""
    step, others = step_named(cluster.cause), cluster.other_headlines
    more = f" (+{counted(others, 'other reason')})" if others else ""
    return (cluster.headline or seen_of(cluster) or (step.title if step else ""))[:_CAUSE] + more


def where(cluster: Cluster) -> str:
    """eu-west-1 of 123456789012: 12, and 3 more places"""
    places = Counter(
        (function.region, function.account) for function in cluster.functions
    ).most_common()
    most = [f"{region} of {account}: {n:,}" for (region, account), n in places[:_PLACES]]
    left = len(places) - _PLACES
    return ", ".join(most) + (f", and {left:,} more places" if left > 0 else "")


def not_read(scan: Scan) -> Iterator[str]:
    """Accounts and regions, and why."""
    for place in scan.unreadable[:_UNREADABLE]:
        yield f"Not read: {place.region} of {place.account}: {place.why[:_WHY]}"
    left = len(scan.unreadable) - _UNREADABLE
    if left > 0:
        yield f"{left:,} more accounts and regions could not be read."
