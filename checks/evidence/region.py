"""The region's parts: the two pipes that carry logs and metrics away."""

from __future__ import annotations

from dataclasses import dataclass

from checks.evidence.missing import Missing

LOG_FIREHOSE = "serverless_logs-firehose"
METRIC_FIREHOSE = "serverless_metrics-firehose"
METRIC_STREAM = "serverless_metrics-stream"


@dataclass(frozen=True, slots=True)
class DeliveryStream:
    """A Firehose stream, as DescribeDeliveryStream and its own metrics tell."""

    arn: str
    status: str
    """Firehose's word: CREATING, CREATING_FAILED, DELETING, DELETING_FAILED, ACTIVE."""
    failure: str | None = None
    delivered_share: float | Missing | None = None
    """Share of records delivered over the last hours, 0 to 1; None when nothing came in."""


@dataclass(frozen=True, slots=True)
class MetricPipe:
    """The CloudWatch metric stream, and whether its Firehose exists."""

    state: str | None
    """CloudWatch's word, "running" or "stopped"; None when there is no such stream."""
    firehose_exists: bool | None = None
    """Asked only where the stream is absent; None when not asked or not readable."""
    firehose_unreadable: str | None = None
    """Why the Firehose could not be looked at, where it was asked for."""
