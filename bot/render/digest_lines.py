"""The lines of a digest: its groups, their causes, and the functions of each. Data in, words out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.diff import FLAPS, Diff
from bot.digest.model import Digest, Known
from bot.fleet.clusters import clusters, many, seen_of
from bot.fleet.model import Scan
from bot.render.text import visible
from checks.runbook import step_named

RANKED, NAMED = 4, 4
"""Causes of a group, and functions of a cause, that stand in the message; the thread has more."""
_LINE, _LONGEST = 500, 1_000
"""Characters of a caption, and of it with its functions."""


class Why(StrEnum):
    """Why it is posted."""

    FIRST = "first"
    NEWS = "news"
    ASKED = "asked"
    WEEKLY = "weekly"


_GROUPS = {
    "new": "New",
    "moved": "Another cause than before",
    "woken": "Still blind, its snooze is over",
    "fixed": "No longer blind",
    "flapping": f"Flapping: changed {FLAPS} times or more within a week",
    "still": "Still blind",
}
NEWS = ("new", "moved", "woken", "fixed", "flapping")


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
        """A line for each cause, the most functions first."""
        causes = sorted(self._causes(group).items(), key=lambda item: -len(item[1]))
        for cause, functions in causes[:RANKED]:
            names = ", ".join(self._said(each, group) for each in functions[:NAMED])
            left = len(functions) - NAMED
            more = f", and {left:,} more in the thread" if left > 0 else ""
            line = f"{self._caption(group, cause, len(functions))[:_LINE]} {visible(names)}"
            yield f"{line[:_LONGEST]}{more}"
        left = len(causes) - RANKED
        if left > 0:
            yield f"{self._label(group)}: {left:,} more causes, in the thread."

    def all(self, group: str) -> Iterator[str]:
        """A line for each function."""
        for cause, functions in sorted(self._causes(group).items()):
            yield self._caption(group, cause, len(functions))[:_LINE]
            yield from (visible(f"• {self._said(each, group)}") for each in functions)

    def _causes(self, group: str) -> Mapping[str, list[Known]]:
        causes: dict[str, list[Known]] = {}
        for each in getattr(self.diff, group):
            causes.setdefault(each.cause, []).append(each)
        return causes

    def _label(self, group: str) -> str:
        return "Blind" if (self.why, group) == (Why.FIRST, "new") else _GROUPS[group]

    def _caption(self, group: str, cause: str, count: int) -> str:
        step = step_named(cause)
        told = f"{cause}. {self.saw.get(cause) or (step.title if step else '')}"
        if group == "fixed":
            told = f"it was {cause}."
        return visible(f"{self._label(group)}: {many(count)}, {told}")

    def _said(self, known: Known, group: str) -> str:
        since = f"blind since {local(self.digest, known.since)}"
        if group == "fixed":
            return f"{named(known)}: now {known.ended}, {since}"
        if group == "moved":
            return f"{named(known)}: before {known.told.removeprefix('blind ')}, {since}"
        if group == "flapping":
            return f"{named(known)}: now {'blind' if known.blind else known.ended}"
        if group == "new" and not known.flaps:
            return named(known)
        return f"{named(known)}: {since}"


def named(known: Known) -> str:
    owner = f", {known.owner}" if known.owner else ""
    sure = "" if known.exact or not known.blind else ", not verified"
    return f"{known.name} ({known.region} of {known.account}{owner}{sure})"


def saw_of(scan: Scan) -> dict[str, str]:
    """By cause, what was seen of most of its functions."""
    found = ((each.cause, seen_of(each)) for each in clusters(scan.seen))
    return {cause: saw for cause, saw in found if saw}


def local(digest: Digest, moment: datetime) -> str:
    """27 Nov 09:00, in the digest's zone."""
    return f"{moment.astimezone(ZoneInfo(digest.plan.zone)):%d %b %H:%M}"
