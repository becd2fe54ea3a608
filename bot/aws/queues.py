"""The queue of an account's events, at the door: receive, delete, and how much waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.aws.errors import or_missing
from bot.aws.evidence.metric_data import MINUTE, query, series
from bot.aws.locate import Location
from bot.aws.operations import METRIC_DATA
from bot.aws.queue_operations import DELETE_MESSAGES, QUEUE_ATTRIBUTES, RECEIVE_MESSAGES
from checks.evidence import Missing

AT_ONCE = 10
"""Messages of one call, the most that Amazon SQS gives or deletes."""
LONG_POLL = 20
"""Seconds that a call waits for a message."""
_AGE, _MEASURED = "ApproximateAgeOfOldestMessage", timedelta(minutes=15)
_WAITING, _IN_FLIGHT = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


@dataclass(frozen=True, slots=True)
class Message:
    """One, until its visibility timeout is over."""

    body: str
    handle: str


@dataclass(frozen=True, slots=True)
class Depth:
    """How much waits in a queue, about; dead letters are None where it has no queue for them."""

    waiting: int
    in_flight: int
    dead: int | Missing | None = None


def receive(place: Location, url: str, wait: int = LONG_POLL) -> list[Message] | Missing:
    """Up to ten messages, as soon as there is one; none after `wait` seconds."""

    def ask() -> list[Message]:
        answer = place.account.call(
            RECEIVE_MESSAGES,
            place.region,
            QueueUrl=url,
            MaxNumberOfMessages=AT_ONCE,
            WaitTimeSeconds=wait,
        )
        found = answer.get("Messages") or []
        return [Message(str(each["Body"]), str(each["ReceiptHandle"])) for each in found]

    return or_missing(RECEIVE_MESSAGES, place.region, ask)


def delete(place: Location, url: str, messages: Sequence[Message]) -> int | Missing:
    """How many were not deleted, and come again: SQS answers 200 for a batch that failed in part."""
    entries = [
        {"Id": str(number), "ReceiptHandle": message.handle}
        for number, message in enumerate(messages)
    ]

    def ask() -> int:
        answer = place.account.call(DELETE_MESSAGES, place.region, QueueUrl=url, Entries=entries)
        return len(answer.get("Failed") or [])

    return or_missing(DELETE_MESSAGES, place.region, ask) if entries else 0


def depth(place: Location, url: str) -> Depth | Missing:
    """How much waits in the queue, and in that of its dead letters."""
    attributes = _attributes(place, url, _WAITING, _IN_FLIGHT, "RedrivePolicy")
    if isinstance(attributes, Missing):
        return attributes
    counts = int(attributes.get(_WAITING, 0)), int(attributes.get(_IN_FLIGHT, 0))
    dead_url = _dead_letters(url, attributes)
    if dead_url is None:
        return Depth(*counts)
    dead = _attributes(place, dead_url, _WAITING)
    return Depth(*counts, dead if isinstance(dead, Missing) else int(dead.get(_WAITING, 0)))


def oldest(place: Location, url: str, now: datetime) -> timedelta | Missing | None:
    """
    How long the oldest message has waited, as CloudWatch measured it last, in the last quarter of an hour.

    None where nothing was measured: a queue that nobody has used for six hours has no metrics, and their first ones
    may take 15 minutes. A message that was received three times and more does not count. Source: Amazon SQS Developer
    Guide, "Available CloudWatch metrics for Amazon SQS" and "CloudWatch metrics for Amazon SQS queues".
    """
    name = url.rpartition("/")[2]
    asked = query("q0", "AWS/SQS", _AGE, "Maximum", MINUTE, {"QueueName": name})

    def ask() -> timedelta | None:
        ended = now + timedelta(seconds=MINUTE)
        found = series(place.account, place.region, [asked], now - _MEASURED, ended).get("q0")
        return timedelta(seconds=found[0][1]) if found else None

    return or_missing(METRIC_DATA, place.region, ask)


def _attributes(place: Location, url: str, *names: str) -> dict[str, str] | Missing:
    def ask() -> dict[str, str]:
        answer = place.account.call(
            QUEUE_ATTRIBUTES, place.region, QueueUrl=url, AttributeNames=list(names)
        )
        return dict(answer.get("Attributes") or {})

    return or_missing(QUEUE_ATTRIBUTES, place.region, ask)


def _dead_letters(url: str, attributes: dict[str, str]) -> str | None:
    """The address of the queue that the redrive policy names, which is in the same account and region."""
    try:
        policy: Any = json.loads(attributes.get("RedrivePolicy") or "{}")
        name = str(policy["deadLetterTargetArn"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError):
        return None
    return f"{url.rpartition('/')[0]}/{name}"
