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
    organizations,
    queues,
    rules,
    secrets,
    tagging,
    trail,
)
from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError
from bot.playground.account.model import AwsAccount, Region
from bot.playground.account.wire import Request

_ANSWERS = {
    "lambda": functions.ANSWERS,
    "logs": logs.ANSWERS,
    "cloudwatch": cloudwatch.ANSWERS,
    "firehose": delivery.ANSWERS,
    "cloudformation": cloudformation.ANSWERS,
    "iam": identity.IAM,
    "sts": identity.STS,
    "secretsmanager": secrets.ANSWERS,
    "resourcegroupstaggingapi": tagging.ANSWERS,
    "organizations": organizations.ANSWERS,
    "cloudtrail": trail.ANSWERS,
    "sqs": queues.ANSWERS,
    "events": rules.ANSWERS,
}


def answer(
    accounts: Mapping[str, AwsAccount], account: AwsAccount, region: Region, request: Request
) -> Answer:
    """What AWS would say; AwsError for a refusal."""
    handler = _ANSWERS.get(request.service, {}).get(request.operation)
    if handler is None:
        message = f"{request.service} does not know {request.operation}"
        raise AwsError("UnknownOperationException", message, 404)
    call = Call(accounts, account, region, request.arguments, datetime.now(UTC))
    try:
        return handler(call)
    except (KeyError, TypeError, ValueError) as error:
        message = f"The arguments of {request.operation} cannot be read: {error}"
        raise AwsError("ValidationException", message) from error
