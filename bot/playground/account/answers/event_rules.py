"""EventBridge: its rules."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call, page

_PAGE = 100


def _listed(call: Call) -> Answer:
    """By name, of the default bus."""
    prefix = str(call.arguments.get("NamePrefix") or "")
    names = sorted(name for name in call.region.rules if name.startswith(prefix))
    size = int(call.arguments.get("Limit") or _PAGE)
    some, token = page(names, call.arguments.get("NextToken"), size)
    rules = [
        {
            "Name": name,
            "Arn": call.arn("events", f"rule/{name}"),
            "State": call.region.rules[name],
            "EventBusName": "default",
        }
        for name in some
    ]
    return {"Rules": rules} | ({"NextToken": token} if token else {})


ANSWERS = {"ListRules": _listed}
