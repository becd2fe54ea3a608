"""
Answers of exact checks that a later scan need not ask for again. Pure.

An answer lasts where its cause rests on the configuration, the account and the region alone, and
the first tier finds all of these as they were. A new payload, a filter that came or went, or an
invocation may change the others without leaving a trace there, so these are checked each time. So
is a function that was not invoked yet, which may report all the same, and one with aliases: moved
to another version, they may bring its data back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.region import RegionParts
from bot.scan.model import Seen
from checks.evidence import DeliveryStream, Evidence, Expected, Missing, Traffic
from checks.model import Overall, Verdict
from checks.report import Report
from checks.runbook import step_named

LASTS = timedelta(hours=6)
"""A filter may hide another cause that comes before it in the runbook: no answer lasts longer."""
_MAY_CHANGE_UNSEEN = frozenset(
    {"account_filters", "filters", "forwarding", "invocations", "log", "log_group", "most_filters"}
    | {"edge_unread", "traffic"}
)
"""Parts that the first tier does not read, or that change without a deployment."""


def basis_of(
    configuration: Configuration,
    account: AccountParts,
    region: RegionParts,
    expected: Expected,
    answer: object,
) -> str:
    """
    The same as long as nothing changed that an answer which lasts could depend on.

    `answer` is the first tier's own. What the Firehose delivered lately is left out: only symptoms
    depend on it.
    """
    environment = configuration.environment
    variables = environment if isinstance(environment, Missing) else sorted(environment.items())
    firehose = region.log_firehose
    stream = (firehose.arn, firehose.status) if isinstance(firehose, DeliveryStream) else firehose
    function = replace(configuration.function, read_on=None)
    stated = (function, variables, configuration.environment_size, configuration.log_group)
    shared = (account.stack, account.role, stream, region.metric_pipe, expected)
    return sha256(repr((stated, shared, answer)).encode()).hexdigest()[:32]


def is_proved(report: Report, evidence: Evidence) -> bool:
    """Whether invocations have shown the problem, and no other version can be invoked in their place."""
    payload, traffic = report.line("telemetry_payload_logged"), evidence.traffic
    shown = payload is not None and payload.outcome is Verdict.PROBLEM
    return shown and isinstance(traffic, Traffic) and traffic == Traffic(())


def lasts(seen: Seen) -> bool:
    """Whether an exact answer is worth remembering: its basis was kept, because it `is_proved`."""
    cause = step_named(seen.cause or "")
    problem = seen.exact and seen.verdict == Overall.PROBLEM.value and seen.is_news
    proved = problem and seen.basis is not None
    return bool(proved and cause and _MAY_CHANGE_UNSEEN.isdisjoint(cause.reads))


def recalled(seen: Seen, remembered: Seen | None, now: datetime) -> Seen:
    """What the first tier saw, or in its place the exact answer that still holds."""
    if remembered is None or seen.basis is None or seen.basis != remembered.basis:
        return seen
    checked = remembered.checked_before
    if checked is None or not timedelta(0) <= now - checked < LASTS or not lasts(remembered):
        return seen
    return replace(remembered, invoked=seen.invoked, owner=seen.owner)
