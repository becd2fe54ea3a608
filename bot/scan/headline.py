"""How many functions stand where, in one line: down first. Pure."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen


def headline(scan: Scan) -> str:
    """🔴 2 down · 🟠 47 not reporting · ⚪ 3 unverified (log not read) · ✅ 1,948 of 2,000 healthy"""
    if not scan.seen:
        return "no function could be seen" if scan.unreadable else "there are no functions"
    found = Counter(map(standing_of, scan.seen))
    why = "beyond one scan's limit" if scan.left else "log not read"
    counts = [
        f"{each.value[0]} {found[each]:,} {each.value[1]}" for each in Standing if found[each]
    ]
    if found[Standing.UNVERIFIED]:
        counts = [f"{x} ({why})" if x.endswith("unverified") else x for x in counts]
    of = f" of {len(scan.seen):,}" if len(scan.seen) > 1 else ""
    return " · ".join([*counts, f"✅ {_healthy(scan):,}{of} healthy"])


def _healthy(scan: Scan) -> int:
    return sum(
        each.verdict in {"healthy", "notice"} and standing_of(each) is None for each in scan.seen
    )


class Standing(Enum):
    """Where a function stands, with an emoji and the word that always stands beside it."""

    DOWN = ("🔴", "down")
    BLIND = ("🟠", "not reporting")
    PARTIAL = ("🟡", "partly reporting")
    WAITING = ("⏳", "waiting")
    CANNOT_TELL = ("⚪", "can't tell")
    UNVERIFIED = ("⚪", "unverified")
    QUIET = ("⚪", "not invoked")
    BARE = ("⚪", "not instrumented")


_BY_KIND = {
    ProblemClass.DOWN: Standing.DOWN,
    ProblemClass.BLIND: Standing.BLIND,
    ProblemClass.QUIET: Standing.QUIET,
    ProblemClass.NOT_INSTRUMENTED: Standing.BARE,
}
_BY_VERDICT = {
    "waiting": Standing.WAITING,
    "undetermined": Standing.CANNOT_TELL,
    UNVERIFIED: Standing.UNVERIFIED,
}


def standing_of(seen: Seen) -> Standing | None:
    """None where all is well."""
    if seen.impact == "partial" and seen.kind in {ProblemClass.BLIND, None}:
        return Standing.PARTIAL
    return _BY_KIND[seen.kind] if seen.kind else _BY_VERDICT.get(seen.verdict)
