"""What it means that the log shows no invocation, as findings of the step that wants a payload."""

from __future__ import annotations

from datetime import datetime

from checks.actions import change_in_code, invoke_once
from checks.evidence import Invocations, LambdaFunction, LogGroup, LogSample, Missing
from checks.grammar import times
from checks.model import Action, Finding, Page, problem, unknown
from checks.timeline import clock, errors_since, invoked_since

MAY_LOG = "(logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents)"


def unseen(
    function: LambdaFunction,
    log: LogSample,
    log_group: LogGroup | Missing | None,
    invocations: Invocations | Missing,
    moment: datetime,
) -> Finding:
    """CloudWatch's sums distinguish a function that nobody invoked from one whose log is silent."""
    sums = None if isinstance(invocations, Missing) else invocations
    count = invoked_since(sums, moment) if sums else 0
    if sums is None or not count:
        return _not_invoked(function, log, moment)
    invoked = f"Invoked {times(count)} since {clock(moment)}"
    if log_group is None:
        return _no_log_group(function, invoked)
    if not log.bound and errors_since(sums, moment) >= count:
        return _fails_before_logging(invoked, log)
    return _log_shows_none(function, invoked, log)


def history_of(log: LogSample) -> str:
    """Payloads from before what counts, called what they are."""
    return f" Payloads until {clock(at)} are history." if (at := log.last_payload_at) else ""


def bound_of(log: LogSample) -> str:
    """How far the log was read, where that was not all of it."""
    return f" (read: {log.bound})" if log.bound else ""


def _not_invoked(function: LambdaFunction, log: LogSample, moment: datetime) -> Finding:
    return unknown(
        "not_invoked",
        "Not invoked since the last change",
        f"No invocation was seen since {clock(moment)}, so there is nothing to judge by yet."
        f"{history_of(log)}",
        invoke_once(function),
    )


def _no_log_group(function: LambdaFunction, invoked: str) -> Finding:
    return unknown(
        "no_log_group",
        "The function writes no log",
        f"{invoked}, but there is no log group.",
        change_in_code(f"Let the function's role write logs {MAY_LOG}"),
        invoke_once(function),
    )


def _fails_before_logging(invoked: str, log: LogSample) -> Finding:
    return problem(
        "fails_before_logging",
        "Every invocation fails before it can log",
        f"{invoked}, and every one of them failed before it could log a line.{history_of(log)}",
        Action(
            "Run a test in the Lambda console to see the error: usually of the variables' KMS key, "
            "the VPC, the image or the role",
            Page.CODE,
            caution="it runs your code",
        ),
    )


def _log_shows_none(function: LambdaFunction, invoked: str, log: LogSample) -> Finding:
    return unknown(
        "log_shows_none",
        "The log shows none of the invocations",
        f"{invoked}, but its log shows none of them{bound_of(log)}: expired, not arrived yet, or the "
        f"function's role may not write logs.{history_of(log)}",
        change_in_code(
            f"Check that the function's role may write logs {MAY_LOG}; if not, allow it"
        ),
        invoke_once(function),
    )
