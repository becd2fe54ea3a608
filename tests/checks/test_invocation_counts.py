"""One payload is not health: how many invocations report, and what is said of those that do not."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from situations import LATELY, NOON, YESTERDAY, a_function, a_payload, evidence

from bot.logs.reading import read_text
from bot.logs.shapes import parse
from bot.playground.account.payloads import telemetry_line
from checks.evidence import Invocations, LogSample
from checks.log.counts import End, InvocationCounts, count
from checks.log.line import Kind, LogEvent, LogLine
from checks.log.sample import read_events
from checks.model import Impact, Overall, Verdict
from checks.runbook import walk
from checks.timeline import clock

untimed = settings(deadline=None)
STREAM = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CUT = {"timed out": Kind.TIMED_OUT, "memory": Kind.OUT_OF_MEMORY, "crashed": Kind.CRASHED}


def invocation(number, ended, kind=None):
    """START, perhaps a payload or what cut it short, and END."""
    request = f"r-{number}"
    lines = [LogLine(Kind.STARTED, ended - SECOND, request)]
    if kind == "payload":
        payload = a_payload(request_id=request)
        lines.append(LogLine(Kind.TELEMETRY, ended, request, payload=payload))
    elif kind:
        lines.append(LogLine(CUT[kind], ended, request))
    return [*lines, LogLine(Kind.FINISHED, ended, request)]


def a_log_of(*ends, began=NOON - timedelta(hours=3)):
    """Pairs of how an invocation ended and seconds after the one before."""
    found, at = [], began
    for number, (kind, after) in enumerate(ends):
        at += timedelta(seconds=after)
        found += invocation(number, at, kind)
    return LogSample(tuple(sorted(found, key=lambda each: each.at)))


def report_of(*ends, **changes):
    report = walk(evidence(log=a_log_of(*ends), **changes))
    return report, next(x for x in report.steps if x.step == "telemetry_payload_logged")


PAYLOADS = [("payload", 60)] * 3


@pytest.mark.parametrize(
    ("gaps", "stopped"),
    [
        pytest.param((60, 40, 20), True, id="three over a minute"),
        pytest.param((60, 40, 19), False, id="three over 59 seconds"),
        pytest.param((60, 600), False, id="two over ten minutes"),
        pytest.param((3600, 1, 1), False, id="three at once, long after"),
        pytest.param((1, 30, 30), True, id="three at once after the payload"),
    ],
)
def test_payloads_have_stopped_after_three_bare_ends_over_a_minute(gaps, stopped):
    report, line = report_of(*PAYLOADS, *((None, gap) for gap in gaps))

    if stopped:
        found = report.verdict, report.cause, report.impact
        assert found == (Overall.PROBLEM, "telemetry_payload_logged", Impact.BLIND)
        assert line.saw.startswith(f"Payloads stopped on {clock(NOON - timedelta(minutes=177))}")
        assert f"{len(gaps)} invocations since then ended without one" in line.saw
        assert "Serverless's side" not in report.summary
    else:
        assert (report.verdict, line.outcome) == (Overall.HEALTHY, Verdict.OK)
        assert f"{len(gaps)} ended without one" in line.saw


@pytest.mark.parametrize(
    ("bare", "payloads", "mixed"),
    [
        pytest.param(3, 27, True, id="3 of 30, 10 percent"),
        pytest.param(3, 28, False, id="3 of 31, 9.7 percent"),
        pytest.param(2, 2, False, id="2 of 4"),
        pytest.param(10, 91, False, id="9.9 percent"),
        pytest.param(10, 90, True, id="10 of 100"),
    ],
)
def test_payloads_and_bare_ends_are_mixed_from_one_in_ten(bare, payloads, mixed):
    ends = [("payload", 60), *[(None, 60)] * bare, *[("payload", 20)] * (payloads - 1)]
    report, line = report_of(*ends)

    if mixed:
        found = report.verdict, report.cause, report.impact
        assert found == (Overall.PROBLEM, "telemetry_payload_logged", Impact.PARTIAL)
        assert f"{bare} of {bare + payloads} invocations" in line.saw
    else:
        assert report.verdict is Overall.HEALTHY
        assert f"{bare} ended without one" in line.saw


def test_bare_ends_from_before_the_first_payload_are_no_mixture():
    """What made it report came after the last change of the configuration."""
    report, _ = report_of(*[(None, 60)] * 9, ("payload", 60))

    assert report.verdict is Overall.HEALTHY


@pytest.mark.parametrize(
    ("kind", "said"),
    [("timed out", "timed out"), ("memory", "ran out of memory"), ("crashed", "crashed")],
)
def test_cut_short_beside_good_ones_is_a_notice_with_counts(kind, said):
    report, line = report_of(*[(kind, 60)] * 17, ("payload", 60), ("payload", 60))

    found = report.verdict, report.cause, report.impact
    assert found == (Overall.NOTICE, "telemetry_payload_logged", Impact.PARTIAL)
    assert f"Of 19 invocations 17 {said}" in line.saw
    assert "Serverless's side" not in report.summary


def test_cut_short_after_the_last_payload_does_not_stop_payloads():
    report, _ = report_of(*PAYLOADS, *[("timed out", 60)] * 9)

    assert (report.verdict, report.impact) == (Overall.NOTICE, Impact.PARTIAL)


@pytest.mark.parametrize("kind", CUT)
def test_cut_short_alone_is_told_from_bare_ends(kind):
    report, line = report_of(*[(kind, 60)] * 2)

    assert report.cause == "telemetry_payload_logged"
    assert "cut short" in line.saw
    assert "timeout or the crash" in line.remedy


def test_bare_ends_that_began_before_the_change_are_not_counted():
    changed = NOON - timedelta(minutes=30)
    log = a_log_of(*PAYLOADS, *[(None, 60)] * 3, began=changed - timedelta(minutes=6, seconds=30))
    report = walk(evidence(function=a_function(modified_at=changed), log=log))

    assert report.verdict is not Overall.PROBLEM


@pytest.mark.parametrize("kind", [None, "payload", *CUT])
@pytest.mark.parametrize(
    ("began", "ended", "kept"),
    [(-2, -1, False), (-1, 0, "payload"), (-1, 1, "payload"), (0, 1, True), (1, 2, True)],
)
def test_of_what_ran_through_the_change_only_a_payload_counts(kind, began, ended, kept):
    started, *rest = invocation(1, NOON + ended * SECOND, kind)
    lines = (replace(started, at=NOON + began * SECOND), *rest)
    counted = LogSample(lines).counts

    assert counted.since(None) == counted
    assert bool(counted.since(NOON).ended) is (kept if kept != "payload" else kind == "payload")


def test_lines_without_a_time_may_be_of_any_time():
    lines = tuple(replace(each, at=None) for each in invocation(1, NOON))

    assert LogSample(lines).counts.since(NOON).bare == 1


def test_last_rung_after_payloads_stopped_is_the_one_that_counts():
    """With debugging on: the payloads of yesterday do not hide where the SDK stops today."""
    debugging = evidence().environment | {"SLS_SDK_DEBUG": "true"}
    report, _ = report_of(*PAYLOADS, *[(None, 60)] * 3, environment=debugging)

    assert report.cause == "wrapper_initialized"


def test_an_end_in_the_log_proves_an_invocation():
    """CloudWatch's sums lag behind the log by minutes."""
    report, _ = report_of((None, 60), invocations=Invocations((), YESTERDAY))

    assert report.cause == "telemetry_payload_logged"
    assert report.steps[0].outcome is Verdict.OK


