"""
Whether Dashboard hears of deployments, in words, and what helps where it does not.

Dashboard puts layer and variables back after each deployment that it hears of: by a trail of
CloudTrail's and a rule of EventBridge's in the function's region (`facts/integration.py`). Where the
trail was stopped or the rule disabled, that repair cannot come.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.account_actions import integrate_again
from checks.commands import enable_rule, start_trail
from checks.evidence import DeploymentEvents, LambdaFunction, Missing
from checks.evidence.region import RULE_PREFIX, TRAIL, EventRule, Trail
from checks.facts.integration import DEPLOY_RULE
from checks.model import Action, granting
from checks.proof import Proof

Events = DeploymentEvents | Missing | None
_REGION = "affects every function of the region"


def obstacles(events: Events) -> tuple[str, ...]:
    """Why Dashboard cannot hear of deployments, each as "TRAIL is stopped"; none where it may."""
    if not isinstance(events, DeploymentEvents) or _both_absent(events):
        return ()
    return tuple(filter(None, (_trail_off(events), _rule_off(events))))


def _both_absent(events: DeploymentEvents) -> bool:
    """Then it may be an integration that works otherwise."""
    return events.trail is None and events.rules == ()


def _trail_off(events: DeploymentEvents) -> str | None:
    """EventBridge passes on what any trail records, so another one does as well."""
    if isinstance(events.trail, Missing) or events.others_record is not False:
        return None
    return f"the trail {TRAIL} {'is gone' if events.trail is None else 'is stopped'}"


def _rule_off(events: DeploymentEvents) -> str | None:
    rules = _rules(events)
    if rules is None or any(rule.enabled for rule in rules):
        return None
    if not rules:
        return f"the rule {DEPLOY_RULE.value} is gone"
    return f"the rule {rules[0].name} is disabled"


def _rules(events: DeploymentEvents) -> tuple[EventRule, ...] | None:
    """The one for deployments where it is known by its name, else all; None where not read."""
    if isinstance(events.rules, Missing):
        return None
    named = tuple(rule for rule in events.rules if rule.name == DEPLOY_RULE.value)
    return named or events.rules


def told(events: Events) -> str:
    """A sentence on whether Dashboard hears of deployments, behind another one; "" where not asked."""
    return " ".join(["", *_sentences(events)])


def _sentences(events: Events) -> Iterator[str]:
    if events is None:
        return
    if found := obstacles(events):
        yield f"Dashboard can't repair it, because {' and '.join(found)}."
        return
    unread = _unread(events)
    if unread:
        yield f"Whether Dashboard hears of deployments is not known: {unread[0].why}"
    elif isinstance(events, DeploymentEvents):
        yield _hears(events)


def _hears(events: DeploymentEvents) -> str:
    if _both_absent(events):
        return f"The account has neither {TRAIL} nor a rule {RULE_PREFIX}*, so Dashboard may not hear of it."
    if events.others_record:
        return f"{TRAIL} is not logging, but another trail records deployments for Dashboard."
    return f"Dashboard hears of deployments: {TRAIL} is logging and its rule is enabled."


def _unread(events: Events) -> list[Missing]:
    if not isinstance(events, DeploymentEvents):
        return [events] if events else []
    parts = (events.trail, events.rules, events.others_record)
    return [part for part in parts if isinstance(part, Missing)]


def hear_again(function: LambdaFunction, events: Events) -> tuple[Action, ...]:
    """What lets Dashboard hear of deployments again; nothing where it may hear."""
    found = obstacles(events)
    if not found or not isinstance(events, DeploymentEvents):
        return ()
    return tuple(dict.fromkeys(_helps(function, events)))


def _helps(function: LambdaFunction, events: DeploymentEvents) -> Iterator[Action]:
    """What is gone is only made by integrating the account again."""
    rules = _rules(events)
    if _trail_off(events):
        yield _start(events.trail) if isinstance(events.trail, Trail) else integrate_again()
    if rules is not None and _rule_off(events):
        yield _enable(rules[0].name, function.region) if rules else integrate_again()


def _start(trail: Trail) -> Action:
    return Action(
        f"Start {TRAIL}, so that Dashboard hears of deployments",
        command=start_trail(trail.arn),
        caution=_REGION,
    )


def _enable(rule: str, region: str) -> Action:
    return Action(
        f"Enable the rule {rule}, so that Dashboard hears of deployments",
        command=enable_rule(rule, region),
        caution=_REGION,
    )


def to_read(events: Events) -> tuple[Action, ...]:
    """To grant what is missing to know it, where nothing else is known that keeps Dashboard from hearing."""
    if obstacles(events):
        return ()
    granted = (action for part in _unread(events) for action in granting(part))
    return tuple(dict.fromkeys(granted))


def after_deployment(
    function: LambdaFunction, events: Events, proof: Proof
) -> tuple[str, tuple[Action, ...]]:
    """A sentence and actions, of one that reported before its last change and cannot be repaired."""
    if proof.reported_before is None or not obstacles(events):
        return "", ()
    return told(events), hear_again(function, events)
