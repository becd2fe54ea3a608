"""
What watching takes beyond reading: messages are taken off a queue that was made for the bot.

It is the one thing that the bot does to an account, with permissions of its own, on queues of that name alone.
"""

from __future__ import annotations

from bot.aws.operations import Operation

_QUEUES = ("arn:{partition}:sqs:*:{account}:slsdiag-watch*",)

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
QUEUE_OPERATIONS = (RECEIVE_MESSAGES, DELETE_MESSAGES, QUEUE_ATTRIBUTES)
