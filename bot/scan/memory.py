"""
Answers of exact checks that a later scan need not ask for again. Pure.

While the first tier finds configuration, account and region as they were, an answer is taken over.
Where its cause rests on these alone and invocations have shown it, it lasts for hours. Another one
may change without a trace there: a filter comes or goes, an alias is moved, an invocation reports.
It lasts for a shorter time, and only while what happened since agrees with it: our filter forwarded
nothing of a function with a problem, and something of a healthy one that was invoked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.inventory import Activity
from bot.aws.evidence.region import RegionParts
from bot.scan.model import Seen
from checks.evidence import DeliveryStream, Evidence, Expected, Missing, Traffic
from checks.model import Overall, Verdict
from checks.report import Report
from checks.runbook import step_named

LASTS = timedelta(hours=6)
"""A filter may hide another cause that comes before it in the runbook: no answer lasts longer."""
LASTS_UNSTEADY = timedelta(hours=2)
"""Of an answer that may change without a trace in the configuration."""
_MINUTE = timedelta(minutes=1)
_WELL = frozenset({Overall.HEALTHY.value, Overall.NOTICE.value})
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


def lasts(seen: Seen) -> timedelta | None:
    """For how long an exact answer may be taken over at most; None for one that may not be."""
    if not seen.exact or seen.basis is None:
        return None
    if seen.verdict in _WELL:
        return LASTS_UNSTEADY
    if seen.verdict != Overall.PROBLEM.value or not seen.is_news:
        return None
    cause = step_named(seen.cause or "")
    steady = seen.steady and cause and _MAY_CHANGE_UNSEEN.isdisjoint(cause.reads)
    return LASTS if steady else LASTS_UNSTEADY


def holds(seen: Seen, remembered: Seen, now: datetime) -> bool:
    """Whether the first tier, which saw `seen`, leaves the earlier answer as it was."""
    if seen.basis is None or seen.basis != remembered.basis:
        return False
    checked, most = remembered.checked_before, lasts(remembered)
    return bool(checked and most and timedelta(0) <= now - checked < most)


def agrees(remembered: Seen, since: Activity | Missing) -> bool:
    """
    Whether what happened since the answer agrees with it.

    After a problem our filter must have forwarded nothing. A healthy function must have been
    invoked no more, or must have forwarded something.
    """
    checked = remembered.checked_before
    if isinstance(since, Missing) or checked is None:
        return lasts(remembered) == LASTS
    if remembered.verdict in _WELL:
        reported = since.forwarded is not None and since.forwarded > checked
        return reported or not _may_be_after(since.invoked, checked)
    return not _may_be_after(since.forwarded, checked)


def _may_be_after(minute: datetime | None, moment: datetime) -> bool:
    return minute is not None and minute + _MINUTE > moment


def taken_over(seen: Seen, remembered: Seen) -> Seen:
    """The earlier answer, with what only the first tier reads."""
    return replace(remembered, invoked=seen.invoked, owner=seen.owner)
