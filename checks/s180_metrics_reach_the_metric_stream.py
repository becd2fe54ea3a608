"""
Do metrics leave the region?

Metrics travel by the CloudWatch metric stream serverless_metrics-stream of the function's
region, not through the log. So traces can show while metrics do not, and the reverse.

Runbook: Add The SDK Debug Environment Variable
"""

from __future__ import annotations

from checks.account_actions import integrate_again, start_metric_stream
from checks.evidence import LambdaFunction, MetricPipe
from checks.evidence.region import METRIC_FIREHOSE, METRIC_STREAM
from checks.facts.states import STREAM_STATES, StreamState
from checks.log_firehose import made_active
from checks.model import Finding, Hop, Page, Symptom, not_read, notice, ok, problem

EXPLAINS = Symptom.METRICS
HOP = Hop.METRIC_STREAM
PAGE = Page.METRIC_STREAM
SHORT_NAME = "metrics leave the region"
CODES = ("stopped", "stream_gone", "both_absent", "firehose_gone", "firehose_inactive")

EXPLAINED_BY = (
    "integration_stack_exists",
    "integration_stack_in_us_east_1",
    "no_account_integration_errors",
)
RUNNING = "running"


def check(function: LambdaFunction, metric_pipe: MetricPipe) -> Finding:
    """Names from the platform's IAM policies (2023); newer integrations may differ."""
    state = metric_pipe.state
    if state not in {RUNNING, None}:
        return problem(
            "stopped",
            f"The metric stream is {state}",
            f"The metric stream {METRIC_STREAM} is {state}.",
            start_metric_stream(function.region),
        )
    if metric_pipe.firehose_exists is None:
        return not_read(f"metrics Firehose {METRIC_FIREHOSE}", metric_pipe.firehose_missing)
    return _running(metric_pipe) if state else _absent(exists=metric_pipe.firehose_exists)


def _absent(*, exists: bool) -> Finding:
    if exists:
        return problem(
            "stream_gone",
            "The metric stream is gone",
            f"There is no metric stream {METRIC_STREAM}, though {METRIC_FIREHOSE} exists.",
            integrate_again(),
        )
    return notice(
        "both_absent",
        "This integration has no metric stream",
        f"There is neither {METRIC_STREAM} nor {METRIC_FIREHOSE}; newer integrations may not "
        "have them.",
    )


def _running(pipe: MetricPipe) -> Finding:
    """A stream runs on when what it leads to is gone."""
    leads = f"The metric stream {METRIC_STREAM} is running into {METRIC_FIREHOSE}, which is"
    if not pipe.firehose_exists:
        headline = "The metrics Firehose is missing"
        return problem("firehose_gone", headline, f"{leads} missing.", integrate_again())
    status = pipe.firehose_status
    state = STREAM_STATES.value.get(status or "")
    if status and state is not StreamState.READY:
        headline = f"The metrics Firehose is {status}"
        helps = made_active(METRIC_FIREHOSE, state, PAGE)
        return problem("firehose_inactive", headline, f"{leads} {status}.", *helps)
    return ok(f"The metric stream {METRIC_STREAM} is running.")
