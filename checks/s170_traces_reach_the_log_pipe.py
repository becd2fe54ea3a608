"""
Do traces leave the log group?

Traces travel from the log line through the subscription filter serverless_logs-filter into the
Firehose stream serverless_logs-firehose of the same region. A gap there loses every trace.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from datetime import datetime

from checks import s030_function_instrumented as instrumented
from checks.actions import invoke_once, turn_off_and_on
from checks.evidence import (
    DeliveryStream,
    Filter,
    Forwarding,
    LambdaFunction,
    LogGroup,
    LogSample,
    Missing,
)
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import BUFFER, COUNTED, LOG_FIREHOSE
from checks.grammar import counted
from checks.log_filter import Filters, gap_at_filter, our_way, unclear_pattern, undelivered
from checks.log_firehose import fault_of
from checks.model import Action, Finding, Hop, Page, Symptom, not_read, ok, unknown
from checks.timeline import clock

EXPLAINED_BY = (
    "function_instrumented",
    *instrumented.EXPLAINED_BY,
)
SHORT_NAME = "traces leave the log group"
CODES = (
    "no_log_group",
    "log_class",
    "no_filter",
    "filter_elsewhere",
    "pattern",
    "pattern_unclear",
    "not_delivered",
    "partly_delivered",
    "firehose_missing",
    "firehose_inactive",
    "firehose_takes_nothing",
    "firehose_delivers_nothing",
    "firehose_delivers_part",
)
EXPLAINS = Symptom.TRACES
HOP = Hop.FILTER
PAGE = Page.MONITOR
BEHIND_THE_FILTER = frozenset(code for code in CODES if code.startswith("firehose_"))
HOPS = dict.fromkeys(BEHIND_THE_FILTER, Hop.FIREHOSE)
PAGES = dict.fromkeys(BEHIND_THE_FILTER, Page.FIREHOSE)

Stream = DeliveryStream | Missing | None


def check(
    function: LambdaFunction,
    log_group: LogGroup | Missing | None,
    filters: Filters,
    account_filters: Filters | None,
    log_firehose: Stream,
    forwarding: Forwarding | Missing | None,
    log: LogSample | Missing,
    now: datetime,
) -> Finding:
    """Half of the evidence can prove a gap; all of it is needed to call it well."""
    if log_group is None:
        return _no_log_group(function)
    ours = our_way(filters, account_filters)
    return (
        gap_at_filter(function, log_group, filters, account_filters)
        or undelivered(function, forwarding, ours)
        or fault_of(log_firehose)
        or _first_missing(filters, log_firehose, forwarding)
        or _nothing_came_in(function, log_firehose, log, ours, now)
        or unclear_pattern(function, ours)
        or _well(ours, log_firehose)
    )


def _no_log_group(function: LambdaFunction) -> Finding:
    headline = "There is no log group yet"
    return unknown("no_log_group", headline, f"{headline}.", invoke_once(function))


def _first_missing(
    filters: Filters, stream: Stream, forwarding: Forwarding | Missing | None
) -> Finding | None:
    for part, name in (
        (filters, "subscription filters"),
        (stream, "Firehose stream"),
        (getattr(stream, "delivered_share", None), "Firehose stream's deliveries"),
        (forwarding, "subscription filter's own metrics"),
    ):
        if isinstance(part, Missing):
            return not_read(name, part)
    return None


def _nothing_came_in(
    function: LambdaFunction,
    stream: Stream,
    log: LogSample | Missing,
    ours: Filter | None,
    now: datetime,
) -> Finding | None:
    made = ours.created_at if ours else None
    due = _due(log, max(function.modified_at, made or function.modified_at), now)
    if due is None or getattr(stream, "records_in", None) != 0:
        return None
    return unknown(
        "firehose_takes_nothing",
        "The logs Firehose took in no records",
        f"A payload was logged on {clock(due)}, and {LOG_FIREHOSE} took in no record since.",
        Action(
            f"Watch the metric IncomingRecords of {LOG_FIREHOSE}; go on if it stays empty",
            Page.FIREHOSE,
        ),
        *turn_off_and_on(function),
    )


def _due(log: LogSample | Missing, since: datetime, now: datetime) -> datetime | None:
    """When the newest payload was logged that must have been forwarded by now."""
    if isinstance(log, Missing):
        return None
    first, last = max(since, now - COUNTED), now - BUFFER
    return max((at for at in log.payload_times if first <= at <= last), default=None)


def _well(ours: Filter | None, stream: Stream) -> Finding:
    records = getattr(stream, "records_in", None)
    came = f" {counted(records, 'record')} came in lately." if records else ""
    name = ours.name if ours else FILTER_NAME
    return ok(f"{name} leads to {LOG_FIREHOSE}, which is active.{came}")
