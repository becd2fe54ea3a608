"""
Which change a report's cause is about, if it is about one (interface: Who changed it).

What was never set up was not changed by anybody; nor was what only the log shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from checks.change import Kind, Sought
from checks.evidence import Evidence, Missing, NoStack
from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import LOG_FIREHOSE, METRIC_FIREHOSE, METRIC_STREAM
from checks.model import Verdict
from checks.report import Line

_Find = Callable[[Evidence], Sought | None]


def sought_of(cause: Line | None, evidence: Evidence) -> Sought | None:
    """The change that `cause` is about; None where it is about none."""
    if cause is None or cause.outcome is not Verdict.PROBLEM:
        return None
    if cause.step == "no_function_instrumentation_errors":
        return _failed_update(evidence)
    find = _BY_CAUSE.get((cause.step, cause.code))
    return find(evidence) if find else None


def _function(evidence: Evidence) -> Sought:
    function = evidence.function
    return Sought(
        Kind.VERSION if function.frozen else Kind.FUNCTION,
        function.name,
        function.region,
        function.account,
        function.modified_at,
        function.version if function.frozen else "",
        partition=function.partition,
    )


def _removed(evidence: Evidence) -> Sought:
    found = _function(evidence)
    return replace(found, removed=found.kind is Kind.FUNCTION)


def _failed_update(evidence: Evidence) -> Sought | None:
    """An error that somebody pasted names no change."""
    failed = evidence.function.error or evidence.function.error_code
    return _function(evidence) if failed else None


def _version(evidence: Evidence) -> Sought | None:
    """The alias that leads to a version without the SDK, or who published that version."""
    if isinstance(evidence.traffic, Missing):
        return None
    bare = next((one for one in evidence.traffic.published if one.instrumented is False), None)
    if bare is None or not bare.version.isdigit():
        return None
    numbered = bare.qualifier == bare.version
    kind = Kind.VERSION if numbered else Kind.ALIAS
    detail = bare.version if numbered else f"{bare.qualifier} {bare.version}"
    function = evidence.function
    return Sought(kind, function.name, function.region, function.account, detail=detail)


def _stack(evidence: Evidence) -> Sought | None:
    stack, account = evidence.stack, evidence.function.account
    if isinstance(stack, Missing):
        return None
    if isinstance(stack, NoStack):
        return Sought(Kind.STACK, STACK_NAME, STACK_REGION, account, stack.deleted_at)
    made = getattr(stack, "created_at", None)
    return Sought(Kind.STACK, stack.name, stack.region, account, since=made)


def _role(evidence: Evidence) -> Sought:
    return Sought(Kind.ROLE, ROLE_NAME, STACK_REGION, evidence.function.account)


def _filter(evidence: Evidence) -> Sought | None:
    group, function = evidence.log_group, evidence.function
    if group is None or isinstance(group, Missing):
        return None
    where = group.name, function.region, function.account
    return Sought(Kind.FILTER, *where, detail=FILTER_NAME)


def _of_region(kind: Kind, name: str) -> _Find:
    def find(evidence: Evidence) -> Sought:
        return Sought(kind, name, evidence.function.region, evidence.function.account)

    return find


_BY_CAUSE: Mapping[tuple[str, str], _Find] = {
    ("function_instrumented", "removed"): _removed,
    **{("layer_attached", code): _function for code in ("absent", "other_language", "down")},
    **{
        ("wrapper_set", code): _function
        for code in ("not_set", "wrong_path", "down", "taken", "own_script")
    },
    **{("org_id_set", code): _function for code in ("not_set", "empty", "impossible")},
    **{("no_conflicting_tool", code): _function for code in ("preload", "handler_in_layer")},
    ("traffic_on_instrumented_version", "uninstrumented"): _version,
    ("integration_stack_exists", "deleted"): _stack,
    ("integration_stack_exists", "being_deleted"): _stack,
    ("integration_stack_exists", "not_deleted"): _stack,
    ("no_account_integration_errors", "role_gone"): _role,
    ("traces_reach_the_log_pipe", "no_filter"): _filter,
    ("traces_reach_the_log_pipe", "firehose_missing"): _of_region(Kind.FIREHOSE, LOG_FIREHOSE),
    ("metrics_reach_the_metric_stream", "stopped"): _of_region(
        Kind.METRIC_STREAM_STOPPED, METRIC_STREAM
    ),
    ("metrics_reach_the_metric_stream", "stream_gone"): _of_region(
        Kind.METRIC_STREAM, METRIC_STREAM
    ),
    ("metrics_reach_the_metric_stream", "firehose_gone"): _of_region(
        Kind.FIREHOSE, METRIC_FIREHOSE
    ),
}
"""By step and code."""
