"""EventBridge: what CloudTrail records, and what Lambda and CloudFormation say, goes to a queue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.playground.account.model import AwsAccount, EventRule, Region
from bot.playground.account.queue import Queue
from bot.playground.account.trail import Event

NAME, DEAD = "slsdiag-watch", "slsdiag-watch-dead"
RULES = {
    "aws.cloudformation": "slsdiag-watch-stacks",
    "aws.lambda": "slsdiag-watch-functions",
}
"""By source; calls have one of their own."""
OF_CALLS = "slsdiag-watch-calls"
CALLS = "AWS API Call via CloudTrail"
STACKS = "CloudFormation Stack Status Change"


def watched(region: Region, **faults: Any) -> str:
    """Give the region the queue and the rules that `slsdiag watch template` makes; the queue's URL."""
    dead = region.queues.setdefault(DEAD, Queue(DEAD))
    region.queues.setdefault(NAME, Queue(NAME, dead=dead, **faults))
    arn = f"arn:aws:sqs:{region.name}:{region.account}:{NAME}"
    for rule in (OF_CALLS, *RULES.values()):
        region.rules.setdefault(rule, EventRule([arn]))
    return f"https://sqs.{region.name}.amazonaws.com/{region.account}/{NAME}"


def record(account: AwsAccount, *composed: tuple[Event, Sequence[tuple[str, str]]]) -> None:
    """Calls, into the event history; where a trail is logging, also to the queue of their region."""
    account.trail.record(*composed)
    if not account.trail.is_logging:
        return
    for event, _ in composed:
        region = account.region(str(event["awsRegion"]))
        source = f"aws.{str(event['eventSource']).partition('.')[0]}"
        _send(region, CALLS, source, str(event["eventTime"]), event)


def stack_deployed(
    region: Region, name: str, at: datetime, status: str = "UPDATE_COMPLETE"
) -> None:
    """What CloudFormation says of a stack."""
    arn = f"arn:aws:cloudformation:{region.name}:{region.account}:stack/{name}/{uuid4()}"
    detail = {"stack-id": arn, "status-details": {"status": status}}
    _send(region, STACKS, "aws.cloudformation", _written(at), detail)


def function_changed(region: Region, name: str, at: datetime) -> None:
    """What Lambda says of a function; its fields are a guess, because AWS does not document them."""
    arn = f"arn:aws:lambda:{region.name}:{region.account}:function:{name}"
    detail = {"functionArn": arn, "state": "Active"}
    _send(region, "Lambda Function State Change", "aws.lambda", _written(at), detail, [arn])


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _send(
    region: Region,
    kind: str,
    source: str,
    at: str,
    detail: Mapping[str, Any],
    resources: Sequence[str] = (),
) -> None:
    queue = region.queues.get(NAME)
    rule = region.rules.get(OF_CALLS if kind == CALLS else RULES[source])
    if queue is None or rule is None or not rule.enabled:
        return
    envelope = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": kind,
        "source": source,
        "account": region.account,
        "time": at,
        "region": region.name,
        "resources": list(resources),
        "detail": detail,
    }
    queue.send(json.dumps(envelope))
