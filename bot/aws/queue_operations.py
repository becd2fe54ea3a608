"""
What watching takes beyond reading: messages are taken off a queue that was made for the bot.

It is the one thing that the bot does to an account, with permissions of its own, on queues of that name alone.
Whether rules fill the queue is read as well.
"""

from __future__ import annotations

from bot.aws.operations import Operation

_QUEUES = ("arn:{partition}:sqs:*:{account}:slsdiag-watch*",)
_RULES = ("arn:{partition}:events:*:{account}:rule/slsdiag-watch*",)

RECEIVE_MESSAGES = Operation(
    "sqs",
    "receive_message",
    "sqs:ReceiveMessage",
    _QUEUES,
    serves="The events of deployments, from the queue that slsdiag watch template makes",
)
DELETE_MESSAGES = Operation(
    "sqs",
    "delete_message_batch",
    "sqs:DeleteMessage",
    _QUEUES,
    serves="Takes an event off that queue once it is stored; it deletes nothing else",
)
QUEUE_ATTRIBUTES = Operation(
    "sqs",
    "get_queue_attributes",
    "sqs:GetQueueAttributes",
    _QUEUES,
    serves="How many events and dead letters wait; slsdiag doctor shows it",
)
DESCRIBE_RULE = Operation(
    "events",
    "describe_rule",
    "events:DescribeRule",
    _RULES,
    serves="Whether the rules that fill the queue exist and are enabled",
)
RULE_TARGETS = Operation(
    "events",
    "list_targets_by_rule",
    "events:ListTargetsByRule",
    _RULES,
    serves="Whether those rules send to that queue",
)

QUEUE_OPERATIONS = (RECEIVE_MESSAGES, DELETE_MESSAGES, QUEUE_ATTRIBUTES)
RULE_OPERATIONS = (DESCRIBE_RULE, RULE_TARGETS)
"""For doctor alone."""
WATCH_OPERATIONS = (*QUEUE_OPERATIONS, *RULE_OPERATIONS)
