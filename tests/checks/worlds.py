"""
Random evidence: whatever a function may look like, with a log that is laid out on purpose.

A log is a list of ends, oldest first, a minute apart, the newest a minute before NOON. The
configuration around it is drawn without any regard to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from situations import (
    FIREHOSE,
    LONG_AGO,
    NODE_LAYER,
    NOON,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    a_payload,
    a_stack,
    evidence,
    layer,
)

from checks.evidence import (
    Alias,
    DeliveryStream,
    Expected,
    Filter,
    Forwarding,
    IntegrationRole,
    Invocations,
    LogGroup,
    LogSample,
    MetricPipe,
    Missing,
    NoStack,
    StackElsewhere,
    Traffic,
)
from checks.log.line import Kind, LogLine

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DENIED = Missing("access denied", "some:Action")
CUT = ("timed_out", "out_of_memory", "crashed", "cannot_start")
RUNTIMES = (
    "nodejs12.x",
    "nodejs16.x",
    "nodejs22.x",
    "nodejs26.x",
    "python3.7",
    "python3.9",
    "python3.12",
    "python3.13",
    "java21",
    "provided.al2023",
    None,
)
HANDLERS = (
    "index.handler",
    "iopipe-wrapper.handler",
    "datadog_lambda.handler.handler",
    "/opt/python/x.handler",
    "newrelic-lambda-wrapper.handler",
    None,
)
LAYERS = (
    NODE_LAYER,
    PYTHON_LAYER,
    *(
        layer(name)
        for name in ("Datadog-Node22-x", "lumigo-node-tracer", "own-1", "own-2", "own-3")
    ),
)
LAYERED = st.one_of(st.lists(st.sampled_from(LAYERS), max_size=5, unique=True), st.just(LAYERS[2:]))
"""The second alternative leaves the SDK no slot."""
WRAPPERS = (
    *(each["AWS_LAMBDA_EXEC_WRAPPER"] for each in (OURS_NODE, OURS_PYTHON)),
    "/opt/sls-sdk-node/exec_wrapper.sh",
    "/opt/sls-sdk-python/exec_wrapper.py ",
    "'/opt/sls-sdk-node/exec-wrapper.sh'",
    "/opt/lumigo_wrapper",
    "/opt/of-nobody",
    "/var/task/start.sh",
    "",
)
ERRORS = (
    None,
    "Rate exceeded",
    "Unzipped size must be smaller than 262144000 bytes",
    "The KMS key was not found",
    "Cannot reference more than 5 layers",
    "A made-up reason",
)
DAYS = (NOON.date(), NOON.date() + timedelta(days=400))


def lines_of(end, number, at):
    """The platform's lines of one invocation, and what is between them."""
    request = f"r-{number}"
    inside = []
    if end == "payload":
        payload = a_payload(request_id=request)
        inside = [LogLine(Kind.TELEMETRY, at, request, payload=payload)]
    elif end in CUT:
        inside = [LogLine(Kind(end), at, request)]
    started = LogLine(Kind.STARTED, at - SECOND, request)
    return [started, *inside, LogLine(Kind.FINISHED, at, request)]


def a_log_of(ends, newest=NOON - MINUTE):
    """A minute apart; the last of them at `newest`."""
    found = []
    for number, end in enumerate(ends):
        found += lines_of(end, number, newest - (len(ends) - 1 - number) * MINUTE)
    return LogSample(tuple(found))


@st.composite
def functions(draw, modified_at):
    """Any configuration, last changed at `modified_at`."""
    error = draw(st.sampled_from(ERRORS))
    return a_function(
        modified_at=modified_at,
        runtime=draw(st.sampled_from(RUNTIMES)),
        handler=draw(st.sampled_from(HANDLERS)),
        layers=tuple(draw(LAYERED)),
        error=error,
        error_code=draw(st.sampled_from(("Failed", "EniLimitExceeded"))) if error else None,
        update_status=draw(st.sampled_from(("Successful", "InProgress"))),
        code_size=draw(st.sampled_from((None, 1_000_000, 80_000_000))),
        qualifier=draw(st.sampled_from((None, None, "live"))),
        version=draw(st.sampled_from(("$LATEST", "$LATEST", "7"))),
        region=draw(st.sampled_from(("eu-west-1", "us-east-1", "me-central-1"))),
        managed_instances=draw(st.booleans()),
        durable=draw(st.booleans()),
        at_the_edge=draw(st.booleans()),
        read_on=draw(st.sampled_from(DAYS)),
    )


