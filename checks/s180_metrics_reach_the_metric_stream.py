"""
Do metrics leave the region?

Metrics travel by the CloudWatch metric stream serverless_metrics-stream of the function's
region, not through the log. So traces can show while metrics do not, and the reverse.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from checks.evidence import MetricPipe
from checks.evidence.region import METRIC_FIREHOSE, METRIC_STREAM
from checks.model import Finding, notice, ok, problem, unknown

EXPLAINED_BY = (
    "integration_stack_exists",
    "integration_stack_in_us_east_1",
    "no_account_integration_errors",
)


def check(metric_pipe: MetricPipe) -> Finding:
    """Names from the platform's IAM policies (2023); newer integrations may differ."""
    state = metric_pipe.state
    if state == "running":
        return ok(f"The metric stream {METRIC_STREAM} is running.")
    if state is not None:
        return problem(
            f"The metric stream {METRIC_STREAM} is {state}.",
            "Start it in the CloudWatch console under Metrics > Streams.",
        )
    if metric_pipe.firehose_exists is None:
        return unknown(
            f"There is no {METRIC_STREAM}, and {METRIC_FIREHOSE} could not be read: "
            f"{metric_pipe.firehose_unreadable or 'not looked at'}",
            "Allow firehose:DescribeDeliveryStream to slsdiag's role.",
        )
    if metric_pipe.firehose_exists:
        return problem(
            f"There is no metric stream {METRIC_STREAM}, though {METRIC_FIREHOSE} exists.",
            "Remove the integration in Dashboard and add it again; that makes the stream anew.",
        )
    return notice(
        f"There is neither {METRIC_STREAM} nor {METRIC_FIREHOSE}; newer integrations may not "
        "have them."
    )
