"""For each finding code of a step of the function's own: what differs from a healthy function."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from situations import (
    FIREHOSE,
    LONG_AGO,
    NODE_LAYER,
    NOON,
    OURS_NODE,
    PYTHON_LAYER,
    a_function,
    a_log,
    a_payload,
    layer,
    seen,
)
from worlds import DENIED, MINUTE, a_log_of

from checks.evidence import Alias, Expected, Filter, Invocations, Traffic
from checks.log.line import LogLine
from checks.log.sample import Kind

NOTHING, BARE, REPORTS = a_log(), a_log_of(["bare"]), a_log_of(["payload"])


def in_part(log):
    """Its search was cut off."""
    return replace(log, bound="the newest page of its log, not all of it")


NEVER = Invocations((), LONG_AGO)
FULL_OF_OTHERS = tuple(layer(f"other-{n}") for n in range(5))
UNDECODABLE = a_log(seen(Kind.STARTED), seen(Kind.UNDECODABLE), seen(Kind.FINISHED))
OURS = (Filter("serverless_logs-filter", FIREHOSE, created_at=LONG_AGO),)
DEBUGGED = OURS_NODE | {"SLS_SDK_DEBUG": "true"}


def answered(text):
    return {"answers": {"function_instrumented": text}}


def bare(**changes):
    """Nothing of the SDK on it."""
    function = a_function(layers=(), **changes)
    return {"function": function, "environment": {}, "filters": (), "log": BARE}


def wrapped(value, log=NOTHING, layers=(NODE_LAYER,)):
    environment = OURS_NODE | {"AWS_LAMBDA_EXEC_WRAPPER": value}
    return {"environment": environment, "log": log, "function": a_function(layers=layers)}


def counted(failed):
    at = NOON - 20 * MINUTE
    return Invocations(((at, 60, 9),), LONG_AGO, ((at, 60, failed),) if failed else ())


def org(value, log=BARE):
    return {"environment": OURS_NODE | {"SLS_ORG_ID": value}, "log": log}


def rung(*kinds):
    return {"environment": DEBUGGED, "log": a_log(*map(seen, kinds), seen(Kind.FINISHED))}


BY_CODE = {
    "invoked": {
        "never": {"invocations": NEVER, "log": NOTHING},
        "before_set_up": {
            "invocations": Invocations(((LONG_AGO, 60, 9),), LONG_AGO - timedelta(days=9)),
            "log": NOTHING,
        },
        "set_up_unknown": {"stack": DENIED, "log": NOTHING},
    },
    "runtime_supported": {
        "at_the_edge": bare(at_the_edge=True),
        "container_image": bare(runtime=None),
        "breaks_on_import": bare(runtime="python3.13"),
        "no_sdk": bare(runtime="java21"),
        "not_known_to_work": {"function": a_function(runtime="java21")},
        "updates_blocked": bare(runtime="nodejs12.x"),
        "not_tried": {"function": a_function(runtime="nodejs26.x")},
    },
    "region_supported": {
        "partition": {"function": a_function(arn="arn:aws-cn:lambda:cn-north-1:1:function:f")},
        "no_layers": {"function": a_function(region="me-central-1")},
    },
    "function_instrumented": {
        "off": bare(),
        "on_without_effect": bare() | answered("It is on"),
        "not_listed": bare() | answered("It is not listed"),
        "removed": bare() | {"filters": OURS},
        "may_be_repaired": bare(modified_at=NOON - MINUTE) | {"filters": OURS},
    },
    "code_size_within_limit": {
        "too_large": bare(error="Unzipped size must be smaller than 262144000 bytes"),
        "may_not_fit": bare(code_size=80_000_000),
        "size_unknown": bare(code_size=None),
    },
    "traces_not_sampled": {
        "sampled_out": {"log": a_log(seen(Kind.TELEMETRY, payload=a_payload(sampled_out=True)))},
        "not_readable": {"log": UNDECODABLE},
    },
    "telemetry_payload_logged": {
        "stopped": {"log": a_log_of(["payload", "bare", "bare", "bare"])},
        "mixed": {"log": a_log_of(["payload", "bare", "bare", "bare", "payload"])},
        "cut_short_beside_payloads": {"log": a_log_of(["timed_out", "payload"])},
        "cut_short": {"log": a_log_of(["timed_out"])},
        "absent": {"log": BARE},
        "no_platform_lines": {"log": a_log(LogLine(Kind.HANDLER_RAN, NOON - 16 * MINUTE, "r-1"))},
        "fails_before_logging": {"log": NOTHING, "invocations": counted(9)},
        "still_running": {"log": a_log(seen(Kind.STARTED))},
        "read_in_part": {"log": in_part(REPORTS)},
        "no_log_group": {"log": NOTHING, "invocations": counted(0), "log_group": None},
        "log_shows_none": {"log": NOTHING, "invocations": counted(0)},
        "not_invoked": {"log": NOTHING, "invocations": NEVER},
    },
    "payload_names_our_org": {
        "other_org": {"expected": Expected(org_id="another")},
        "impossible": {"log": a_log(seen(Kind.TELEMETRY, payload=a_payload(org_id="undefined")))},
        "not_readable": {"log": UNDECODABLE},
    },
    "layer_slot_to_spare": {
        "full": bare() | {"function": a_function(layers=FULL_OF_OTHERS)},
    },
    "layer_attached": {
        "absent": {"function": a_function(layers=()), "environment": {}, "log": BARE},
        "other_language": {
            "function": a_function(layers=(PYTHON_LAYER,)),
            "environment": {},
            "log": BARE,
        },
        "down": {"function": a_function(layers=()), "log": NOTHING},
        "unusual": {"function": a_function(layers=(PYTHON_LAYER,)), "log": REPORTS},
    },
    "wrapper_set": {
        "not_set": wrapped("", BARE),
        "wrong_path": wrapped(
            "/opt/sls-sdk-python/exec_wrapper.py", BARE, (NODE_LAYER, PYTHON_LAYER)
        ),
        "down": wrapped("/opt/sls-sdk-node/exec-wrapper.sh ", a_log_of(["cannot_start"])),
        "taken": wrapped("/opt/datadog_wrapper", BARE),
        "own_script": wrapped("/var/task/start.sh", BARE),
        "unusual": wrapped("/var/task/start.sh", REPORTS),
    },
    "org_id_set": {
        "not_set": {"environment": {}, "log": BARE},
        "empty": org(""),
        "impossible": org("${env:ORG}"),
        "missing_in_log": {"environment": DENIED, "log": a_log(seen(Kind.ORG_ID_MISSING))},
        "missing_where_it_runs": {"log": a_log(seen(Kind.ORG_ID_MISSING), seen(Kind.FINISHED))},
    },
    "environment_has_room": {"full": bare() | {"environment_size": 4_090}},
    "no_conflicting_tool": {
        "preload": {
            "environment": OURS_NODE | {"NODE_OPTIONS": "-r @sentry/aws-serverless/awslambda-auto"},
            "log": BARE,
        },
        "handler_in_layer": {
            "function": a_function(handler="lumigo-auto-instrument.handler"),
            "log": BARE,
        },
        "handler_unknown": {
            "function": a_function(layers=(NODE_LAYER, layer("tracekit"))),
            "log": BARE,
        },
        "beside": {"function": a_function(layers=(NODE_LAYER, layer("Datadog-Node22-x")))},
        "unusual": {"function": a_function(handler="lumigo-auto-instrument.handler")},
    },
    "traffic_on_instrumented_version": {
        "uninstrumented": {"traffic": Traffic((Alias("live", "7", 9, instrumented=False),))},
    },
    "wrapper_initialized": {
        "read_in_part": {"environment": DEBUGGED, "log": in_part(BARE)},
        "nothing": rung(),
        "org_id_missing": rung(Kind.ORG_ID_MISSING),
        "wrapper_initialized": rung(Kind.WRAPPER_INITIALIZED),
        "setup_failed": rung(Kind.SETUP_FAILED),
        "sdk_initialized": rung(Kind.SDK_INITIALIZED),
        "invocation_started": rung(Kind.INVOCATION_STARTED),
        "not_invoked": {"environment": DEBUGGED, "log": NOTHING},
    },
}
