"""
The way that a function's data takes, hop by hop, and where it stops. Pure; lines of text.

    Traces: ✅ integration → ✅ runtime → … → ❌ wrapper → ⚪ log line → … → ⚪ Dashboard
    Metrics: ✅ integration → ✅ invoked → ✅ metric stream → ⚪ Firehose → ⚪ Dashboard

It agrees with the verdict: the first ❌ is the hop of the cause, what comes after it is not
reached (⚪) unless it was seen. ⚪ also stands for what could not be read, for what is not tried
while the integration is still being set up, and for Dashboard, which is never asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from checks.model import Hop, Overall, Symptom, Verdict
from checks.report import Line, Report

TRACES = tuple(hop for hop in Hop if hop is not Hop.METRIC_STREAM)
METRICS = (Hop.INTEGRATION, Hop.INVOKED, Hop.METRIC_STREAM, Hop.FIREHOSE, Hop.DASHBOARD)
PAYLOAD = "telemetry_payload_logged"
_SEEN = frozenset({Verdict.OK, Verdict.NOTICE})


class State(StrEnum):
    """How far a hop is known to work."""

    REACHED = "✅"
    STOPPED = "❌"
    NOT_REACHED = "⚪"


@dataclass(frozen=True, slots=True)
class Stop:
    """One hop of one report."""

    hop: Hop
    state: State


def traces(report: Report) -> tuple[Stop, ...]:
    """From the integration to Dashboard by way of the log."""
    return _path(TRACES, report)


def metrics(report: Report) -> tuple[Stop, ...]:
    """From the integration to Dashboard by way of the metric stream."""
    return _path(METRICS, report)


def text(report: Report) -> list[str]:
    """Both ways, a line each."""
    return [f"Traces: {drawn(traces(report))}", f"Metrics: {drawn(metrics(report))}"]


def of_cause(report: Report, symptom: Symptom = Symptom.BOTH) -> str:
    """
    The way that was asked about, in one line.

    Where both were, the one that the cause is on; that of traces where it is on both.
    """
    cause = report.line(report.cause)
    metrics_only = symptom is Symptom.METRICS
    alone = cause is not None and cause.hop in METRICS and cause.hop not in TRACES
    if metrics_only or (alone and symptom is Symptom.BOTH):
        return f"Metrics: {drawn(metrics(report))}"
    return f"Traces: {drawn(traces(report))}"


def drawn(path: Sequence[Stop]) -> str:
    """One line; hops in a row that were reached, or were not, are drawn as one."""
    groups = [(state, [stop.hop.value for stop in row]) for state, row in groupby(path, _state)]
    return " → ".join(f"{state} {_named(hops)}" for state, hops in groups)


def _state(stop: Stop) -> State:
    return stop.state


def _named(hops: Sequence[str]) -> str:
    return ", ".join(hops) if len(hops) <= 3 else f"{hops[0]} to {hops[-1]}"  # noqa: PLR2004


def _path(hops: Sequence[Hop], report: Report) -> tuple[Stop, ...]:
    lines = {hop: [line for line in report.steps if line.hop is hop] for hop in hops}
    cause = report.line(report.cause) if report.verdict is Overall.PROBLEM else None
    logged = report.line(PAYLOAD)
    proved = hops.index(Hop.LOG_LINE) if _seen(logged) and Hop.LOG_LINE in hops else -1
    stopped = False
    path = []
    for number, hop in enumerate(hops):
        state = _of(hop, lines, cause, report)
        if state is State.NOT_REACHED and number <= proved:
            state = State.REACHED
        if stopped and state is State.REACHED and number > proved:
            state = State.NOT_REACHED
        stopped = stopped or state is State.STOPPED
        path.append(Stop(hop, state))
    return tuple(path)


def _seen(line: Line | None) -> bool:
    return line is not None and line.outcome is Verdict.OK


def _of(hop: Hop, lines: Mapping[Hop, Sequence[Line]], cause: Line | None, report: Report) -> State:
    """Dashboard is never asked, so it is never shown as reached."""
    if cause and cause.hop is hop:
        return State.STOPPED
    outcomes = {line.outcome for line in lines[hop]}
    if hop is Hop.FIREHOSE and Hop.FILTER in lines:  # judged together with the filter
        outcomes = {line.outcome for line in report.steps if line.hop is Hop.FILTER}
    untried = report.verdict is Overall.WAITING and not outcomes & _SEEN
    well = bool(outcomes) and outcomes <= _SEEN | {Verdict.SKIPPED} and not untried
    return State.REACHED if well else State.NOT_REACHED