@pytest.mark.parametrize(
    ("errors", "outcome", "words"),
    [
        pytest.param(60, Verdict.PROBLEM, "failed before it could log", id="all of them"),
        pytest.param(59, Verdict.UNKNOWN, "may not write logs", id="all but one"),
        pytest.param(0, Verdict.UNKNOWN, "may not write logs", id="none"),
    ],
)
def test_what_never_logged_is_told_by_errors(errors, outcome, words):
    sums = ((LATELY, 60, 60),)
    failed = ((LATELY, 60, errors),)
    line = report_of(invocations=Invocations(sums, YESTERDAY, failed))[1]

    assert line.outcome is outcome
    assert words in line.saw


def test_own_lines_without_an_end_are_a_finding_once_it_must_be_over():
    def own(at):
        return LogSample((LogLine(Kind.HANDLER_RAN, at, "r-1"),))

    late, young = NOON - timedelta(minutes=16), NOON - timedelta(minutes=14)

    assert walk(evidence(log=own(late))).cause == "telemetry_payload_logged"
    assert walk(evidence(log=own(young))).verdict is Overall.UNDETERMINED


@pytest.mark.parametrize(
    ("at", "unended"),
    [
        (None, 0),
        (NOON, 0),
        (NOON - 15 * MINUTE, 0),
        (NOON - 15 * MINUTE - SECOND, 1),
    ],
)
def test_what_began_longer_ago_than_anything_runs_must_be_over(at, unended):
    assert count([LogLine(Kind.HANDLER_RAN, at, "r-1")]).unended(NOON) == unended
    assert count(invocation(1, NOON - 20 * MINUTE)).unended(NOON) == 0


