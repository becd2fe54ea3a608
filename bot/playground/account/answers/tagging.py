"""The tagging API: what tags things have."""

from __future__ import annotations

from bot.playground.account.answers.call import Answer, Call


def _resources(call: Call) -> Answer:
    """Of those that are asked for by ARN only those that have tags, as AWS does."""
    wanted = call.arguments.get("ResourceARNList") or []
    return {
        "PaginationToken": "",
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
            for arn in wanted
            if (tags := call.region.tags.get(arn))
        ],
    }


ANSWERS = {"GetResources": _resources}
