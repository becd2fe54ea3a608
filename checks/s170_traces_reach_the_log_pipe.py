"""
Do traces leave the log group?

Traces travel from the log line through the subscription filter serverless_logs-filter into the
Firehose stream serverless_logs-firehose of the same region. A gap there loses every trace.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from checks import s030_function_instrumented as instrumented
from checks.evidence import DeliveryStream, Filter, LogGroup, Missing
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import LOG_FIREHOSE
from checks.model import Finding, allow, notice, ok, problem, unknown

EXPLAINED_BY = (
    "function_instrumented",
    *instrumented.EXPLAINED_BY,
)
TOGGLE = "in Dashboard switch Instrument off, press Save, switch it on and press Save again"
AGAIN = "Remove the integration in Dashboard and add it again; that makes the stream anew."
MOSTLY = 0.9


def check(
    log_group: LogGroup | Missing | None,
    filters: tuple[Filter, ...] | Missing,
    log_firehose: DeliveryStream | Missing | None,
) -> Finding:
    """Half of the evidence can prove a gap; all of it is needed to call it well."""
    if log_group is None:
        return unknown("There is no log group yet.", "Invoke the function once, then check again.")
    found = _filter(log_group, filters) or _stream(log_firehose)
    if found:
        return found
    share = getattr(log_firehose, "delivered_share", None)
    for part, name in (
        (filters, "subscription filters"),
        (log_firehose, "Firehose stream"),
        (share, "Firehose stream's deliveries"),
    ):
        if isinstance(part, Missing):
            return unknown(f"Could not read the {name}: {part.why}", allow(part))
    return ok(f"{FILTER_NAME} leads to {LOG_FIREHOSE}, which is active.")


def _filter(log_group: LogGroup | Missing, filters: tuple[Filter, ...] | Missing) -> Finding | None:
    if isinstance(filters, Missing):
        return None
    ours = next((each for each in filters if each.name == FILTER_NAME), None)
    if ours is None and isinstance(log_group, LogGroup) and log_group.log_class != "STANDARD":
        return problem(
            f"The log group {log_group.name} is of the class {log_group.log_class}, "
            "which takes no subscription filters.",
            "Let the function log to a log group of the class Standard (the class of a group "
            f"cannot be changed); then {TOGGLE}.",
        )
    if ours is None:
        return problem(
            f"The log group has no filter {FILTER_NAME}, so no trace leaves it.",
            f"To add it, {TOGGLE}.",
        )
    if not ours.destination.endswith(f":deliverystream/{LOG_FIREHOSE}"):
        return problem(
            f"{FILTER_NAME} leads to {ours.destination}, not to {LOG_FIREHOSE}.",
            f"Delete that filter; then {TOGGLE}.",
        )
    return None


def _stream(stream: DeliveryStream | Missing | None) -> Finding | None:
    if isinstance(stream, Missing):
        return None
    if stream is None:
        return problem(f"The Firehose stream {LOG_FIREHOSE} is missing in this region.", AGAIN)
    why = f": {stream.failure}" if stream.failure else ""
    if stream.status != "ACTIVE":
        return problem(f"The Firehose stream {LOG_FIREHOSE} is {stream.status}{why}.", AGAIN)
    return _delivery(stream.delivered_share)


def _delivery(share: float | Missing | None) -> Finding | None:
    if share is None or isinstance(share, Missing):
        return None
    if share <= 0:
        return problem(
            f"The Firehose stream {LOG_FIREHOSE} takes records in and delivers none.",
            "Read the stream's destination errors in the Firehose console, and send them to "
            "Serverless's support.",
        )
    if share < MOSTLY:
        return notice(
            f"{LOG_FIREHOSE} delivered {share:.0%} of its records lately.",
            "Read the stream's destination errors in the Firehose console.",
        )
    return None
