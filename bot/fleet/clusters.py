"""Which functions share a cause; the document of `slsdiag scan --json`. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bot.aws.refusals import NO_SESSION
from bot.errors import Denied, NoCredentials, SlsdiagError, Unreachable
from bot.fleet.model import Cluster, Kind, Scan, Seen
from checks.report import timestamp

MOST_WHYS = 3
NOTHING_SEEN = 4
"""The exit status for it."""
_ORDER = (Kind.BLIND, Kind.QUIET, Kind.NOT_INSTRUMENTED)


def clusters(seen: Sequence[Seen]) -> list[Cluster]:
    """What is news first, then the largest."""
    groups: dict[tuple[Kind, str], list[Seen]] = defaultdict(list)
    for each in seen:
        if each.kind and each.cause:
            groups[each.kind, each.cause].append(each)
    found = [
        Cluster(cause, kind, tuple(sorted(functions, key=_place)))
        for (kind, cause), functions in groups.items()
    ]
    return sorted(found, key=lambda c: (_ORDER.index(c.kind), -len(c.functions), c.cause))


def _place(seen: Seen) -> tuple[str, str, str]:
    return seen.account, seen.region, seen.name


def counts(seen: Sequence[Seen]) -> dict[str, int]:
    """Functions by verdict, the most first."""
    return dict(Counter(each.verdict for each in seen).most_common())


def seen_of(cluster: Cluster) -> str | None:
    """What was seen of most of them."""
    seen = Counter(each.saw for each in cluster.functions if each.saw).most_common(1)
    saw, count = seen[0] if seen else (None, 0)
    return saw if count * 2 > len(cluster.functions) else None


def many(functions: int) -> str:
    """1 function; 2,000 functions"""
    return f"{functions:,} function{'' if functions == 1 else 's'}"


def exit_status(scan: Scan) -> int:
    """1: something is blind; 3: something could not be seen, or waits; 4: nothing could be."""
    if any(each.kind is Kind.BLIND for each in scan.seen):
        return 1
    if scan.blank:
        return NOTHING_SEEN
    open_ = {"undetermined", "waiting"} & {each.verdict for each in scan.seen}
    return 3 if open_ or scan.unreadable else 0


def nothing_seen(scan: Scan) -> SlsdiagError:
    """What to complain of where not one account and region could be read."""
    whys = list(dict.fromkeys(f"{each.region}: {each.why}" for each in scan.unreadable))
    told = f"Nothing could be scanned. {' '.join(whys[:MOST_WHYS])}"
    if all(each.why in NO_SESSION for each in scan.unreadable):
        return NoCredentials(f"{told} Sign in again, or set AWS_PROFILE or the AWS_… variables.")
    return Denied(told) if any(each.denied for each in scan.unreadable) else Unreachable(told)


def as_json(scan: Scan, *, all_functions: bool = False) -> dict[str, Any]:
    """Functions are listed where they are news, or where all are wanted."""
    return {
        "schema": 1,
        "checked_at": timestamp(scan.checked_at),
        "functions": len(scan.seen),
        "verdicts": counts(scan.seen),
        "causes": [
            {
                "cause": each.cause,
                "class": each.kind.value,
                "count": len(each.functions),
                "functions": [
                    {"name": f.name, "region": f.region, "account": f.account}
                    for f in each.functions
                    if all_functions or each.kind is Kind.BLIND
                ],
            }
            for each in clusters(scan.seen)
        ],
        "verified_exactly": sum(each.exact for each in scan.seen),
        "unreadable": [
            {"account": each.account, "region": each.region, "why": each.why}
            for each in scan.unreadable
        ],
    }
