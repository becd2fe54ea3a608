"""Amazon EventBridge: rules and where they send events."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from bot.playground.account.model import EventRule

_PAGE = 100


def _listed(call: Call) -> Answer:
    """By name, of the default bus."""
    prefix = str(call.arguments.get("NamePrefix") or "")
    names = sorted(name for name in call.region.rules if name.startswith(prefix))
    size = int(call.arguments.get("Limit") or _PAGE)
    some, token = page(names, call.arguments.get("NextToken"), size)
    rules = [_shown(call, name) | {"EventBusName": "default"} for name in some]
    return {"Rules": rules} | ({"NextToken": token} if token else {})


def _described(call: Call) -> Answer:
    return _shown(call, str(call.arguments["Name"]))


def _shown(call: Call, name: str) -> Answer:
    state = "ENABLED" if _rule(call, name).enabled else "DISABLED"
    return {"Name": name, "Arn": call.arn("events", f"rule/{name}"), "State": state}


def _targets(call: Call) -> Answer:
    rule = _rule(call, str(call.arguments["Rule"]))
    return {"Targets": [{"Id": str(n), "Arn": arn} for n, arn in enumerate(rule.targets)]}


def _rule(call: Call, name: str) -> EventRule:
    rule = call.region.rules.get(name)
    if rule is None:
        message = f"Rule {name} does not exist on EventBus default."
        raise AwsError("ResourceNotFoundException", message)
    return rule


ANSWERS = {"ListRules": _listed, "DescribeRule": _described, "ListTargetsByRule": _targets}
