"""The metric stream and the Firehose behind it: both must be there and at work."""

from __future__ import annotations

import pytest
from situations import outcome_of

from checks.evidence import MetricPipe, Missing
from checks.facts.denials import DeniedBy
from checks.facts.states import STREAM_STATES
from checks.model import Page, Verdict
from checks.s180_metrics_reach_the_metric_stream import CODES

ACTION = "firehose:DescribeDeliveryStream"
SITUATIONS = {
    "stopped": MetricPipe("stopped", firehose_exists=True, firehose_status="ACTIVE"),
    "stream_gone": MetricPipe(None, firehose_exists=True),
    "both_absent": MetricPipe(None, firehose_exists=False),
    "firehose_gone": MetricPipe("running", firehose_exists=False),
    "firehose_inactive": MetricPipe("running", firehose_exists=True, firehose_status="DELETING"),
}


def tried(pipe):
    return outcome_of("metrics_reach_the_metric_stream", metric_pipe=pipe)


def test_every_code_has_a_situation():
    assert set(SITUATIONS) == set(CODES)


@pytest.mark.parametrize("code", SITUATIONS)
def test_situation_has_its_code_and_verdict(code):
    outcome = tried(SITUATIONS[code])

    assert outcome.code == code
    expected = Verdict.NOTICE if code == "both_absent" else Verdict.PROBLEM
    assert outcome.verdict is expected
    assert bool(outcome.actions) is (code != "both_absent")


def test_stopped_stream_is_started_whatever_is_behind_it():
    outcome = tried(MetricPipe("stopped"))
    (action,) = outcome.actions

    assert outcome.headline == "The metric stream is stopped"
    assert (action.page, action.caution) == (
        Page.METRIC_STREAM,
        "affects every function of the region",
    )


@pytest.mark.parametrize("status", [*STREAM_STATES.value, "SOMETHING_NEW", None])
def test_running_stream_needs_an_active_firehose(status):
    outcome = tried(MetricPipe("running", firehose_exists=True, firehose_status=status))

    assert (outcome.verdict is Verdict.OK) is (status in {"ACTIVE", None})
    assert outcome.verdict is Verdict.OK or status in outcome.saw


@pytest.mark.parametrize(
    ("status", "first", "count"),
    [
        ("CREATING", "Wait until serverless_metrics-firehose is ACTIVE", 1),
        ("DELETING", "Wait until AWS has deleted serverless_metrics-firehose", 2),
        ("CREATING_FAILED", "For every function of the account: remove this", 1),
        ("SOMETHING_NEW", "Read in the console", 1),
    ],
)
def test_integration_is_made_again_only_where_waiting_does_not_help(status, first, count):
    actions = tried(MetricPipe("running", firehose_exists=True, firehose_status=status)).actions

    assert actions[0].do.startswith(first)
    assert len(actions) == count


@pytest.mark.parametrize("state", ["running", None])
def test_firehose_that_could_not_be_read_leaves_it_unknown_with_what_helps(state):
    denied = tried(MetricPipe(state, None, "Denied.", firehose_action=ACTION))
    by_policy = tried(
        MetricPipe(
            state,
            None,
            "Denied.",
            firehose_action=ACTION,
            firehose_denied_by=DeniedBy.SERVICE_CONTROL_POLICY,
        )
    )
    unread = tried(MetricPipe(state))

    assert {each.verdict for each in (denied, by_policy, unread)} == {Verdict.UNKNOWN}
    assert denied.actions[0].do == f"Allow {ACTION} to slsdiag's role"
    assert "organization's administrators" in by_policy.actions[0].do
    assert (unread.actions, "It was not read." in unread.saw) == ((), True)


def test_pipe_that_was_not_read_leaves_it_unknown():
    assert tried(Missing("Denied.", "cloudwatch:ListMetricStreams")).verdict is Verdict.UNKNOWN
