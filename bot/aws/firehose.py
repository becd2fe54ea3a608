"""Firehose's answers → the delivery streams of the integration."""

from __future__ import annotations

from botocore.exceptions import ClientError

from bot.aws.door import Account
from bot.aws.operations import DELIVERY_STREAM
from bot.aws.refusals import code_of, or_missing
from checks.evidence import DeliveryStream, Missing


def delivery_stream(account: Account, region: str, name: str) -> DeliveryStream | Missing | None:
    """The stream called `name`, None where there is none."""

    def ask() -> DeliveryStream | None:
        try:
            answer = account.call(DELIVERY_STREAM, region, DeliveryStreamName=name, Limit=1)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        stream = answer["DeliveryStreamDescription"]
        failure = (stream.get("FailureDescription") or {}).get("Type")
        return DeliveryStream(
            str(stream["DeliveryStreamARN"]),
            str(stream["DeliveryStreamStatus"]),
            str(failure) if failure else None,
        )

    return or_missing(DELIVERY_STREAM, region, ask)