# ------------------------------------------------------------- lines of a log

REQUESTS = [f"5eed0000-0000-4000-8000-{number:012d}" for number in range(1, 6)]


def events(*lines, stream=STREAM, began=NOON, newest_first=False):
    found = [LogEvent(line, began + n * SECOND, stream) for n, line in enumerate(lines)]
    return found[::-1] if newest_first else found


def around(request, *lines, report="\tDuration: 5.00 ms"):
    return (
        f"START RequestId: {request} Version: $LATEST\n",
        *lines,
        f"END RequestId: {request}\n",
        f"REPORT RequestId: {request}{report}\t\n",
    )


CRASHES = {
    "import error of Python": "[ERROR] Runtime.ImportModuleError: Unable to import module 'a'\n",
    "exception at import": "[ERROR] KeyError: 'TABLE'\nTraceback (most recent call last):\n",
    "module not found": "[ERROR] ModuleNotFoundError: No module named 'numpy'\n",
    "uncaught in Node": "2026-11-23T12:00:00.000Z\tundefined\tERROR\tUncaught Exception \t{}\n",
    "blanks for tabs": "2026-11-23T12:00:00.000Z undefined ERROR Uncaught Exception {}\n",
    "exit without an id": "Error: Runtime exited with error: exit status 1\n",
}


@pytest.mark.parametrize("line", CRASHES.values(), ids=CRASHES)
@pytest.mark.parametrize("newest_first", [False, True])
def test_crash_without_a_request_id_is_of_the_invocation_it_stands_in(line, newest_first):
    lines = (*around(REQUESTS[0], line), *around(REQUESTS[1]))
    counts = read_events(events(*lines, newest_first=newest_first)).counts

    assert [each.end for each in counts.invocations] == [End.CRASHED, End.BARE]


def test_crash_among_several_streams_is_of_its_own_streams_invocation():
    crash = CRASHES["import error of Python"]
    one = events(*around(REQUESTS[0], crash))
    other = events(*around(REQUESTS[1], "hello\n"), stream=STREAM.replace("01234", "99999"))
    counts = read_events([*one, *other]).counts

    assert sorted(each.end for each in counts.invocations) == [End.BARE, End.CRASHED]


def test_crash_before_the_invocation_is_no_second_one():
    """Lambda starts the code anew inside the first invocation when its own start failed."""
    crash = CRASHES["import error of Python"]
    counts = read_events(events(crash, *around(REQUESTS[0], crash))).counts

    assert counts.cut_short == counts.ended == 1


REPORTS = {
    "timeout": ("\tDuration: 3000.00 ms\tStatus: timeout", End.TIMED_OUT),
    "timeout, blanks": ("  Duration: 3000.00 ms  Status: timeout", End.TIMED_OUT),
    "memory": ("\tStatus: error\tError Type: Runtime.OutOfMemory", End.OUT_OF_MEMORY),
    "memory, blanks": (" Status: error Error Type: Runtime.OutOfMemory", End.OUT_OF_MEMORY),
    "exit": ("\tStatus: error\tError Type: Runtime.ExitError", End.CRASHED),
    "exit, blanks": (" Status: error Error Type: Runtime.ExitError", End.CRASHED),
    "no type": ("\tStatus: error", End.CRASHED),
    "the handler's own exception": ("\tStatus: error\tError Type: KeyError", End.BARE),
    "none": ("\tDuration: 5.00 ms", End.BARE),
}


@pytest.mark.parametrize(("report", "end"), REPORTS.values(), ids=REPORTS)
def test_report_with_a_status_tells_how_it_ended(report, end):
    counts = read_events(events(*around(REQUESTS[0], report=report))).counts

    assert [each.end for each in counts.invocations] == [end]


