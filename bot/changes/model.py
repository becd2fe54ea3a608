"""
What can be known of changes: CloudTrail's events as they are outside the AWS door, and what they do. Pure.

`bot/aws/trail/reading.py` makes a `TrailEvent` of LookupEvents' answers and of EventBridge's
`detail` alike; everything private stays there.
"""

from __future__ import annotations

from bot.aws.trail.event import Identity, TrailEvent, Way
from checks.change import Kind

__all__ = ["DOES", "UNDOES", "Identity", "TrailEvent", "Way"]

DOES: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.FUNCTION: (
        ("lambda", "UpdateFunctionConfiguration"),
        ("lambda", "UpdateFunctionCode"),
        ("lambda", "CreateFunction"),
    ),
    Kind.VERSION: (("lambda", "PublishVersion"), ("lambda", "UpdateFunctionCode")),
    Kind.ALIAS: (("lambda", "UpdateAlias"), ("lambda", "CreateAlias")),
    Kind.FILTER: (("logs", "DeleteSubscriptionFilter"),),
    Kind.FIREHOSE: (("firehose", "DeleteDeliveryStream"),),
    Kind.METRIC_STREAM: (("monitoring", "DeleteMetricStream"),),
    Kind.METRIC_STREAM_STOPPED: (("monitoring", "StopMetricStreams"),),
    Kind.STACK: (("cloudformation", "DeleteStack"),),
    Kind.ROLE: (("iam", "DeleteRole"),),
}
"""Service and event of each kind of change, the likeliest first."""
UNDOES: dict[Kind, str] = {
    Kind.FILTER: "PutSubscriptionFilter",
    Kind.FIREHOSE: "CreateDeliveryStream",
    Kind.METRIC_STREAM: "PutMetricStream",
    Kind.METRIC_STREAM_STOPPED: "StartMetricStreams",
    Kind.ROLE: "CreateRole",
}
"""What makes a thing again: after it, a deletion that is found was an earlier one."""
