"""Whether Dashboard hears of deployments, over the wire: what is asked, of whom, and how often."""

from __future__ import annotations

import pytest

from bot.aws.evidence.once import Once
from bot.playground.account import model
from bot.playground.account.demo_functions import DEMO_FUNCTIONS
from bot.store.coding import decode, encode
from checks.evidence import DeploymentEvents, Evidence, Missing
from checks.evidence.region import EventRule, Trail
from checks.runbook import walk

ARN = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/serverless_trail"
RULE = EventRule("serverless_lambda_deploy_events", enabled=True)
ASKED = {"DescribeTrails", "GetTrailStatus", "GetEventSelectors", "ListRules"}


def asked(aws):
    return sorted(call.operation for call in aws.calls if call.operation in ASKED)


@pytest.fixture
def removed(bed):
    """Its layer and variables were taken by a deployment two hours ago."""
    DEMO_FUNCTIONS["removed by a deployment"].break_it(bed)
    return bed


def test_healthy_function_costs_no_call_more(aws, gathered):
    assert gathered().deployment_events is None
    assert asked(aws) == []


@pytest.mark.parametrize(
    "name",
    ["toggle off", "stack deleted", "Datadog's wrapper", "five layers", "java", "layer gone"],
)
def test_only_what_a_deployment_took_is_asked_about(aws, gathered, bed, name):
    """The layer that is gone was never seen to report."""
    DEMO_FUNCTIONS[name].break_it(bed)

    assert gathered().deployment_events is None
    assert asked(aws) == []


def test_three_calls_after_a_deployment(aws, gathered, removed):
    found = gathered().deployment_events

    assert found == DeploymentEvents(Trail(ARN, logging=True), (RULE,))
    assert asked(aws) == ["DescribeTrails", "GetTrailStatus", "ListRules"]


def test_once_for_all_functions_of_a_region(aws, gathered, removed):
    cache = Once()
    for _ in range(3):
        assert gathered(cache=cache).deployment_events

    assert asked(aws) == ["DescribeTrails", "GetTrailStatus", "ListRules"]


@pytest.mark.parametrize(("other", "records"), [(True, True), (False, False)])
def test_other_trails_count_where_dashboards_is_stopped(aws, gathered, removed, other, records):
    removed.account.trail.trails |= {"serverless_trail": False, "audit": other}

    found = gathered().deployment_events

    assert (found.trail, found.others_record) == (Trail(ARN, logging=False), records)


def test_no_trail_and_no_rule(gathered, removed):
    removed.account.trail.trails.clear()
    removed.region.rules.clear()

    assert gathered().deployment_events == DeploymentEvents(None, (), others_record=False)


def test_rules_of_other_names_are_not_dashboards(gathered, removed):
    off = model.EventRule(enabled=False)
    removed.region.rules |= {"slsdiag-watch": off, "serverless_x": off}

    assert gathered().deployment_events.rules == (RULE, EventRule("serverless_x", enabled=False))


@pytest.mark.parametrize(
    ("service", "operation", "part"),
    [
        ("cloudtrail", "DescribeTrails", "trail"),
        ("cloudtrail", "GetTrailStatus", "trail"),
        ("events", "ListRules", "rules"),
    ],
)
def test_refusal_names_its_action_and_changes_no_verdict(
    aws, gathered, removed, service, operation, part
):
    aws.fail(service, operation)

    evidence = gathered()
    line = walk(evidence).line("function_instrumented")

    assert getattr(evidence.deployment_events, part).action == f"{service}:{operation}"
    assert line.code == "removed"
    assert f"not known: AWS does not allow {service}:{operation}." in line.saw
    assert f"Allow {service}:{operation}" in line.remedy


def test_late_answer_is_none(aws, gathered, removed):
    """Nothing else of the report is lost by it."""
    aws.fail("events", "ListRules", "InternalException", status=500)

    assert isinstance(gathered().deployment_events.rules, Missing)


def test_evidence_of_an_older_release_gives_its_report(gathered, removed):
    """What it did not read is not asked for, and nothing is said of it."""
    removed.account.trail.trails["serverless_trail"] = False
    evidence = gathered()
    new = decode(Evidence, encode(evidence))
    text = encode(evidence)
    start = text.index(',"deployment_events":')
    old = decode(Evidence, text[:start] + text[text.index(',"expected":') :])

    assert new == evidence
    assert old.deployment_events is None
    line = walk(old).line("function_instrumented")
    assert (line.code, "Dashboard" in line.saw) == ("removed", False)
    assert "repair" in walk(new).line("function_instrumented").saw
