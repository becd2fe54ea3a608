"""What came of an account's events, and how far its event history was read → what is fine, and what to fix."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.doctor.model import Check, ok, problem, unknown
from bot.store.events import EVENT_TTL, Arrival
from checks.grammar import duration

OFTEN = timedelta(minutes=30)
"""The event history is read every ten minutes: later than this, nobody reads it."""
PERMISSION = "cloudtrail:LookupEvents"


def judged(place: str, arrival: Arrival, now: datetime) -> list[Check]:
    """Of one account and region."""
    return [
        _last_event(f"last_event:{place}", arrival, now),
        _catch_up(f"catch_up:{place}", arrival, now),
    ]


def _last_event(check: str, arrival: Arrival, now: datetime) -> Check:
    if arrival.last:
        return ok(check, f"The last event came {_ago(arrival.last, now)}.")
    return unknown(
        check,
        f"No event came in the last {EVENT_TTL.days} days: nothing was deployed, or events do not come.",
        "Change the description of a function: its event comes within a minute.",
    )


def _catch_up(check: str, arrival: Arrival, now: datetime) -> Check:
    history = arrival.history
    until = f" It is complete until {arrival.mark:%d %b %H:%M} UTC." if arrival.mark else ""
    if history.failing_since:
        saw = f"The event history could not be read for {duration(now - history.failing_since)}: {history.why}{until}"
        if now - history.failing_since < OFTEN:
            return unknown(check, saw, _granted(history.why))
        return problem(
            check, saw, _granted(history.why) or "Search the bot's log for history_not_read."
        )
    if history.read_at is None:
        return unknown(check, "The event history was not read yet.", "Start the bot or a worker.")
    saw = f"The event history was read {_ago(history.read_at, now)}.{until}"
    if now - history.read_at > OFTEN:
        return problem(
            check, saw, "Check that a bot or a worker runs: it is read every ten minutes."
        )
    return ok(check, saw)


def _granted(why: str) -> str | None:
    if PERMISSION not in why:
        return None
    return f"Add {PERMISSION} to the role's policy: slsdiag policy --watch prints it."


def _ago(at: datetime, now: datetime) -> str:
    return f"{duration(now - at)} ago"
