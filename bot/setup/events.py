"""
Which events the bot takes, and from which queue: what the template of the queue is made of.

Calls come by CloudTrail and need a trail that logs management events; the states of stacks and
functions need none (Amazon EventBridge User Guide, "AWS service events delivered via AWS CloudTrail").
The names of Lambda's calls end in dates, so they are matched by how they begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.aws import event_rules

QUEUE, DEAD_QUEUE = "slsdiag-watch", "slsdiag-watch-dead"
LONG_POLL = 20
"""Seconds; the longest that Amazon SQS has."""
HIDDEN = 120
"""Seconds that a message stays hidden after it was received, if it is not deleted."""
TRIES = 5
"""Times that a message is received before it becomes a dead letter."""
KEPT = 4 * 24 * 3600
"""Seconds that a message waits for the bot; what is older is found in CloudTrail's event history."""
KEPT_DEAD = 14 * 24 * 3600
"""Seconds; the longest that Amazon SQS has."""
BY_CLOUDTRAIL = "AWS API Call via CloudTrail"
CHANGES = (
    "UpdateFunctionC",
    "CreateFunction2",
    "DeleteFunction2",
    "PublishVersion",
    "UpdateAlias",
    "CreateAlias",
    "PutSubscriptionFilter",
    "DeleteSubscriptionFilter",
    "DeleteLogGroup",
)
"""How the names of the calls begin."""
DEPLOYED = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of EventBridge."""

    name: str
    title: str
    """Its logical id in CloudFormation."""
    description: str
    pattern: Mapping[str, Any]


RULES = (
    Rule(
        event_rules.CALLS,
        "Calls",
        "Changes of Lambda functions and log groups, for slsdiag; needs a trail",
        {
            "detail-type": [BY_CLOUDTRAIL],
            "detail": {
                "eventSource": ["lambda.amazonaws.com", "logs.amazonaws.com"],
                "eventName": [{"prefix": name} for name in CHANGES],
                "errorCode": [{"exists": False}],
            },
        },
    ),
    Rule(
        event_rules.STACKS,
        "Stacks",
        "Stacks of CloudFormation that were deployed, for slsdiag",
        {
            "source": ["aws.cloudformation"],
            "detail-type": ["CloudFormation Stack Status Change"],
            "detail": {"status-details": {"status": list(DEPLOYED)}},
        },
    ),
    Rule(
        event_rules.FUNCTIONS,
        "Functions",
        "States of Lambda functions, for slsdiag",
        {"source": ["aws.lambda"], "detail-type": [{"anything-but": [BY_CLOUDTRAIL]}]},
    ),
)
