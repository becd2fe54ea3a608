"""
What the first tier says of a function by the parts that it reads, and for how many it holds. Pure.

What it did not read is missing there: where the parts that it did read leave a doubt, the function
is undetermined, and else unverified, never healthy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from sys import intern

from bot.scan.model import NEWS, UNVERIFIED, ProblemClass
from checks.decided import decided
from checks.evidence import (
    Environment,
    Evidence,
    Invocations,
    LambdaFunction,
    Missing,
    readable,
)
from checks.facts.other_tools import tool_coexisting_by_handler, tool_defeating_by_handler
from checks.facts.sdk import WRAPPER_VARIABLE
from checks.facts.wrappers import wrapper_of
from checks.model import Impact, Overall, Verdict
from checks.report import Report
from checks.runbook import RUNBOOK, walk
from checks.s030_function_instrumented import AXIOM_PREFIX, REMOVED, signs_of
from checks.timeline import Stack, invoked_since, may_include, settled_at

_UNREAD = ("log", "log_group", "filters", "traffic")
_BLURRED = frozenset(step.slug for step in RUNBOOK if set(_UNREAD) & set(step.reads))
"""Steps that read what the first tier does not."""
_OWN_WAYS = {step.slug: step.own_ways for step in RUNBOOK}
"""What is no problem where a payload was logged, which the first tier does not read."""
_LARGE_CODE = 20_000_000
"""Zipped bytes; the layer fits beside less, whatever it unzips to (see its step)."""
_FULL_ENVIRONMENT = 3_000
"""Bytes; below that there is room for all that the SDK needs, whatever else differs."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the first tier says of every function with the same deciding parts."""

    verdict: str
    cause: str | None = None
    kind: ProblemClass | None = None
    impact: str | None = None
    headline: str | None = None
    decided: bool = False
    """Nothing that this tier does not read could change it."""
    saw: str | None = None
    """Of what is decided, as a report's summary."""


def judged(evidence: Evidence, *, forwards: bool) -> Judgment:
    """By the first tier alone."""
    report = walk(evidence)
    sure = not _bare(evidence) and decided(report, evidence, _UNREAD)
    if not sure and (_may_be_disproved(report, evidence) or _may_be_repaired(evidence)):
        return Judgment(Overall.UNDETERMINED.value)
    if report.verdict is not Overall.UNDETERMINED:
        impact = report.impact.value if report.impact else None
        headline = nameless(report.headline, evidence.function.name)
        kind = kind_of(report, evidence)
        saw = intern(report.summary) if sure and kind in NEWS else None
        return Judgment(report.verdict.value, report.cause, kind, impact, headline, sure, saw)
    doubts = {line.step for line in report.steps if line.outcome is Verdict.UNKNOWN} - _BLURRED
    well = forwards and not doubts
    return Judgment(UNVERIFIED if well else report.verdict.value)


def _may_be_disproved(report: Report, evidence: Evidence) -> bool:
    """Whether a payload, which this tier does not read, would show that the cause is none."""
    cause = report.line(report.cause)
    if cause is None:
        return False
    environment = evidence.environment
    down = cause.step == "wrapper_set" and report.impact is Impact.DOWN
    if down and not isinstance(environment, Missing):
        return not wrapper_of(readable(environment, WRAPPER_VARIABLE) or "").of_sdk
    return not _bare(evidence) and cause.code in _OWN_WAYS[cause.step]


def _may_be_repaired(evidence: Evidence) -> bool:
    """Whether Dashboard may still put back what a deployment took: the filters would show it."""
    return (
        _bare(evidence)
        and evidence.now < evidence.function.modified_at + evidence.expected.repaired_within
    )


def kind_of(report: Report, evidence: Evidence) -> ProblemClass | None:
    """The class of a problem; None of all else."""
    if report.verdict is not Overall.PROBLEM:
        return None
    if report.impact is Impact.DOWN:
        return ProblemClass.DOWN
    instrumented = report.line("function_instrumented")
    if instrumented and instrumented.code == REMOVED:
        return ProblemClass.BLIND
    if _bare(evidence) and not _was_seen(evidence):
        return ProblemClass.NOT_INSTRUMENTED
    return ProblemClass.QUIET if report.cause == "invoked" else ProblemClass.BLIND


def nameless(headline: str | None, name: str) -> str | None:
    """What many functions share, once in memory: their names differ."""
    if headline is None or name not in headline:
        return headline and intern(headline)
    return intern(re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "the function", headline))


def _bare(evidence: Evidence) -> bool:
    """No sign of the SDK is on the function, as far as its variables could be read."""
    environment = evidence.environment
    return not isinstance(environment, Missing) and not signs_of(evidence.function, environment)


def _was_seen(evidence: Evidence) -> bool:
    """Our filter or a payload shows that it is instrumented by other means, or once was."""
    filters = () if isinstance(evidence.filters, Missing) else evidence.filters
    logged = not isinstance(evidence.log, Missing) and bool(evidence.log.payload_times)
    return logged or any(filter_.ours for filter_ in filters)


def settled_of(stack: Stack | Missing) -> datetime | None:
    return None if isinstance(stack, Missing) else settled_at(stack)


def deciding_parts(evidence: Evidence, *, forwards: bool) -> object:
    """
    All that the steps may decide the first tier by, of one account and region.

    Functions with the same ones are judged once: names, times and counts are only shown, and no
    step decides by them, except whether there was an invocation since the integration finished
    setting up.
    """
    size = evidence.environment_size
    return (
        _plain(evidence.function),
        _variables(evidence.environment),
        size if not isinstance(size, int) or size > _FULL_ENVIRONMENT else 0,
        _invoked(evidence.invocations, settled_of(evidence.stack)),
        forwards,
        _may_be_repaired(evidence),
    )


def _plain(function: LambdaFunction) -> object:
    handler, size = function.handler or "", function.code_size
    return (
        function.runtime,
        tool_defeating_by_handler(handler),
        tool_coexisting_by_handler(handler),
        handler.startswith("/opt/"),
        function.layers,
        function.update_status,
        function.error,
        function.error_code,
        size if size is None or size > _LARGE_CODE else 0,
    )


def _variables(environment: Environment | Missing) -> object:
    """Steps read values; of variables whose values are withheld they heed Axiom's names alone."""
    if isinstance(environment, Missing):
        return environment
    return frozenset(
        (name, value)
        for name, value in environment.items()
        if isinstance(value, str) or name.startswith(AXIOM_PREFIX)
    )


def _invoked(invocations: Invocations | Missing, settled: datetime | None) -> object:
    """Whether there was any, and whether one may have come after the integration settled."""
    if isinstance(invocations, Missing) or not invocations.sums:
        return invocations if isinstance(invocations, Missing) else None
    if settled is None:
        return True
    return bool(invoked_since(invocations, settled) or may_include(invocations, settled))
