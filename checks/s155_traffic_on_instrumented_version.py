"""
Do the invocations go to an instrumented version?

Published versions are frozen. Instrumenting a function changes $LATEST only: an alias that
leads to an older version keeps running without the SDK until a new version is published.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.actions import make_supported, publish, publish_after_instrumenting
from checks.evidence import Alias, LambdaFunction, LogSample, Missing, Traffic
from checks.grammar import counted, verb
from checks.model import (
    NOT_READ,
    Action,
    Finding,
    Hop,
    Impact,
    Page,
    granting,
    ok,
    problem,
    unknown,
)

HOP = Hop.VERSION
PAGE = Page.VERSIONS
CODES = ("uninstrumented",)


def check(function: LambdaFunction, traffic: Traffic, log: LogSample | Missing) -> Finding:
    """Layers and variables are part of a version (AWS Lambda)."""
    if function.qualifier:
        return ok(f"Checked version {function.version}, as requested.")
    busy = [alias for alias in traffic.published if alias.invocations]
    bare = [alias for alias in busy if alias.instrumented is False]
    if bare:
        return _uninstrumented(function, bare, log)
    hidden = [alias.qualifier for alias in busy if alias.instrumented is None] + [*traffic.unread]
    if hidden:
        return unknown(
            NOT_READ, "Some versions could not be checked", f"Not checked: {', '.join(hidden)}."
        )
    if traffic.by_number:
        return unknown(
            NOT_READ,
            "Can't read which versions are invoked",
            f"Could not read which versions are invoked by number: {traffic.by_number.why}",
            *granting(traffic.by_number),
        )
    if busy:
        return ok(
            f"{counted(len(busy), 'published version')} with traffic {verb(len(busy))} instrumented."
        )
    return ok("No published version gets traffic.")


def _uninstrumented(
    function: LambdaFunction, bare: Sequence[Alias], log: LogSample | Missing
) -> Finding:
    named = ", ".join(f"{alias.qualifier} (version {alias.version})" for alias in bare)
    return problem(
        "uninstrumented",
        "Traffic goes to a version without the SDK",
        f"{counted(sum(alias.invocations for alias in bare), 'recent invocation')} went to "
        f"{counted(len(bare), 'uninstrumented published version')}: {named}.{_why(function)}",
        *_actions(function, bare[0]),
        impact=Impact.PARTIAL if _others_report(log) else Impact.BLIND,
    )


def _why(function: LambdaFunction) -> str:
    """Where it is AWS or the Framework that sends the calls to a version."""
    if function.managed_instances:
        return (
            " On managed instances every call that names no version goes to $LATEST.PUBLISHED, "
            "which stays as it is until it is published again."
        )
    if function.durable:
        return (
            " A durable function is invoked by a version or an alias only; Serverless Framework "
            "publishes the alias durable."
        )
    return ""


def _actions(function: LambdaFunction, bare: Alias) -> tuple[Action, ...]:
    """Whoever calls an alias follows it; a number stays what it is."""
    if first := make_supported(function):
        return (first,)
    again = publish(function)
    if bare.qualifier != bare.version or not bare.version.isdigit():
        return (*again, publish_after_instrumenting())
    callers = Action(
        f"Have whoever invokes version {bare.version} by its number invoke the new one, best "
        "through an alias"
    )
    return (*again, callers)


def _others_report(log: LogSample | Missing) -> bool:
    """The log holds payloads, and they have not stopped."""
    return not isinstance(log, Missing) and bool(log.payloads) and not log.counts.stopped
