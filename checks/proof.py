"""
What a function's own log proves of its set-up, whatever the set-up looks like.

What a function did outweighs how it is configured: a payload that was logged since the last
change, with nothing newer against it, proves runtime, layer, wrapper, org id, code size and
instrumentation. It is worked out once and is a part like any other for the steps that name it;
what such a step finds odd is then a notice at most, and nothing that works is advised away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.evidence import Evidence, Missing


@dataclass(frozen=True, slots=True)
class Proof:
    """A log that could not be read proves nothing."""

    reports: bool = False
    """A payload since the last change; payloads have not stopped since."""
    ran: bool = False
    """An invocation ran to its end since the last change, with or without a payload."""
    cannot_start: bool = False
    """Since the last change Lambda could not start the exec wrapper."""
    reported_before: datetime | None = None
    """The newest payload from before the last change."""


def proof_of(evidence: Evidence) -> Proof:
    """By the lines of the log alone; those without a time count as new."""
    log, changed = evidence.log, evidence.function.modified_at
    if isinstance(log, Missing):
        return Proof()
    counts = log.counts.since(changed)
    return Proof(
        reports=bool(counts.reported) and not counts.stopped,
        ran=bool(counts.finished),
        cannot_start=log.since(changed).cannot_start,
        reported_before=max((at for at in log.payload_times if at < changed), default=None),
    )