def test_killed_for_memory_by_the_crash_line_alone():
    killed = f"RequestId: {REQUESTS[0]} Error: Runtime exited with error: signal: killed\n"
    counts = read_events(events(*around(REQUESTS[0], killed))).counts

    assert counts.count(End.OUT_OF_MEMORY) == 1


def test_platform_events_of_the_json_format_count_alike():
    def line(kind, request, **record):
        return json.dumps({"type": f"platform.{kind}", "record": {"requestId": request, **record}})

    memory = {"status": "error", "errorType": "Runtime.OutOfMemory"}
    lines = (
        line("start", REQUESTS[0]),
        line("report", REQUESTS[0], status="success"),
        line("start", REQUESTS[1]),
        line("report", REQUESTS[1], status="timeout"),
        line("start", REQUESTS[2]),
        line("report", REQUESTS[2], **memory),
        line("start", REQUESTS[3]),
        telemetry_line(service="f", request_id=REQUESTS[3]),
        line("report", REQUESTS[3], status="success"),
        line("start", REQUESTS[4]),
    )
    counts = read_events(events(*lines)).counts

    assert [each.end for each in counts.invocations] == [
        End.BARE,
        End.TIMED_OUT,
        End.OUT_OF_MEMORY,
        End.REPORTED,
        End.NOT_SEEN,
    ]


def test_payload_that_cannot_be_read_reports_for_its_invocation():
    garbled = "SERVERLESS_TELEMETRY.TZ." + base64.b64encode(b"nothing").decode()
    counts = read_events(events(*around(REQUESTS[0], garbled))).counts

    assert (counts.reported, counts.bare) == (1, 0)


# ------------------------------------------------------------- slsdiag logs


def text_of(*ends):
    lines = []
    for request, payload in zip(REQUESTS, ends, strict=False):
        line = telemetry_line(service="f", request_id=request)
        lines += [each.rstrip() for each in around(request, *([line] if payload else []))]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("ends", "status", "problems"),
    [
        pytest.param((1, 1, 0, 0), 0, (), id="two newer"),
        pytest.param((1, 1, 0, 0, 0), 1, ("telemetry_payload_logged",), id="three newer"),
        pytest.param((1, 0, 0, 0, 1), 0, (), id="a newer payload"),
    ],
)
def test_status_of_logs_where_newer_invocations_ended_bare(ends, status, problems):
    reading = read_text(text_of(*ends))

    assert (reading.status, reading.problems) == (status, problems)
    if status:
        assert "3 invocations ended without one" in reading.saw


def test_timeouts_after_the_payload_do_not_count_in_logs():
    said = "2026-11-23T12:00:00.000Z {} Task timed out after 3.00 seconds"
    timeouts = "\n".join("\n".join(around(each, said.format(each))) for each in REQUESTS[1:])

    assert read_text(f"{text_of(1)}\n{timeouts}").status == 0


# ------------------------------------------------------------- for any log

KINDS = st.sampled_from(["payload", None, *CUT])
ENDS = st.lists(st.tuples(KINDS, st.integers(0, 400)), max_size=25)


@untimed
@given(ENDS, st.lists(st.integers(20, 900), min_size=3, max_size=8))
def test_never_healthy_with_three_newer_bare_ends_over_a_minute(before, gaps):
    gaps = [gaps[0], 30, 30, *gaps[1:]]
    report, line = report_of(*before, *((None, gap) for gap in gaps))

    assert report.verdict is Overall.PROBLEM
    assert line.outcome is Verdict.PROBLEM


@untimed
@given(ENDS)
def test_every_invocation_is_counted_once(ends):
    counts = a_log_of(*ends).counts
    kinds = [kind for kind, _ in ends]

    assert counts.reported == kinds.count("payload")
    assert counts.bare == kinds.count(None)
    assert counts.cut_short == sum(kind in CUT for kind in kinds)
    assert counts.ended == len(ends)


@untimed
@given(ENDS, st.integers(0, 24))
def test_a_newer_payload_takes_back_that_payloads_stopped(before, more):
    counts = a_log_of(*before, *[(None, 60)] * more, ("payload", 60)).counts

    assert not counts.stopped
    assert not counts.newer_bare


def test_nothing_is_counted_of_nothing():
    assert count(()) == InvocationCounts()
    assert parse("") == []
