"""
Does the function log its telemetry payload?

An instrumented function logs one line for each invocation that ends, which starts with
SERVERLESS_TELEMETRY and carries the trace. An invocation that times out or crashes never logs
one, however well the function is set up.

Runbook: Manually Check For The Trace Payload
"""

from __future__ import annotations

from datetime import datetime

from checks.actions import change_in_code, invoke_once
from checks.evidence import Invocations, LambdaFunction, LogGroup, LogSample, Missing
from checks.grammar import counted, verb
from checks.log.counts import End, InvocationCounts
from checks.model import Action, Finding, Hop, Impact, Page, Symptom, notice, ok, problem, unknown
from checks.timeline import Stack, clock, since
from checks.unseen_invocations import bound_of, history_of, unseen
from checks.variable_actions import debug

SYMPTOM = True
EXPLAINED_BY = ("invoked", "wrapper_initialized")
EXPLAINS = Symptom.TRACES
HOP = Hop.LOG_LINE
PAGE = Page.MONITOR
CODES = (
    "stopped",
    "mixed",
    "cut_short_beside_payloads",
    "cut_short",
    "absent",
    "no_platform_lines",
    "fails_before_logging",
    "still_running",
    "read_in_part",
    "no_log_group",
    "log_shows_none",
    "not_invoked",
)
FIX_THE_CUT = change_in_code(
    "Fix the timeout or the crash (the function's own log says where), or raise the function's "
    "timeout or memory"
)
INVOCATION = "invocation"
PAYLOAD = "telemetry payload"
WORDS = {
    End.TIMED_OUT: "timed out",
    End.OUT_OF_MEMORY: "ran out of memory",
    End.CRASHED: "crashed",
}


def check(
    function: LambdaFunction,
    log: LogSample,
    log_group: LogGroup | Missing | None,
    invocations: Invocations | Missing,
    stack: Stack | Missing,
    now: datetime,
) -> Finding:
    """Only what came after the last change and after the integration settled counts."""
    moment = since(function, stack)
    recent, counts = log.since(moment), log.counts.since(moment)
    if counts.ended and recent.too_short:
        return _too_short(function, log, counts)
    if counts.reported:
        return _reporting(function, recent, counts)
    if counts.ended:
        return _none(function, log, counts, moment)
    if unended := counts.unended(now):
        return _no_platform_lines(function, unended, moment)
    if recent.invoked:
        return _still_running()
    return unseen(function, log, log_group, invocations, moment)


def _still_running() -> Finding:
    return unknown(
        "still_running",
        "An invocation is still running",
        "An invocation has begun and not ended yet.",
        Action("Check again in a minute"),
    )


def _too_short(function: LambdaFunction, log: LogSample, counts: InvocationCounts) -> Finding:
    """Neither that it reports nor that it does not follows from so few."""
    return unknown(
        "read_in_part",
        "Too little of the log could be read",
        f"Only a part of the log was read ({log.bound}). It shows "
        f"{counted(counts.ended, 'invocation')} that ended, of which {counts.reported} logged a "
        "telemetry payload: too few to tell what the others did.",
        Action("Check again in a minute"),
        invoke_once(function),
    )


def _reporting(function: LambdaFunction, recent: LogSample, counts: InvocationCounts) -> Finding:
    """Payloads came; whether they still do, and for all."""
    if counts.stopped:
        return _stopped(function, recent.last_payload_at, counts)
    if counts.mixed:
        return _mixed(function, recent.last_payload_at, counts)
    bare, _ = counts.among_payloads
    last = _last(recent.last_payload_at)
    saw = f"{_logged(recent)}{last}{bound_of(recent)}.{_few(bare, len(counts.newer_bare))}"
    return _some_cut_short(saw, counts) if counts.cut_short else ok(saw)


def _stopped(function: LambdaFunction, at: datetime | None, counts: InvocationCounts) -> Finding:
    newer = counts.newer_bare
    stopped = f" on {clock(at)}" if at else ""
    return problem(
        "stopped",
        f"Traces stopped; {len(newer)} invocations since without one",
        f"Payloads stopped{stopped}: {len(newer)} invocations since then ended without one"
        f"{_last(newer[-1].at)}.{_cut(counts)}",
        debug(function),
    )


def _mixed(function: LambdaFunction, at: datetime | None, counts: InvocationCounts) -> Finding:
    bare, reported = counts.among_payloads
    return problem(
        "mixed",
        f"{bare} of {bare + reported} invocations log no payload",
        f"{bare} of {bare + reported} invocations ended without a payload, among others that "
        f"logged one{_last(at)}.{_cut(counts)}",
        Action(
            "Compare the two kinds in the log: environments that began before a change, "
            "published versions, or code that ends the process",
            Page.MONITOR,
        ),
        debug(function),
        impact=Impact.PARTIAL,
    )


def _some_cut_short(saw: str, counts: InvocationCounts) -> Finding:
    return notice(
        "cut_short_beside_payloads",
        f"{counts.cut_short} of {counts.ended} invocations {verb(counts.cut_short)} cut short",
        f"{saw}{_cut(counts)}",
        FIX_THE_CUT,
        impact=Impact.PARTIAL,
    )


def _no_platform_lines(function: LambdaFunction, unended: int, moment: datetime) -> Finding:
    return problem(
        "no_platform_lines",
        "The function's lines are there, payloads are not",
        f"No telemetry payload since {clock(moment)}; the log shows {counted(unended, INVOCATION)} by "
        "the function's own lines alone, without START, END and REPORT.",
        debug(function),
    )


def _logged(recent: LogSample) -> str:
    read, garbled = len(recent.payloads), recent.undecodable
    if not read:
        return f"{counted(garbled, PAYLOAD)} logged, but not readable"
    more = f" and {garbled} that cannot be read" if garbled else ""
    return f"{counted(read, PAYLOAD)}{more} logged"


def _last(at: datetime | None) -> str:
    return f", the last on {clock(at)}" if at else ""


def _few(between: int, newer: int) -> str:
    """Bare ends that prove nothing yet."""
    total = between + newer
    after = f", {newer} of them after the last payload" if newer else ""
    return f" {total} ended without one{after}." if total else ""


def _cut(counts: InvocationCounts) -> str:
    """How many had no chance to log a payload, and why."""
    if not counts.cut_short:
        return ""
    whys = " and ".join(_whys(counts))
    return f" Of {counts.ended} invocations {whys}: one that is cut short logs none."


def _whys(counts: InvocationCounts) -> list[str]:
    return [f"{n} {word}" for end, word in WORDS.items() if (n := counts.count(end))]


def _none(
    function: LambdaFunction, log: LogSample, counts: InvocationCounts, moment: datetime
) -> Finding:
    ended = ", ".join([f"{counts.finished} ended", *_whys(counts)])
    saw = (
        f"No telemetry payload since {clock(moment)}; of the invocations logged {ended}"
        f"{bound_of(log)}.{history_of(log)}"
    )
    if not counts.bare:
        return problem(
            "cut_short",
            "Every invocation is cut short",
            f"{saw} One that is cut short never logs a payload.",
            FIX_THE_CUT,
        )
    return problem("absent", "Invocations end without a telemetry payload", saw, debug(function))
