"""Amazon SQS: receive, delete, and how much waits."""

from __future__ import annotations

import json
from hashlib import md5

from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError
from bot.playground.account.queue import Queue

_MOST = 10


def _queue(call: Call) -> Queue:
    name = str(call.arguments["QueueUrl"]).rpartition("/")[2]
    queue = call.region.queues.get(name)
    if queue is None:
        code = "com.amazonaws.sqs#QueueDoesNotExist"
        raise AwsError(code, "The specified queue does not exist.")
    return queue


def _received(call: Call) -> Answer:
    arguments = call.arguments
    most = int(arguments.get("MaxNumberOfMessages") or 1)
    if not 1 <= most <= _MOST:
        raise AwsError("InvalidParameterValue", "MaxNumberOfMessages must be 1 to 10.")
    hidden = arguments.get("VisibilityTimeout")
    wait = float(arguments.get("WaitTimeSeconds") or 0)
    found = _queue(call).receive(most, wait, None if hidden is None else float(hidden))
    messages = [
        {
            "MessageId": message.id,
            "ReceiptHandle": message.handle,
            "MD5OfBody": md5(message.body.encode(), usedforsecurity=False).hexdigest(),
            "Body": message.body,
        }
        for message in found
    ]
    return {"Messages": messages} if messages else {}


def _deleted(call: Call) -> Answer:
    queue, entries = _queue(call), call.arguments["Entries"]
    for entry in entries:
        queue.delete(str(entry["ReceiptHandle"]))
    return {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}


def _attributes(call: Call) -> Answer:
    queue = _queue(call)
    visible, hidden = queue.depth
    attributes = {
        "ApproximateNumberOfMessages": str(visible),
        "ApproximateNumberOfMessagesNotVisible": str(hidden),
        "VisibilityTimeout": str(int(queue.visibility)),
    }
    if queue.dead:
        arn = call.arn("sqs", queue.dead.name)
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": queue.tries}
        attributes["RedrivePolicy"] = json.dumps(policy)
    wanted = set(call.arguments.get("AttributeNames") or ())
    return {"Attributes": {k: v for k, v in attributes.items() if k in wanted or "All" in wanted}}


ANSWERS = {
    "ReceiveMessage": _received,
    "DeleteMessageBatch": _deleted,
    "GetQueueAttributes": _attributes,
}
