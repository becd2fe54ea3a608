"""
How IAM evaluates a policy, as far as these documents go; what it does not know it refuses to judge.

After "Policy evaluation logic", "Resource" and "Condition" of the IAM User Guide: names of actions
have no case; wildcards of a resource stay within the segments of an ARN; a denial wins.
"""

from __future__ import annotations

import re

KNOWN = {"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}


def allows(policy, action, resource=None, *, principal=None, context=None):
    """Whether the policy lets `principal` (None: whoever has the policy) do it."""
    assert policy["Version"] == "2012-10-17"
    effects = {
        each["Effect"]
        for each in policy["Statement"]
        if _applies(each, action, resource, principal, context or {})
    }
    assert effects <= {"Allow", "Deny"}
    return effects == {"Allow"}


def _applies(statement, action, resource, principal, context):
    assert set(statement) <= KNOWN, f"not evaluated: {set(statement) - KNOWN}"
    return (
        any(_matches(each.lower(), action.lower()) for each in listed(statement["Action"]))
        and ("Resource" not in statement or _named(listed(statement["Resource"]), resource))
        and _trusts(statement.get("Principal"), principal)
        and all(_holds(*each, context) for each in statement.get("Condition", {}).items())
    )


def _named(patterns, resource):
    return any(
        pattern == "*" or all(map(_matches, pattern.split(":", 5), (resource or "").split(":", 5)))
        for pattern in patterns
    )


def _trusts(trusted, principal):
    if trusted is None or principal is None:
        return trusted is principal is None
    kind, name = principal
    return name in listed(trusted.get(kind, []))


def _holds(operator, wanted, context):
    assert operator == "StringEquals", f"not evaluated: {operator}"
    return all(_given(key, context) in _filled(value, context) for key, value in wanted.items())


def _given(key, context):
    """A key that is not there equals nothing, not even another that is not there."""
    return context.get(key, key)


def _filled(value, context):
    """With IAM's own variables, as ${aws:PrincipalOrgID}; without a value nothing matches."""
    return [
        re.sub(r"\$\{([\w:]+)\}", lambda it: context.get(it[1], it[0]), it) for it in listed(value)
    ]


def _matches(pattern, text):
    regex = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def listed(value):
    return [value] if isinstance(value, str) else value
