"""The region's parts: the two pipes that carry logs and metrics away, and how deployments are heard of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from checks.evidence.missing import Missing
from checks.facts.denials import DeniedBy
from checks.facts.limits import FIREHOSE_BUFFER

LOG_FIREHOSE = "serverless_logs-firehose"
METRIC_FIREHOSE = "serverless_metrics-firehose"
METRIC_STREAM = "serverless_metrics-stream"
TRAIL = "serverless_trail"
RULE_PREFIX = "serverless_"
BUFFER = FIREHOSE_BUFFER.value
"""Firehose's longest buffer: what was logged longer ago has been forwarded and delivered (AWS)."""
COUNTED = timedelta(hours=6)
"""How far back it is counted what came in and what went out."""


@dataclass(frozen=True, slots=True)
class DeliveryStream:
    """A Firehose stream, by DescribeDeliveryStream and its own metrics."""

    arn: str
    status: str
    """Firehose's word: CREATING, CREATING_FAILED, DELETING, DELETING_FAILED, ACTIVE."""
    failure: str | None = None
    delivered_share: float | Missing | None = None
    """Share of records delivered over the last hours, 0 to 1; None when nothing came in."""
    records_in: int | None = None
    """Records that came in over the last hours; None when not read."""


@dataclass(frozen=True, slots=True)
class MetricPipe:
    """The CloudWatch metric stream, and whether its Firehose exists."""

    state: str | None
    """CloudWatch's word, "running" or "stopped"; None when there is no such stream."""
    firehose_exists: bool | None = None
    """None when not readable."""
    firehose_unreadable: str | None = None
    """Why the Firehose could not be read."""
    firehose_status: str | None = None
    """Firehose's word, where it exists."""
    firehose_action: str | None = None
    """The IAM action that was refused, where that is why."""
    firehose_denied_by: DeniedBy | None = None
    """What refused it."""

    @property
    def firehose_missing(self) -> Missing:
        """Why it is not known whether the Firehose exists."""
        why = self.firehose_unreadable or "It was not read."
        return Missing(why, self.firehose_action, self.firehose_denied_by)


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail of CloudTrail's."""

    arn: str
    """It names the trail's home Region, where it is started and stopped."""
    logging: bool


@dataclass(frozen=True, slots=True)
class EventRule:
    """A rule of EventBridge's."""

    name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class DeploymentEvents:
    """Whether Dashboard can hear of deployments: EventBridge passes on what a trail records."""

    trail: Trail | Missing | None
    """The one called `TRAIL`; None where there is none."""
    rules: tuple[EventRule, ...] | Missing
    """Those whose names begin with `RULE_PREFIX`."""
    others_record: bool | Missing | None = None
    """Whether another trail records changes; None: not asked, because that one is logging."""
