"""Secrets Manager: a secret's current text."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError


def _value(call: Call) -> Answer:
    arn = str(call.arguments["SecretId"])
    if arn not in call.region.secrets:
        message = "Secrets Manager can't find the specified secret."
        raise AwsError("ResourceNotFoundException", message, 400)
    return {"ARN": arn, "SecretString": call.region.secrets[arn]}


ANSWERS = {"GetSecretValue": _value}
