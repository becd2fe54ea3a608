"""
Made-up facts for the steps' tests: a healthy function, and how to spoil it.

Times hang on NOON; nothing here looks at a clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.evidence import (
    DeliveryStream,
    Evidence,
    Filter,
    IntegrationRole,
    IntegrationStack,
    Invocations,
    LambdaFunction,
    LogGroup,
    MetricPipe,
    Traffic,
)
from checks.log.sample import Kind, LogLine, LogSample
from checks.log.telemetry import Payload
from checks.model import Action, Outcome, Verdict
from checks.report import Report
from checks.runbook import step_named, try_step

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=30)
YESTERDAY = NOON - timedelta(days=1)
LATELY = NOON - timedelta(minutes=5)
OURS_NODE = {
    "AWS_LAMBDA_EXEC_WRAPPER": "/opt/sls-sdk-node/exec-wrapper.sh",
    "SLS_ORG_ID": "org-1a2b3c4d",
}
OURS_PYTHON = {
    "AWS_LAMBDA_EXEC_WRAPPER": "/opt/sls-sdk-python/exec_wrapper.py",
    "SLS_ORG_ID": "org-1a2b3c4d",
}
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/serverless_logs-firehose"


def layer(name: str) -> str:
    """The ARN of a layer of the SDK's publisher."""
    return f"arn:aws:lambda:eu-west-1:177335420605:layer:{name}:1"


NODE_LAYER = layer("sls-sdk-node-v0-15-15")
PYTHON_LAYER = layer("sls-sdk-python-v0-3-3")


def a_payload(**changes: Any) -> Payload:
    """A payload of a plain invocation."""
    facts: dict[str, Any] = {
        "org_id": "org-1a2b3c4d",
        "service": "checkout",
        "sdk_name": "@serverless/aws-lambda-sdk",
        "sdk_version": "0.15.15",
        "sdk_runtime": "nodejs",
        "request_id": "r-1",
        "outcome": "success",
        "is_coldstart": False,
        "sampled_out": False,
        "truncated": False,
        "spans": ("aws.lambda",),
        "events": (),
        "version": "$LATEST",
    }
    return Payload(**(facts | changes))


def seen(kind: Kind, at: datetime = LATELY, payload: Payload | None = None) -> LogLine:
    """One line of the log, as the sample keeps it."""
    return LogLine(kind=kind, at=at, request_id="r-1", version="$LATEST", payload=payload)


def a_log(*sightings: LogLine) -> LogSample:
    """A log of these lines."""
    return LogSample(sightings=sightings)


HEALTHY_LOG = a_log(seen(Kind.TELEMETRY, payload=a_payload()), seen(Kind.FINISHED))


def a_function(**changes: Any) -> LambdaFunction:
    """A healthy Node function, but for `changes`."""
    function = LambdaFunction(
        name="checkout",
        arn="arn:aws:lambda:eu-west-1:123456789012:function:checkout",
        region="eu-west-1",
        account="123456789012",
        runtime="nodejs22.x",
        handler="index.handler",
        layers=(NODE_LAYER,),
        modified_at=YESTERDAY,
        update_status="Successful",
        code_size=1_000_000,
    )
    return replace(function, **changes)


def a_stack(**changes: Any) -> IntegrationStack:
    """A stack made long ago."""
    return replace(IntegrationStack("CREATE_COMPLETE", LONG_AGO), **changes)


def evidence(**changes: Any) -> Evidence:
    """All is well, but for `changes`."""
    healthy = Evidence(
        now=NOON,
        function=a_function(),
        environment=OURS_NODE,
        environment_size=120,
        stack=a_stack(),
        role=IntegrationRole("arn:aws:iam::123456789012:role/ServerlessRole"),
        log_firehose=DeliveryStream(FIREHOSE, "ACTIVE"),
        metric_pipe=MetricPipe("running", firehose_exists=True, firehose_status="ACTIVE"),
        log_group=LogGroup("/aws/lambda/checkout"),
        filters=(Filter("serverless_logs-filter", FIREHOSE),),
        invocations=Invocations(((LATELY, 60, 12),), looked_from=LONG_AGO),
        log=HEALTHY_LOG,
        traffic=Traffic(()),
    )
    return replace(healthy, **changes)


def outcome_of(slug: str, **changes: Any) -> Outcome:
    """What that one step says of a healthy function, but for `changes`."""
    step = step_named(slug)
    assert step
    return try_step(step, evidence(**changes))


def contradictions(report: Report) -> list[tuple[str, Action]]:
    """Actions that take away what the same report calls well, but where something is down by it."""
    well = {line.step for line in report.steps if line.outcome is Verdict.OK}
    return [
        (line.step, action)
        for line in report.steps
        if not any(action.relief for action in line.actions)
        for action in line.actions
        if well & set(action.undoes)
    ]
