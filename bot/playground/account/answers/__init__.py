"""Operation → answer, in AWS's own keys: a module for each service. Only reads are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.playground.account.answers import (
    cloudformation,
    cloudwatch,
    delivery,
    functions,
    identity,
    logs,
    tagging,
)
from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError
from bot.playground.account.model import AwsAccount, Region
from bot.playground.account.wire import Asked

_ANSWERS = {
    "lambda": functions.ANSWERS,
    "logs": logs.ANSWERS,
    "cloudwatch": cloudwatch.ANSWERS,
    "firehose": delivery.ANSWERS,
    "cloudformation": cloudformation.ANSWERS,
    "iam": identity.IAM,
    "sts": identity.STS,
    "tagging": tagging.ANSWERS,
}


def answer(
    accounts: Mapping[str, AwsAccount], account: AwsAccount, region: Region, asked: Asked
) -> Answer:
    """What AWS would say; AwsError for a refusal."""
    known = _ANSWERS.get(asked.service, {}).get(asked.operation)
    if known is None:
        told = f"{asked.service} does not know {asked.operation}"
        raise AwsError("UnknownOperationException", told, 404)
    call = Call(accounts, account, region, asked.arguments, datetime.now(UTC))
    try:
        return known(call)
    except (KeyError, TypeError, ValueError) as error:
        told = f"The arguments of {asked.operation} cannot be read: {error}"
        raise AwsError("ValidationException", told) from error
