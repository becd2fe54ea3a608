"""The clock of this machine, against those that it must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.doctor.model import Check, ok, problem, skipped

TOLERANCE = timedelta(seconds=60)
"""Waits and *since* are shown to the minute; AWS and Slack refuse signatures from 300 s on."""
AGREES = timedelta(seconds=2)
"""A Date has whole seconds."""


def judged(ahead: Mapping[str, timedelta | None]) -> Check:
    """`ahead`: whose clock → by how much this machine's is ahead of it; None: it did not say."""
    name = "clock"
    compared = {whose: off for whose, off in ahead.items() if off is not None}
    if not compared:
        return skipped(name, "There was no other clock to compare this machine's with.")
    comparison = ", ".join(f"{_by(off)} {whose}'s" for whose, off in compared.items())
    if all(abs(off) <= TOLERANCE for off in compared.values()):
        return ok(name, f"This machine's clock {comparison}.")
    return problem(
        name,
        f"This machine's clock {comparison}.",
        "Synchronize clocks by NTP, here and at the store: waits end by the store's clock, and AWS and "
        "Slack refuse signatures that are five minutes off.",
    )


def _by(off: timedelta) -> str:
    if abs(off) <= AGREES:
        return "agrees with"
    seconds = abs(off).total_seconds()
    return f"is {seconds:.0f} s {'ahead of' if off > timedelta(0) else 'behind'}"
