"""What is wrong with the Firehose stream that carries the traces away, as findings of its step."""

from __future__ import annotations

from checks.account_actions import integrate_again
from checks.actions import ask_support
from checks.evidence import DeliveryStream, Missing
from checks.evidence.region import LOG_FIREHOSE
from checks.facts.states import STREAM_STATES, StreamState
from checks.model import Action, Finding, Page, notice, problem

MOSTLY = 0.9
"""The share of records that a stream delivers at least while it is well."""
_READ_ERRORS = Action("Read the stream's destination errors", Page.FIREHOSE)


def fault_of(stream: DeliveryStream | Missing | None) -> Finding | None:
    """None where it is well, or was not read."""
    if isinstance(stream, Missing):
        return None
    if stream is None:
        return problem(
            "firehose_missing",
            "The logs Firehose is missing in this region",
            f"The Firehose stream {LOG_FIREHOSE} is missing in this region.",
            integrate_again(),
        )
    if (state := STREAM_STATES.value.get(stream.status)) is not StreamState.READY:
        why = f": {stream.failure}" if stream.failure else ""
        return problem(
            "firehose_inactive",
            f"The logs Firehose is {stream.status}",
            f"The Firehose stream {LOG_FIREHOSE} is {stream.status}{why}.",
            *made_active(LOG_FIREHOSE, state, Page.FIREHOSE),
        )
    return _delivery(stream.delivered_share)


def made_active(name: str, state: StreamState | None, page: Page) -> tuple[Action, ...]:
    """What is being made or deleted needs time first."""
    match state:
        case StreamState.COMING:
            return (Action(f"Wait until {name} is ACTIVE, then check again", page),)
        case StreamState.GOING:
            return (Action(f"Wait until AWS has deleted {name}", page), integrate_again())
        case None:
            return (Action("Read in the console what that state means", page),)
    return (integrate_again(),)


def _delivery(share: float | Missing | None) -> Finding | None:
    if share is None or isinstance(share, Missing):
        return None
    if share <= 0:
        return problem(
            "firehose_delivers_nothing",
            "The logs Firehose delivers nothing",
            f"The Firehose stream {LOG_FIREHOSE} takes records in and delivers none.",
            _READ_ERRORS,
            ask_support("these errors"),
        )
    if share < MOSTLY:
        return notice(
            "firehose_delivers_part",
            f"The logs Firehose delivers {share:.0%} of its records",
            f"{LOG_FIREHOSE} delivered {share:.0%} of its records lately.",
            _READ_ERRORS,
        )
    return None
