"""
Whether the parts that were not read could still change an answer. Pure.

The answer is a report's verdict, cause and impact. Each step that could change it is tried with
every kind of value that an unread part may turn out to have. If none of them changes the answer,
a read would be wasted. Where it cannot be excluded, the answer counts as open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from inspect import signature
from itertools import product
from typing import Any

from checks.evidence import Alias, Evidence, Filter, LogGroup, LogSample, Traffic
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import LOG_FIREHOSE
from checks.log.line import Kind, LogLine
from checks.log.telemetry import Payload
from checks.model import Ask, Finding, Impact, Outcome, Verdict
from checks.report import Report
from checks.runbook import RUNBOOK, Step, step_named, try_step, verdict_of

Conclusion = tuple[Verdict, Impact | None]
_MINUTE = timedelta(minutes=1)
_PROBLEM, _WAIT = Verdict.PROBLEM, Verdict.WAIT
_ENDS: tuple[tuple[Kind | None, ...], ...] = (
    (),
    (Kind.TELEMETRY,),
    (None, None, None),
    (Kind.TELEMETRY, None, None, None),
    (None, Kind.TELEMETRY),
    (Kind.CANNOT_START,),
    (Kind.TIMED_OUT,),
    (Kind.CRASHED,),
    (Kind.OUT_OF_MEMORY,),
)
"""What happened in a few invocations, oldest first; None: it ended without a payload."""


def decided(report: Report, evidence: Evidence, pending: Collection[str]) -> bool:
    """
    Whether the answer of `report`, the walk over `evidence`, stays whatever `pending` holds.

    `pending` are names of parts of the evidence: log, log_group, filters, traffic. True only where
    the cause is one that needs none of them.
    """
    cause = step_named(report.cause or "")
    if cause is None or cause.symptom or _needed(cause, pending):
        return False
    if any(_may_come_first(step, cause, evidence, pending) for step in RUNBOOK):
        return False
    ((verdict, impact),) = _conclusions(cause, evidence, ())
    if verdict is _WAIT or impact is Impact.DOWN:
        return True
    return verdict is _PROBLEM and not any(_may_stop(step, evidence, pending) for step in RUNBOOK)


def _may_come_first(step: Step, cause: Step, evidence: Evidence, pending: Collection[str]) -> bool:
    """Whether it may be the cause instead: of problems the first one that no other explains."""
    earlier = RUNBOOK.index(step) < RUNBOOK.index(cause)
    explains = step.slug in cause.explained_by
    if step is cause or not (earlier or explains):
        return False
    explained = step.symptom or cause.slug in step.explained_by
    verdicts = {verdict for verdict, _ in _conclusions(step, evidence, pending)}
    return (earlier and _WAIT in verdicts) or (_PROBLEM in verdicts and (explains or not explained))


def _may_stop(step: Step, evidence: Evidence, pending: Collection[str]) -> bool:
    """What stops the function itself comes before the cause's own impact."""
    return any(impact is Impact.DOWN for _, impact in _conclusions(step, evidence, pending))


def _conclusions(step: Step, evidence: Evidence, pending: Collection[str]) -> set[Conclusion]:
    """All that the step may conclude."""
    values = _values(evidence, _needed(step, pending))
    tried = (
        dict(zip(values, combination, strict=True)) for combination in product(*values.values())
    )
    return {_concluded(try_step(step, replace(evidence, **parts))) for parts in tried}


def _concluded(outcome: Outcome) -> Conclusion:
    finding = outcome.presumes if isinstance(outcome, Ask) else outcome
    return verdict_of(outcome), finding.impact if isinstance(finding, Finding) else None


def _needed(step: Step, pending: Collection[str]) -> tuple[str, ...]:
    """The pending parts that it rests on; what proves that a function reports is its log."""
    named = signature(step.check).parameters
    return tuple(part for part in pending if part in named or (part == "log" and "proof" in named))


def _values(evidence: Evidence, parts: Collection[str]) -> Mapping[str, Sequence[Any]]:
    """What each of these parts may turn out to be."""
    made: Mapping[str, Callable[[Evidence], Iterator[Any]]] = {
        "log": _logs,
        "log_group": _groups,
        "filters": _filters,
        "traffic": _traffics,
    }
    return {part: tuple(made[part](evidence)) for part in parts}


def _logs(evidence: Evidence) -> Iterator[LogSample]:
    for ends in _ENDS:
        yield LogSample(tuple(_lines(ends, evidence)))


def _lines(ends: Sequence[Kind | None], evidence: Evidence) -> Iterator[LogLine]:
    """A minute apart, the last of them now."""
    version = evidence.function.version
    for number, kind in enumerate(ends):
        at, request = evidence.now - (len(ends) - 1 - number) * _MINUTE, f"{number}"
        yield LogLine(Kind.STARTED, at, request, version)
        if kind:
            payload = _payload(evidence, request) if kind is Kind.TELEMETRY else None
            yield LogLine(kind, at, request, version, payload)
        yield LogLine(Kind.FINISHED, at, request, version)


def _payload(evidence: Evidence, request: str) -> Payload:
    function = evidence.function
    return Payload(
        org_id=evidence.expected.org_id or "",
        service=function.name,
        sdk_name="",
        sdk_version="",
        sdk_runtime="",
        request_id=request,
        outcome="success",
        is_coldstart=False,
        sampled_out=False,
        truncated=False,
        spans=(),
        events=(),
        version=function.version,
    )


def _groups(evidence: Evidence) -> Iterator[LogGroup | None]:
    yield None
    yield LogGroup(f"/aws/lambda/{evidence.function.name}")


def _filters(evidence: Evidence) -> Iterator[tuple[Filter, ...]]:
    function = evidence.function
    where = f"arn:{function.partition}:firehose:{function.region}:{function.account}"
    ours = Filter(FILTER_NAME, f"{where}:deliverystream/{LOG_FIREHOSE}")
    others = tuple(Filter(f"{n}", f"{where}:deliverystream/{n}") for n in range(5))
    yield from ((), (ours,), others[:2], others, (ours, others[0]))


def _traffics(_: Evidence) -> Iterator[Traffic]:
    yield Traffic(())
    yield Traffic((Alias("live", "1", 1, instrumented=False),))
