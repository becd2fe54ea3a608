"""
Situations that spoil a healthy function in one way each, and what must be found.

The tests hold the steps to them, and the steps' pages in docs/steps show what is said there.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import (
    NOON,
    OURS_NODE,
    a_function,
    a_log,
    a_payload,
    a_stack,
    layer,
    seen,
)

from checks.evidence import (
    Alias,
    DeliveryStream,
    Expected,
    Filter,
    Invocations,
    MetricPipe,
    NoStack,
    StackElsewhere,
    Traffic,
)
from checks.log.sample import Kind
from checks.model import Impact, Overall

SENTRY = OURS_NODE | {"NODE_OPTIONS": "-r @sentry/aws-serverless/awslambda-auto"}
NO_PAYLOAD = a_log(seen(Kind.FINISHED))
FULL = tuple(Filter(f"other-{n}", f"arn:{n}") for n in range(5))
FOREIGN = (
    Filter(
        "dd",
        "arn:aws:lambda:eu-west-1:123456789012:function:datadog-forwarder",
        last_forwarded=NOON - timedelta(hours=1),
    ),
    Filter(
        "old",
        "arn:aws:logs:eu-west-1:802587217904:destination:aa11#shop#live",
        idle_since=NOON - timedelta(days=28),
    ),
)
OTHERS = tuple(layer(f"other-{n}") for n in range(5))

# what differs from a healthy function, verdict, cause, impact
PLANTED = [
    pytest.param(
        {"invocations": Invocations((), NOON - timedelta(days=455)), "log": a_log()},
        Overall.PROBLEM,
        "invoked",
        Impact.BLIND,
        id="never invoked",
    ),
    pytest.param(
        {
            "function": a_function(runtime="java21", layers=()),
            "environment": {},
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "runtime_supported",
        Impact.BLIND,
        id="java",
    ),
    pytest.param(
        {"function": a_function(runtime=None, layers=()), "environment": {}, "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "runtime_supported",
        Impact.BLIND,
        id="image",
    ),
    pytest.param(
        {
            "function": a_function(runtime="python3.13", layers=(layer("sls-sdk-python-v0-3-3"),)),
            "environment": {
                "AWS_LAMBDA_EXEC_WRAPPER": "/opt/sls-sdk-python/exec_wrapper.py",
                "SLS_ORG_ID": "o",
            },
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "runtime_supported",
        Impact.DOWN,
        id="python 3.13 wrapped",
    ),
    pytest.param(
        {"function": a_function(region="me-central-1")},
        Overall.NOTICE,
        "region_supported",
        None,
        id="new region",
    ),
    pytest.param(
        {"stack": a_stack(created_at=NOON - timedelta(minutes=6)), "log": a_log()},
        Overall.WAITING,
        "ten_minutes_passed",
        None,
        id="six minutes old",
    ),
    pytest.param(
        {
            "function": a_function(layers=()),
            "environment": {},
            "filters": (),
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "function_instrumented",
        Impact.BLIND,
        id="toggle off",
    ),
    pytest.param(
        {"stack": NoStack(searched=("eu-west-1",)), "role": None},
        Overall.PROBLEM,
        "integration_stack_exists",
        Impact.BLIND,
        id="no stack",
    ),
    pytest.param(
        {"stack": NoStack(searched=("eu-west-1", "us-west-2"))},
        Overall.NOTICE,
        "integration_stack_exists",
        None,
        id="role without a stack",
    ),
    pytest.param(
        {
            "stack": a_stack(
                status="ROLLBACK_COMPLETE",
                reason="ServerlessRole already exists",
                failed_resource="ServerlessRole",
            )
        },
        Overall.PROBLEM,
        "integration_stack_exists",
        Impact.BLIND,
        id="role left over",
    ),
    pytest.param(
        {"stack": a_stack(status="DELETE_IN_PROGRESS", reason="User Initiated")},
        Overall.PROBLEM,
        "integration_stack_exists",
        Impact.BLIND,
        id="stack being deleted",
    ),
    pytest.param(
        {"stack": a_stack(status="REVIEW_IN_PROGRESS"), "role": None},
        Overall.PROBLEM,
        "integration_stack_exists",
        Impact.BLIND,
        id="change set not executed",
    ),
    pytest.param(
        {
            "stack": a_stack(
                status="UPDATE_ROLLBACK_FAILED",
                reason="Role with name EventsRole cannot be found",
                failed_resource="EventsRole",
            )
        },
        Overall.PROBLEM,
        "integration_stack_exists",
        Impact.BLIND,
        id="update's rollback failed",
    ),
    pytest.param(
        {"stack": StackElsewhere("eu-west-1", "ROLLBACK_COMPLETE"), "role": None},
        Overall.PROBLEM,
        "integration_stack_in_us_east_1",
        Impact.BLIND,
        id="stack elsewhere",
    ),
    pytest.param(
        {"role": None},
        Overall.PROBLEM,
        "no_account_integration_errors",
        Impact.BLIND,
        id="role gone",
    ),
    pytest.param(
        {"function": a_function(error="Rate exceeded", layers=()), "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "no_function_instrumentation_errors",
        Impact.DOWN,
        id="throttled while instrumenting",
    ),
    pytest.param(
        {"filters": FOREIGN},
        Overall.PROBLEM,
        "traces_reach_the_log_pipe",
        Impact.BLIND,
        id="two foreign filters",
    ),
    pytest.param(
        {"filters": FULL},
        Overall.PROBLEM,
        "subscription_filter_to_spare",
        Impact.BLIND,
        id="filters full",
    ),
    pytest.param(
        {
            "function": a_function(
                error="Unzipped size must be smaller than 262144000 bytes", layers=()
            ),
            "environment": {},
            "filters": (),
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "code_size_within_limit",
        Impact.BLIND,
        id="code too large",
    ),
    pytest.param(
        {"log": a_log(seen(Kind.TELEMETRY, payload=a_payload(sampled_out=True)))},
        Overall.NOTICE,
        "traces_not_sampled",
        None,
        id="sampled",
    ),
    pytest.param(
        {"log": NO_PAYLOAD},
        Overall.PROBLEM,
        "telemetry_payload_logged",
        Impact.BLIND,
        id="no payload",
    ),
    pytest.param(
        {"expected": Expected(org_id="another")},
        Overall.PROBLEM,
        "payload_names_our_org",
        Impact.BLIND,
        id="wrong org",
    ),
    pytest.param(
        {
            "function": a_function(layers=OTHERS),
            "environment": {},
            "filters": (),
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "layer_slot_to_spare",
        Impact.BLIND,
        id="five layers",
    ),
    pytest.param(
        {"function": a_function(layers=()), "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "layer_attached",
        Impact.DOWN,
        id="wrapper without layer",
    ),
    pytest.param(
        {
            "environment": OURS_NODE | {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"},
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "wrapper_set",
        Impact.BLIND,
        id="Datadog's wrapper",
    ),
    pytest.param(
        {"environment": OURS_NODE | {"SLS_ORG_ID": ""}, "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "org_id_set",
        Impact.BLIND,
        id="org id empty",
    ),
    pytest.param(
        {"environment": OURS_NODE | {"SLS_ORG_ID": "undefined"}},
        Overall.PROBLEM,
        "org_id_set",
        Impact.BLIND,
        id="org id undefined",
    ),
    pytest.param(
        {"environment": {}, "environment_size": 4090, "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "environment_has_room",
        Impact.BLIND,
        id="environment full",
    ),
    pytest.param(
        {"environment": SENTRY, "log": NO_PAYLOAD},
        Overall.PROBLEM,
        "no_conflicting_tool",
        Impact.BLIND,
        id="Sentry's preload",
    ),
    pytest.param(
        {
            "traffic": Traffic((Alias("live", "7", 9, instrumented=False),)),
            "log": NO_PAYLOAD,
        },
        Overall.PROBLEM,
        "traffic_on_instrumented_version",
        Impact.BLIND,
        id="traffic on a version without the SDK",
    ),
    pytest.param(
        {
            "environment": OURS_NODE | {"SLS_SDK_DEBUG": "true"},
            "log": a_log(seen(Kind.SDK_INITIALIZED), seen(Kind.FINISHED)),
        },
        Overall.PROBLEM,
        "wrapper_initialized",
        Impact.BLIND,
        id="ladder stops",
    ),
    pytest.param(
        {"filters": ()},
        Overall.PROBLEM,
        "traces_reach_the_log_pipe",
        Impact.BLIND,
        id="no filter",
    ),
    pytest.param(
        {"log_firehose": DeliveryStream("arn", "DELETING")},
        Overall.PROBLEM,
        "traces_reach_the_log_pipe",
        Impact.BLIND,
        id="firehose going",
    ),
    pytest.param(
        {"metric_pipe": MetricPipe("stopped")},
        Overall.PROBLEM,
        "metrics_reach_the_metric_stream",
        Impact.BLIND,
        id="metric stream stopped",
    ),
]
