"""
The way that a function's data takes, hop by hop, and the last good one. Pure; lines of text.

    The way of orders' data
    ok        Runtime
    ok        SDK layer                  <- traces come as far as this
    problem   Wrapper: yours
    not seen  Telemetry line in the log
    …
    theirs    Serverless Framework Dashboard

What is in your AWS account is yours to mend, also where Serverless put it there; what comes after
the last hop is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.evidence.region import LOG_FIREHOSE
from checks.model import Verdict
from checks.report import Line, Report

THEIRS = "Serverless Framework Dashboard"
_GOOD = frozenset({Verdict.OK, Verdict.NOTICE})
_BLIND = frozenset({Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.WAIT})
_LOGGED, _PIPE, _STREAM = (
    "telemetry_payload_logged",
    "traces_reach_the_log_pipe",
    "metrics_reach_the_metric_stream",
)
_HOPS = {
    "Runtime": ("runtime_supported",),
    "SDK layer": ("layer_attached",),
    "Wrapper": ("wrapper_set",),
    "Environment variables": ("org_id_set", "environment_has_room"),
    "Telemetry line in the log": (_LOGGED,),
    "Subscription filter": (_PIPE,),
    "Firehose stream": (_PIPE,),
}
"""The hops of traces, each with the steps that judge it. Metrics have one, the metric stream."""
_WORDS = {Verdict.UNKNOWN: "not seen", Verdict.SKIPPED: "not seen", Verdict.WAIT: "waits"}
_COLUMN = 10


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of the way."""

    name: str
    outcome: Verdict
    last_good: bool = False
    """Data is known to come as far as this, and no farther."""


@dataclass(frozen=True, slots=True)
class Way:
    """Of traces, or of metrics."""

    what: str
    hops: tuple[Hop, ...]

    @property
    def whole(self) -> bool:
        """Whether it is good to the end of what is yours."""
        return self.hops[-1].last_good

    @property
    def stops_at(self) -> Hop | None:
        """The first hop after the last good one."""
        at = next((n for n, hop in enumerate(self.hops) if hop.last_good), -1)
        return None if self.whole else self.hops[at + 1]


def ways(report: Report) -> tuple[Way, Way]:
    """Of traces and of metrics."""
    lines = {line.step: line for line in report.steps}
    found = [_outcome(name, [lines[each] for each in steps]) for name, steps in _HOPS.items()]
    traces = Way("Traces", _marked(list(_HOPS), _proved(found)))
    stream = lines[_STREAM].outcome
    absent = Verdict.UNKNOWN if stream is Verdict.NOTICE else stream  # newer integrations have none
    return traces, Way("Metrics", _marked(["Metric stream"], [absent]))


def text(report: Report) -> list[str]:
    """The whole drawing, a line each, readable without any mark or colour."""
    return [line for way in ways(report) for line in (*_drawn(way), _told(way))]


def _outcome(name: str, lines: Sequence[Line]) -> Verdict:
    """The worst of what its steps say."""
    if lines[0].step == _PIPE:
        return _piped(name, lines[0])
    order = [Verdict.PROBLEM, Verdict.WAIT, Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.NOTICE]
    found = {line.outcome for line in lines}
    return next((each for each in order if each in found), Verdict.OK)


def _piped(name: str, line: Line) -> Verdict:
    """One step judges filter and stream, in this order: a fault of the stream clears the filter."""
    streams = f"stream {LOG_FIREHOSE} " in line.saw or line.saw.startswith(LOG_FIREHOSE)
    if line.outcome not in {Verdict.PROBLEM, Verdict.NOTICE}:
        return line.outcome
    if name == "Subscription filter":
        return Verdict.OK if streams else line.outcome
    return line.outcome if streams else Verdict.UNKNOWN


def _proved(found: list[Verdict]) -> list[Verdict]:
    """A payload in the log proves the hops before it that could not be seen."""
    logged = list(_HOPS).index("Telemetry line in the log")
    if found[logged] not in _GOOD:
        return found
    return [Verdict.OK if v in _BLIND and n < logged else v for n, v in enumerate(found)]


def _marked(names: Sequence[str], found: Sequence[Verdict]) -> tuple[Hop, ...]:
    good = next((n for n, each in enumerate(found) if each not in _GOOD), len(found))
    pairs = zip(names, found, strict=True)
    return tuple(Hop(name, each, n == good - 1) for n, (name, each) in enumerate(pairs))


def _drawn(way: Way) -> Iterator[str]:
    for hop in way.hops:
        word = _WORDS.get(hop.outcome, hop.outcome.value)
        whose = ": yours" if hop is way.stops_at and hop.outcome is Verdict.PROBLEM else ""
        mark = f"  <- {way.what.lower()} come as far as this" if hop.last_good else ""
        yield f"{word:<{_COLUMN}}{hop.name}{whose}{mark}"
    yield f"{'theirs':<{_COLUMN}}{THEIRS}"


def _told(way: Way) -> str:
    """What the drawing says, in one sentence."""
    stop = way.stops_at
    if stop is None:
        last = way.hops[-1].name
        return f"{way.what} come as far as the last hop that can be seen, {last}. What follows is theirs."
    if stop.outcome is Verdict.PROBLEM:
        return f"{way.what} stop at: {stop.name}. That is yours to mend, in your AWS account."
    if stop.outcome is Verdict.WAIT:
        return f"{way.what}: too early to tell."
    return f"{way.what}: from {stop.name} on nothing could be seen, so it is not known whose it is."