ENVIRONMENTS = st.fixed_dictionaries(
    {},
    optional={
        "AWS_LAMBDA_EXEC_WRAPPER": st.sampled_from(WRAPPERS),
        "SLS_ORG_ID": st.sampled_from(("org-1a2b3c4d", "", "undefined", "${env:ORG}")),
        "SLS_SDK_DEBUG": st.sampled_from(("true", "false")),
        "NODE_OPTIONS": st.sampled_from(("-r @sentry/aws-serverless/awslambda-auto", "-r x")),
    },
)
OURS = Filter("serverless_logs-filter", FIREHOSE, created_at=LONG_AGO)
OTHERS = tuple(Filter(f"other-{n}", f"arn:aws:lambda:eu-west-1:1:function:f{n}") for n in range(5))
FILTERS = ((OURS,), (), OTHERS[:2], OTHERS, (OURS, *OTHERS[:1]), (replace(OURS, pattern="?WARN"),))
STACKS = (
    a_stack(),
    a_stack(status="ROLLBACK_COMPLETE"),
    a_stack(created_at=NOON - 5 * MINUTE),
    NoStack(searched=("eu-west-1",)),
    StackElsewhere("eu-west-1", "CREATE_COMPLETE"),
)
TRAFFIC = (Traffic(()), Traffic((Alias("live", "7", 9, instrumented=False),)))


@st.composite
def worlds(draw, ends, changed_before):
    """Evidence whose log has these ends, of a function changed so many ends before the newest."""
    modified_at = NOON - MINUTE * (changed_before + 1) + 30 * SECOND
    return evidence(
        now=NOON,
        function=draw(functions(modified_at)),
        environment=draw(st.one_of(ENVIRONMENTS, st.just(DENIED))),
        environment_size=draw(st.sampled_from((120, 4_090, DENIED))),
        stack=draw(st.sampled_from((*STACKS, DENIED))),
        role=draw(st.sampled_from((IntegrationRole("arn"), None, DENIED))),
        log_firehose=draw(st.sampled_from((DeliveryStream(FIREHOSE, "ACTIVE"), None, DENIED))),
        metric_pipe=draw(
            st.sampled_from(
                (
                    MetricPipe("running", firehose_exists=True),
                    MetricPipe("running"),
                    MetricPipe("stopped"),
                    DENIED,
                )
            )
        ),
        log_group=draw(st.sampled_from((LogGroup("/aws/lambda/checkout"), DENIED))),
        filters=draw(st.sampled_from((*FILTERS, DENIED))),
        forwarding=draw(st.sampled_from((None, Forwarding(3, 0), Forwarding(0, 3), DENIED))),
        invocations=draw(
            st.sampled_from((Invocations(((NOON - 2 * MINUTE, 60, 9),), LONG_AGO), DENIED))
        ),
        log=a_log_of(ends),
        traffic=draw(st.sampled_from((*TRAFFIC, DENIED))),
        edge_unread=draw(st.sampled_from((None, DENIED))),
        expected=draw(st.sampled_from((Expected(), Expected("org-1a2b3c4d"), Expected("another")))),
        answers=draw(
            st.sampled_from(
                (
                    {},
                    {"function_instrumented": "It is off"},
                    {"function_instrumented": "It is on"},
                    {"no_function_instrumentation_errors": "Cannot reference more than 5 layers."},
                    {"no_function_instrumentation_errors": "Unzipped size must be smaller than 1"},
                )
            )
        ),
    )


ANY_END = st.sampled_from(("payload", "bare", *CUT))


@st.composite
def reporting(draw):
    """Payloads came since the last change, and no end without one is newer than the first."""
    before = draw(st.lists(ANY_END, max_size=4))
    since = draw(st.lists(st.sampled_from(("bare", *CUT)), max_size=4))
    newest = ["payload", *draw(st.lists(st.sampled_from(("payload", *CUT)), max_size=4))]
    ends = [*before, *since, *newest]
    return draw(worlds(ends, changed_before=len(since) + len(newest)))


@st.composite
def stopped(draw):
    """Three invocations or more ended without a payload, over more than a minute, after the last."""
    before = draw(st.lists(ANY_END, max_size=6))
    ends = [*before, *["bare"] * draw(st.integers(3, 6))]
    return draw(worlds(ends, changed_before=draw(st.integers(3, len(ends)))))


@st.composite
def any_world(draw):
    """Any log at all."""
    ends = draw(st.lists(ANY_END, max_size=8))
    return draw(worlds(ends, changed_before=draw(st.integers(0, len(ends)))))
