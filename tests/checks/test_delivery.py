"""What lies behind the log line: forwarded is said only of what was seen to come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import FIREHOSE, LATELY, NOON, a_function, a_log, a_payload, evidence, seen

from checks.evidence import DeliveryStream, Filter, Forwarding, LambdaFunction, MetricPipe, Missing
from checks.evidence import Traffic as Called
from checks.log.sample import Kind
from checks.model import Overall, Verdict
from checks.runbook import walk

MINUTE = timedelta(minutes=1)
OURS = "serverless_logs-filter"
EARLIER = timedelta(hours=1)


def logged(ago):
    return a_log(seen(Kind.TELEMETRY, NOON - ago, a_payload()), seen(Kind.FINISHED, NOON - ago))


def stream(records, share=None):
    return DeliveryStream(FIREHOSE, "ACTIVE", delivered_share=share, records_in=records)


def line_of(slug, **changes):
    report = walk(evidence(**changes))
    return report, next(line for line in report.steps if line.step == slug)


def pipe_of(**changes):
    return line_of("traces_reach_the_log_pipe", **changes)


@pytest.mark.parametrize(
    ("ago", "records", "outcome", "forwarded"),
    [
        pytest.param(15 * MINUTE, 0, Verdict.UNKNOWN, False, id="a buffer old, nothing came in"),
        pytest.param(14 * MINUTE, 0, Verdict.OK, False, id="too young to have come in"),
        pytest.param(359 * MINUTE, 0, Verdict.UNKNOWN, False, id="six hours old"),
        pytest.param(361 * MINUTE, 0, Verdict.OK, False, id="older than is counted"),
        pytest.param(15 * MINUTE, 3, Verdict.OK, True, id="records came in"),
        pytest.param(15 * MINUTE, None, Verdict.OK, False, id="not asked"),
    ],
)
def test_forwarded_is_proved_by_records_that_came_in(ago, records, outcome, forwarded):
    share = 1.0 if records else None
    report, line = pipe_of(log=logged(ago), log_firehose=stream(records, share))

    assert line.outcome is outcome
    assert ("forwarded" in report.summary) is forwarded
    healthy = report.verdict is Overall.HEALTHY
    assert healthy is (outcome is Verdict.OK)


def test_payload_from_before_the_change_or_the_filter_need_not_have_come_in():
    changed = a_function(modified_at=NOON - 10 * MINUTE)
    young = (Filter(OURS, FIREHOSE, "", NOON - 10 * MINUTE),)
    nothing = {"log": logged(EARLIER), "log_firehose": stream(0)}

    assert pipe_of(function=changed, **nothing)[1].outcome is Verdict.OK
    assert pipe_of(filters=young, **nothing)[1].outcome is Verdict.OK


@pytest.mark.parametrize(
    ("forwarding", "outcome", "words"),
    [
        (Forwarding(0, 7), Verdict.PROBLEM, "delivered nothing"),
        (Forwarding(3, 7), Verdict.NOTICE, "beside 3 events"),
        (Forwarding(3, 0), Verdict.OK, "active"),
        (Forwarding(0, 0), Verdict.OK, "active"),
        (Missing("Denied.", "cloudwatch:GetMetricData"), Verdict.UNKNOWN, "Denied."),
    ],
)
def test_what_the_destination_refused_is_told(forwarding, outcome, words):
    line = pipe_of(forwarding=forwarding)[1]

    assert line.outcome is outcome
    assert words in line.saw


@pytest.mark.parametrize(
    ("pattern", "outcome"),
    [
        ("?WARN ?FATAL", Verdict.PROBLEM),
        ('"SERVERLESS_TELEMETRY."', Verdict.OK),
        ("[a, b]", Verdict.UNKNOWN),
    ],
)
def test_pattern_of_our_filter_is_read(pattern, outcome):
    line = pipe_of(filters=(Filter(OURS, FIREHOSE, pattern),))[1]

    assert line.outcome is outcome
    if outcome is not Verdict.OK:
        assert pattern in line.saw


@pytest.mark.parametrize(
    ("pipe", "outcome"),
    [
        (MetricPipe("running", firehose_exists=True, firehose_status="ACTIVE"), Verdict.OK),
        (MetricPipe("running", firehose_exists=False), Verdict.PROBLEM),
        (MetricPipe("running", firehose_exists=True, firehose_status="DELETING"), Verdict.PROBLEM),
        (MetricPipe("running", firehose_unreadable="Denied."), Verdict.UNKNOWN),
        (MetricPipe("running"), Verdict.UNKNOWN),
    ],
)
def test_running_metric_stream_needs_its_firehose(pipe, outcome):
    assert line_of("metrics_reach_the_metric_stream", metric_pipe=pipe)[1].outcome is outcome


def test_versions_that_could_not_be_listed_leave_it_unknown():
    hidden = Called((), by_number=Missing("Denied.", "cloudwatch:ListMetrics"))
    report, line = line_of("traffic_on_instrumented_version", traffic=hidden)

    assert (report.verdict, line.outcome) == (Overall.UNDETERMINED, Verdict.UNKNOWN)
    assert "cloudwatch:ListMetrics" in line.remedy


# ------------------------------------------------------------- the last update


def update_of(log=None, **changes) -> tuple[object, object]:
    function: LambdaFunction = a_function(**changes)
    more = {} if log is None else {"log": log}
    return line_of("no_function_instrumentation_errors", function=function, **more)


@pytest.mark.parametrize("code", ["EniLimitExceeded", "SubnetOutOfIPAddresses", "KMSKeyNotFound"])
def test_update_that_failed_for_the_owner_is_a_notice_while_it_reports(code):
    report, line = update_of(error_code=code)

    assert (report.verdict, report.impact) == (Overall.NOTICE, None)
    assert code in line.saw
    assert "Turn Instrument" not in line.remedy


@pytest.mark.parametrize("code", ["EniLimitExceeded", "InternalError", "Failed"])
def test_update_that_failed_is_a_problem_where_nothing_is_reported(code):
    report, line = update_of(a_log(seen(Kind.FINISHED)), error_code=code)

    assert report.cause == "no_function_instrumentation_errors"
    assert (line.outcome, code in line.saw) == (Verdict.PROBLEM, True)


@pytest.mark.parametrize(
    ("error", "code"),
    [(None, "InternalError"), ("Rate exceeded", "Throttled"), ("A made-up reason", "Failed")],
)
def test_update_that_failed_for_whatever_reason_is_a_notice_beside_payloads(error, code):
    """What the function did outweighs what an update of it said (interface: Evidence decides)."""
    report, line = update_of(error=error, error_code=code)

    assert (report.verdict, report.impact) == (Overall.NOTICE, None)
    assert line.outcome is Verdict.NOTICE
    assert code in line.saw
    assert "Turn Instrument" not in line.remedy


def test_update_under_way_is_said():
    report, line = update_of(update_status="InProgress")

    assert (report.verdict, line.outcome) == (Overall.NOTICE, Verdict.NOTICE)


def test_payload_of_no_invocation_in_the_log_is_no_evidence():
    """A handler printed it, out of what somebody sent."""
    forged = a_payload(request_id="r-9")
    quote = seen(Kind.TELEMETRY, LATELY, forged)
    own = [seen(Kind.STARTED), seen(Kind.FINISHED, LATELY + MINUTE)]
    log = a_log(own[0], replace(quote, request_id="r-9"), own[1])

    assert log.payloads == ()
    assert log.last_payload_at is None
    assert walk(evidence(log=log)).cause == "telemetry_payload_logged"
    believed = a_log(replace(quote, request_id="r-9"), *own)
    assert len(believed.payloads) == 1  # older than all that the platform's lines tell of
