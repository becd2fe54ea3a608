"""
When things became true: *settled*, *changed*, *since* (interface: Time).

All times aware, UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.evidence import (
    IntegrationStack,
    Invocations,
    LambdaFunction,
    Missing,
    NoStack,
    StackElsewhere,
)
from checks.facts.integration import REPLACED_WITHIN, SETTLES_IN, SETTLES_IN_WHEN_REPLACED

Stack = IntegrationStack | StackElsewhere | NoStack


def replaced_one(stack: IntegrationStack) -> bool:
    """Another of that name was deleted in the hour before, or that could not be seen."""
    if not stack.deletions_seen:
        return True
    if stack.deleted_before is None:
        return False
    return timedelta(0) <= stack.created_at - stack.deleted_before <= REPLACED_WITHIN.value


def settled_at(stack: Stack) -> datetime | None:
    """When data can show up at the earliest; None where there is nothing to settle."""
    if not isinstance(stack, IntegrationStack):
        return None
    pause = SETTLES_IN_WHEN_REPLACED if replaced_one(stack) else SETTLES_IN
    return stack.created_at + pause.value


def since(function: LambdaFunction, stack: Stack | Missing) -> datetime:
    """The later of *settled* and *changed*; *changed* alone where the stack was not read."""
    settled = None if isinstance(stack, Missing) else settled_at(stack)
    return max(function.modified_at, settled) if settled else function.modified_at


def invoked_since(invocations: Invocations, moment: datetime) -> int:
    """How often invoked in periods that began at `moment` or later."""
    return sum(count for start, _, count in invocations.sums if start >= moment)


def may_include(invocations: Invocations, moment: datetime) -> int:
    """How often invoked in periods that `moment` falls into: before or after, unknown."""
    return sum(
        count
        for start, seconds, count in invocations.sums
        if start < moment < start + timedelta(seconds=seconds)
    )


def errors_since(invocations: Invocations, moment: datetime) -> int:
    """How many failed in periods that began at `moment` or later."""
    return sum(count for start, _, count in invocations.errors if start >= moment)


def last_invoked(invocations: Invocations) -> datetime | None:
    """The start of the newest period with an invocation."""
    return max((start for start, _, _ in invocations.sums), default=None)


def to_the_second(moment: datetime) -> str:
    """23 Nov 12:00:03"""
    return f"{moment:%d %b %H:%M:%S}"


def clock(moment: datetime) -> str:
    """23 Nov 12:00 UTC"""
    return f"{moment:%d %b %H:%M} UTC"
