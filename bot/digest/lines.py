"""The lines of a digest: its groups, their causes, and the functions of each. Data in, words out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.digest.diff import FLAPS, Diff
from bot.digest.model import CAUSE, FUNCTION, Digest, FunctionState, Snooze
from bot.digest.run import Why
from bot.digest.schedule import zone_known
from bot.scan.clusters import clusters, many, seen_of
from bot.scan.model import Scan
from bot.text.states import State
from bot.text.visible import visible
from checks.function_ref import FunctionRef
from checks.runbook import step_named

RANKED, NAMED = 4, 4
"""Causes of a group, and functions of a cause, that stand in the message; the thread has more."""
_LINE, _LONGEST = 500, 1_000
"""Characters of a caption, and of it with its functions."""


_GROUPS = {
    "new": "New",
    "moved": "Another cause than before",
    "worse": "Down now, blind before",
    "woken": "Still blind, its snooze is over",
    "fixed": "No longer blind",
    "flapping": f"Flapping: changed {FLAPS} times or more within a week",
    "still": "Still blind",
}
NEWS = ("worse", "new", "moved", "woken", "fixed", "flapping")


@dataclass(frozen=True)
class Lines:
    """The lines of one digest."""

    digest: Digest
    diff: Diff
    why: Why
    saw: Mapping[str, str]

    @property
    def groups(self) -> list[str]:
        """Those that stand in the message, the news first."""
        return [group for group in (*NEWS, "still") if getattr(self.diff, group)]

    def ranked(self, group: str) -> Iterator[str]:
        """A line for each cause: what is down first, then the most functions."""
        causes = sorted(self._causes(group).values(), key=lambda it: (not _down(it), -len(it)))
        for functions in causes[:RANKED]:
            names = ", ".join(self._described(function, group) for function in functions[:NAMED])
            left = len(functions) - NAMED
            more = f", and {left:,} more in the thread" if left > 0 else ""
            line = f"{self._caption(group, functions)[:_LINE]} {visible(names)}"
            yield f"{line[:_LONGEST]}{more}"
        left = len(causes) - RANKED
        if left > 0:
            yield f"{self._label(group)}: {left:,} more causes, in the thread."

    def all(self, group: str) -> Iterator[str]:
        """A line for each function."""
        for _, functions in sorted(self._causes(group).items()):
            yield self._caption(group, functions)[:_LINE].removesuffix(" —")
            yield from (visible(f"• {self._described(function, group)}") for function in functions)

    def _causes(self, group: str) -> Mapping[tuple[bool, str], list[FunctionState]]:
        """By whether they are up, and by cause."""
        causes: dict[tuple[bool, str], list[FunctionState]] = {}
        for function in getattr(self.diff, group):
            causes.setdefault((not _down([function]), function.cause), []).append(function)
        return causes

    def _label(self, group: str) -> str:
        return "Blind" if (self.why, group) == (Why.FIRST, "new") else _GROUPS[group]

    def _caption(self, group: str, functions: Sequence[FunctionState]) -> str:
        """As "New: 🔴 SDK layer missing: 2 functions —"."""
        cause = functions[0].cause
        what = functions[0].headline or self.saw.get(cause) or titled(cause)
        before = "before: " if group == "fixed" else ""
        mark = f"{State.DOWN.emoji} " if _down(functions) else ""
        return visible(f"{self._label(group)}: {mark}{before}{what}: {many(len(functions))} —")

    def _described(self, function: FunctionState, group: str) -> str:
        since = f"blind since {local(self.digest, function.since)}"
        if group == "fixed":
            return f"{named(function)}: now {function.ended}, {since}"
        if group == "moved":
            return f"{named(function)}: before {titled(function.told.partition(' ')[2])}, {since}"
        if group == "flapping":
            return f"{named(function)}: now {'blind' if function.blind else function.ended}"
        if group == "new" and not function.flaps:
            return named(function)
        return f"{named(function)}: {since}"


def _down(functions: Sequence[FunctionState]) -> bool:
    return functions[0].blind and functions[0].down


def titled(cause: str) -> str:
    """A cause by its question: its slug would read as the opposite."""
    step = step_named(cause)
    return step.title if step else cause


def named(function: FunctionState) -> str:
    owner = f", {function.owner}" if function.owner else ""
    sure = "" if function.exact or not function.blind else ", not verified"
    return f"{function.name} ({function.region} of {function.account}{owner}{sure})"


def snoozed(snooze: Snooze) -> str:
    """What a snooze holds back."""
    if snooze.label:
        return snooze.label
    if snooze.what.startswith(CAUSE):
        return titled(snooze.what.removeprefix(CAUSE))
    return FunctionRef.of_key(snooze.what.removeprefix(FUNCTION)).spelled


def saw_of(scan: Scan) -> dict[str, str]:
    """By cause, what is wrong with its functions."""
    pairs = (
        (cluster.cause, cluster.headline or seen_of(cluster)) for cluster in clusters(scan.seen)
    )
    return {cause: saw for cause, saw in pairs if saw}


def local(digest: Digest, moment: datetime) -> str:
    """27 Nov 09:00, in the digest's zone."""
    if not zone_known(digest.plan.zone):
        return f"{moment.astimezone(UTC):%d %b %H:%M} UTC"
    return f"{moment.astimezone(ZoneInfo(digest.plan.zone)):%d %b %H:%M}"
