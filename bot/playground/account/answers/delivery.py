"""Firehose: the delivery streams."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError


def _stream(call: Call) -> Answer:
    name = str(call.arguments["DeliveryStreamName"])
    if name not in call.region.firehoses:
        message = f"Firehose {name} not found under account {call.account.id}."
        raise AwsError("ResourceNotFoundException", message)
    return {
        "DeliveryStreamDescription": {
            "DeliveryStreamName": name,
            "DeliveryStreamARN": call.arn("firehose", f"deliverystream/{name}"),
            "DeliveryStreamStatus": call.region.firehoses[name],
            "DeliveryStreamType": "DirectPut",
            "VersionId": "1",
            "Destinations": [],
            "HasMoreDestinations": False,
        }
    }


ANSWERS = {"DescribeDeliveryStream": _stream}
