"""Whether Dashboard hears of deployments: what is said of it, and what is recommended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import FIREHOSE, NODE_LAYER, NOON, OURS_NODE, a_function, evidence, outcome_of
from worlds import MINUTE, a_log_of

from checks.deployment_events import obstacles, told
from checks.evidence import DeploymentEvents, Filter, Missing
from checks.evidence.region import EventRule, Trail
from checks.model import Verdict, Wait
from checks.repair import is_about_repair

ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/serverless_trail"
RULE = "serverless_lambda_deploy_events"
ON, OFF = Trail(ARN, logging=True), Trail(ARN, logging=False)
ENABLED, DISABLED = (EventRule(RULE, enabled=True),), (EventRule(RULE, enabled=False),)
HEARS = DeploymentEvents(ON, ENABLED)
STOPPED = DeploymentEvents(OFF, ENABLED, others_record=False)
DENIED = Missing("AWS does not allow events:ListRules.", "events:ListRules")
CHANGED = NOON - timedelta(hours=2)
OURS = Filter("serverless_logs-filter", FIREHOSE, created_at=CHANGED - MINUTE)
AFTER = a_log_of(["payload"], CHANGED - MINUTE)


def removed(events, changed=CHANGED):
    return outcome_of(
        "function_instrumented",
        function=a_function(layers=(), modified_at=changed),
        environment={},
        filters=(OURS,),
        log=a_log_of(["payload"], changed - MINUTE),
        deployment_events=events,
    )


@pytest.mark.parametrize(
    ("events", "says", "recommends"),
    [
        (STOPPED, "the trail serverless_trail is stopped", ["start-logging", "us-east-1"]),
        (DeploymentEvents(ON, DISABLED), f"the rule {RULE} is disabled", ["enable-rule", RULE]),
        (
            DeploymentEvents(OFF, DISABLED, others_record=False),
            f"is stopped and the rule {RULE} is disabled",
            ["start-logging", "enable-rule"],
        ),
        (DeploymentEvents(OFF, DENIED, others_record=False), "is stopped", ["start-logging"]),
        (DeploymentEvents(DENIED, DISABLED), "is disabled", ["enable-rule"]),
        (
            DeploymentEvents(None, ENABLED, others_record=False),
            "the trail serverless_trail is gone",
            ["remove this account's integration and add it again"],
        ),
        (DeploymentEvents(ON, ()), f"the rule {RULE} is gone", ["integration and add it again"]),
    ],
)
def test_what_cannot_be_repaired_is_not_waited_for(events, says, recommends):
    """Also a moment after the deployment."""
    outcome = removed(events, changed=NOON - timedelta(seconds=5))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "removed")
    assert "Dashboard can't repair it, because " in outcome.saw
    assert says in outcome.saw
    assert outcome.headline == "A deployment removed the SDK; Dashboard can't repair it"
    first = " ".join(f"{action.do} {action.command}" for action in outcome.actions[:-2])
    assert all(word in first for word in recommends)
    assert not any("wait" in action.do.lower() for action in outcome.actions)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        (None, ""),
        (HEARS, "Dashboard hears of deployments: serverless_trail is logging"),
        (DeploymentEvents(OFF, ENABLED, others_record=True), "another trail records deployments"),
        (DeploymentEvents(None, (), others_record=False), "neither serverless_trail nor a rule"),
        (DeploymentEvents(ON, DENIED), "is not known: AWS does not allow events:ListRules."),
        (DeploymentEvents(OFF, ENABLED, others_record=DENIED), "is not known"),
        (DENIED, "is not known: AWS does not allow events:ListRules."),
        (DeploymentEvents(ON, (EventRule("serverless_x", enabled=False), *ENABLED)), "hears"),
    ],
)
def test_what_may_be_repaired_is_waited_for(events, says):
    assert isinstance(removed(events, changed=NOON - timedelta(seconds=5)), Wait)

    outcome = removed(events)

    assert says in outcome.saw
    assert told(events).strip() in outcome.saw
    assert "stages.STAGE.observability" in outcome.actions[0].do


def test_missing_permission_is_an_action():
    outcome = removed(DeploymentEvents(DENIED, DENIED))

    assert [action.do for action in outcome.actions][-1:] == [
        "Allow events:ListRules to slsdiag's role"
    ]


@pytest.mark.parametrize(
    ("slug", "lost"),
    [
        ("layer_attached", {"function": a_function(layers=(), modified_at=CHANGED)}),
        ("wrapper_set", {"environment": {"SLS_ORG_ID": "org-1a2b3c4d"}}),
        (
            "org_id_set",
            {"environment": {k: v for k, v in OURS_NODE.items() if k != "SLS_ORG_ID"}},
        ),
    ],
)
def test_one_of_them_missing_after_a_deployment(slug, lost):
    """Only where payloads show that it was there before."""
    function = {"function": a_function(layers=(NODE_LAYER,), modified_at=CHANGED)}
    world = function | lost | {"log": AFTER, "deployment_events": STOPPED}

    outcome = outcome_of(slug, **world)

    assert "Dashboard can't repair it" in outcome.saw
    assert any("start-logging" in (action.command or "") for action in outcome.actions)
    assert is_about_repair(evidence(**world))
    for other in (world | {"log": a_log_of(["bare"])}, world | {"deployment_events": HEARS}):
        calm = outcome_of(slug, **other)
        assert "repair" not in calm.saw
        assert not any("start-logging" in (action.command or "") for action in calm.actions)
    assert not is_about_repair(evidence(**world | {"log": a_log_of(["bare"])}))


def test_relief_of_one_that_is_down_comes_first():
    outcome = outcome_of(
        "layer_attached",
        function=a_function(layers=(), modified_at=CHANGED),
        log=AFTER,
        deployment_events=STOPPED,
    )

    assert outcome.code == "down"
    assert outcome.actions[0].relief
    assert "start-logging" in outcome.actions[1].command


@pytest.mark.parametrize(
    "world",
    [
        {},
        {"environment": {}, "function": a_function(layers=(), version="7", modified_at=CHANGED)},
        {"environment": {}, "function": a_function(layers=(), runtime="java21")},
        {"environment": {}, "function": a_function(layers=(), runtime=None)},
        {"environment": Missing("Denied."), "function": a_function(layers=())},
        {
            "environment": {},
            "function": a_function(layers=()),
            "log": a_log_of(["bare"]),
            "filters": (),
        },
        {"environment": {}, "function": a_function(layers=()), "role": None},
    ],
)
def test_nothing_is_asked_where_no_answer_uses_it(world):
    """Healthy, frozen, without an SDK, hidden, never instrumented, or broken by something else."""
    logged = {"log": AFTER} if world else {}

    assert not is_about_repair(evidence(**logged | world))


def test_events_that_were_not_read_are_no_obstacle():
    for events in (None, DENIED, DeploymentEvents(DENIED, DENIED), HEARS):
        assert obstacles(events) == ()
