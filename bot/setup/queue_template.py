"""What makes the queue of an account and region, as a CloudFormation template in YAML."""

from __future__ import annotations

from typing import Any

from bot.aws.permissions import VERSION
from bot.setup import instructions
from bot.setup.commented_yaml import Short, written
from bot.setup.events import (
    DEAD_QUEUE,
    HIDDEN,
    KEPT,
    KEPT_DEAD,
    LONG_POLL,
    QUEUE,
    RULES,
    TRIES,
    Rule,
)

_DEAD_ARN, _QUEUE_ARN = Short("GetAtt", "DeadLetters.Arn"), Short("GetAtt", "Queue.Arn")


def template() -> str:
    """The queue, its dead letters, its rules, and who may send to it."""
    document = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The queue from which slsdiag takes the events of this account and region",
        "Resources": {
            "DeadLetters": _queue(DEAD_QUEUE, MessageRetentionPeriod=KEPT_DEAD),
            "Queue": _queue(
                QUEUE,
                MessageRetentionPeriod=KEPT,
                ReceiveMessageWaitTimeSeconds=LONG_POLL,
                VisibilityTimeout=HIDDEN,
                RedrivePolicy={"deadLetterTargetArn": _DEAD_ARN, "maxReceiveCount": TRIES},
            ),
            "Senders": _senders("Queue", _QUEUE_ARN),
            "DeadLetterSenders": _senders("DeadLetters", _DEAD_ARN),
            **{rule.title: _rule(rule) for rule in RULES},
        },
        "Outputs": {"QueueUrl": {"Value": Short("Ref", "Queue")}},
    }
    return instructions.queue_template(QUEUE) + written(document)


def _queue(name: str, **properties: Any) -> dict[str, Any]:
    """Its messages are hints that the catch-up finds again, so nothing is lost with it."""
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"QueueName": name, "SqsManagedSseEnabled": True, **properties},
    }


def _senders(queue: str, arn: Short) -> dict[str, Any]:
    sources = [Short("GetAtt", f"{rule.title}.Arn") for rule in RULES]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": sources}},
    }
    document = {"Version": VERSION, "Statement": [statement]}
    properties = {"Queues": [Short("Ref", queue)], "PolicyDocument": document}
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": properties}


def _rule(rule: Rule) -> dict[str, Any]:
    target = {"Id": "slsdiag", "Arn": _QUEUE_ARN, "DeadLetterConfig": {"Arn": _DEAD_ARN}}
    properties = {
        "Name": rule.name,
        "Description": rule.description,
        "EventPattern": rule.pattern,
        "Targets": [target],
    }
    return {"Type": "AWS::Events::Rule", "Properties": properties}
