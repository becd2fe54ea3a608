"""Resource Groups Tagging API: the tags of functions."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call
from bot.playground.account.faults import AwsError

MOST = 100


def _resources(call: Call) -> Answer:
    """Only what was asked for by ARN, is here, and has a tag or had one."""
    arns = list(call.arguments.get("ResourceARNList") or [])
    if len(arns) > MOST:
        raise AwsError("InvalidParameterException", "ResourceARNList has more than 100 items.")
    mappings = [
        {
            "ResourceARN": arn,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        for arn in arns
        if (tags := call.region.tags.get(arn.rpartition(":")[2]))
    ]
    return {"PaginationToken": "", "ResourceTagMappingList": mappings}


ANSWERS = {"GetResources": _resources}
