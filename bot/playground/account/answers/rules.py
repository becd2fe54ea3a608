"""Amazon EventBridge: rules and where they send events."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError
from bot.playground.account.model import EventRule


def _rule(call: Call, name: str) -> EventRule:
    rule = call.region.queue_rules.get(name)
    if rule is None:
        message = f"Rule {name} does not exist on EventBus default."
        raise AwsError("ResourceNotFoundException", message)
    return rule


def _described(call: Call) -> Answer:
    name = str(call.arguments["Name"])
    state = "ENABLED" if _rule(call, name).enabled else "DISABLED"
    return {"Name": name, "Arn": call.arn("events", f"rule/{name}"), "State": state}


def _targets(call: Call) -> Answer:
    rule = _rule(call, str(call.arguments["Rule"]))
    return {"Targets": [{"Id": str(n), "Arn": arn} for n, arn in enumerate(rule.targets)]}


ANSWERS = {"DescribeRule": _described, "ListTargetsByRule": _targets}
