"""Which functions share a cause; the document of `slsdiag scan --json`. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, starmap
from typing import Any

from bot.aws.errors import NO_SESSION, WRONG_KEY
from bot.errors import Denied, NoCredentials, SignedOut, SlsdiagError, Unreachable
from bot.scan import coverage
from bot.scan.headline import state_of
from bot.scan.model import Cluster, ProblemClass, Scan, Seen
from bot.text.states import State
from checks.report import timestamp

MOST_WHYS = 3
NOTHING_SEEN = 4
"""The exit status for it."""
_ORDER = (ProblemClass.DOWN, ProblemClass.BLIND, ProblemClass.QUIET, ProblemClass.NOT_INSTRUMENTED)


def clusters(seen: Sequence[Seen]) -> list[Cluster]:
    """As scripts read them, one a class and cause: down first, then blind; the largest first."""
    groups: dict[tuple[ProblemClass, str], list[Seen]] = defaultdict(list)
    for function in seen:
        if function.kind and function.cause:
            groups[function.kind, function.cause].append(function)
    return sorted(starmap(_cluster, groups.items()), key=_order)


def clusters_by_state(seen: Sequence[Seen]) -> list[Cluster]:
    """As people read them: those that report in part are apart from those that do not report."""
    parted = (
        clusters([function for function in seen if (state_of(function) is State.PARTIAL) is partly])
        for partly in (False, True)
    )
    return sorted(chain.from_iterable(parted), key=_order)


def _cluster(class_and_cause: tuple[ProblemClass, str], functions: list[Seen]) -> Cluster:
    kind, cause = class_and_cause
    return Cluster(cause, kind, tuple(sorted(functions, key=_place)))


def _order(cluster: Cluster) -> tuple[int, int, str]:
    return _ORDER.index(cluster.kind), -len(cluster.functions), cluster.cause


def _place(seen: Seen) -> tuple[str, str, str]:
    return seen.account, seen.region, seen.name


def counts(seen: Sequence[Seen]) -> dict[str, int]:
    """Functions by verdict, the most first."""
    return dict(Counter(function.verdict for function in seen).most_common())


def seen_of(cluster: Cluster) -> str | None:
    """What was seen of most of them."""
    seen = Counter(function.saw for function in cluster.functions if function.saw).most_common(1)
    saw, count = seen[0] if seen else (None, 0)
    return saw if count * 2 > len(cluster.functions) else None


def many(functions: int) -> str:
    """1 function; 2,000 functions"""
    return f"{functions:,} function{'' if functions == 1 else 's'}"


def exit_status(scan: Scan) -> int:
    """1: something is down or blind; 3: something could not be seen, or waits; 4: nothing could be."""
    if any(function.is_news for function in scan.seen):
        return 1
    if scan.blank:
        return NOTHING_SEEN
    open_ = {"undetermined", "waiting"} & {function.verdict for function in scan.seen}
    return 3 if open_ or scan.unreadable else 0


def nothing_seen(scan: Scan) -> SlsdiagError:
    """The error where no account and region could be read."""
    whys = list(dict.fromkeys(f"{place.region}: {place.why}" for place in scan.unreadable))
    message = f"Nothing could be scanned. {' '.join(whys[:MOST_WHYS])}"
    if all(place.why in NO_SESSION for place in scan.unreadable):
        signed_out = all(place.why != WRONG_KEY.why for place in scan.unreadable)
        return (SignedOut if signed_out else NoCredentials)(
            f"{message} Sign in again, or set AWS_PROFILE or the AWS_… variables."
        )
    return (
        Denied(message) if any(place.denied for place in scan.unreadable) else Unreachable(message)
    )


def as_json(scan: Scan, *, all_functions: bool = False) -> dict[str, Any]:
    """Functions are listed where they are news, or where all are wanted."""
    return {
        "schema": 1,
        "checked_at": timestamp(scan.checked_at),
        "functions": len(scan.seen),
        "verdicts": counts(scan.seen),
        "causes": [
            _cause_as_json(cause, listed=all_functions or cause.is_news)
            for cause in clusters(scan.seen)
        ],
        "verified_exactly": sum(function.exact for function in scan.seen),
        "coverage": coverage.as_json(scan.seen, scan.units),
        "unreadable": [
            {"account": place.account, "region": place.region, "why": place.why}
            for place in scan.unreadable
        ],
    }


def _cause_as_json(cause: Cluster, *, listed: bool) -> dict[str, Any]:
    return {
        "cause": cause.cause,
        "class": cause.kind.value,
        "headline": cause.headline,
        "count": len(cause.functions),
        "functions": [_function_as_json(it) for it in cause.functions] if listed else [],
    }


def _function_as_json(seen: Seen) -> dict[str, Any]:
    names = ("name", "region", "account", "impact")
    return {name: getattr(seen, name) for name in names}
