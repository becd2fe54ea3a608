"""
What people who apply the runbook's remedies may need; slsdiag itself does none of it.

Each row is a remedy that a step names and the IAM actions behind it (AWS, Service Authorization
Reference). What Dashboard does with its own role is not here.
"""

from __future__ import annotations

from typing import Any

_FUNCTION = ("arn:{partition}:lambda:*:{account}:function:*",)
REMEDIES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("InvokeOnce", ("lambda:InvokeFunction",), _FUNCTION),
    (
        "SetLayersVariablesRuntimeAndTimeout",
        ("lambda:GetFunctionConfiguration", "lambda:UpdateFunctionConfiguration"),
        _FUNCTION,
    ),
    (
        "PublishAVersionAndMoveItsAlias",
        ("lambda:PublishVersion", "lambda:UpdateAlias"),
        _FUNCTION,
    ),
    (
        "RemoveASubscriptionFilter",
        ("logs:DeleteSubscriptionFilter", "logs:DescribeSubscriptionFilters"),
        ("arn:{partition}:logs:*:{account}:log-group:*",),
    ),
    ("StartTheMetricStream", ("cloudwatch:StartMetricStreams",), ("*",)),
    (
        "RemoveTheIntegrationsStack",
        ("cloudformation:DeleteStack", "cloudformation:DescribeStacks"),
        ("arn:{partition}:cloudformation:*:{account}:stack/Serverless-Inc-Role-Stack/*",),
    ),
)
"""Name, actions, resources."""


def policy(partition: str = "aws", account: str = "*") -> dict[str, Any]:
    """One statement for each remedy, so that what is not wanted can be left out."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": name,
                "Effect": "Allow",
                "Action": list(actions),
                "Resource": [
                    pattern.format(partition=partition, account=account) for pattern in resources
                ],
            }
            for name, actions, resources in REMEDIES
        ],
    }
