"""
What AWS tells of many functions at once, so that a scan costs calls per page, not per function.

Listings leave out a function's state; everything else of a configuration is in them. Which
subscription filters forwarded anything in the last two weeks is told by the metrics that exist
(facts/aws.md §2), one page for 500 of them, where asking each log group is limited to five a
second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.aws.configuration import Configuration, configuration
from bot.aws.door import Account
from bot.aws.metrics import query, series
from bot.aws.operations import (
    LIST_FUNCTIONS,
    LIST_METRICS,
    METRIC_DATA,
    TAGGED,
    WHO_AM_I,
)
from bot.aws.refusals import or_missing
from bot.aws.texts import plain
from checks.evidence import Invocations, Missing
from checks.evidence.function import FILTER_NAME

DAY = 86_400
RECENT = timedelta(days=15)
KEPT = timedelta(days=455)
AT_ONCE = 500
"""GetMetricData's queries a call."""
TAGGED_AT_ONCE = 100
"""GetResources' ARNs a call (AWS, Resource Groups Tagging API reference)."""
_PAGES = 10_000
"""Half a million functions: more than AWS lists for an account and region."""


def functions(account: Account, region: str) -> Iterator[list[Configuration]]:
    """A page of 50 at a time; raises botocore's errors."""
    marker = None
    for _ in range(_PAGES):
        found, following = page(account, region, marker)
        yield found
        if following is None or following == marker:
            return
        marker = following


def page(
    account: Account, region: str, marker: str | None
) -> tuple[list[Configuration], str | None]:
    """The page that `marker` names, and the next one's; raises botocore's errors."""
    answer = account.call(LIST_FUNCTIONS, region, **({"Marker": marker} if marker else {}))
    found = [configuration(each, None) for each in answer.get("Functions") or []]
    return found, answer.get("NextMarker")


def names(account: Account, region: str) -> Iterator[list[str] | Missing]:
    """A page of names at a time; the last one is why there are no more, where AWS refused."""
    pages = functions(account, region)
    while (found := or_missing(LIST_FUNCTIONS, region, lambda: next(pages, None))) is not None:
        if isinstance(found, Missing):
            yield found
            return
        yield [each.function.name for each in found]


def number(account: Account, region: str) -> str:
    """The account's 12 digits; empty where AWS does not tell."""
    told = or_missing(WHO_AM_I, region, lambda: account.identify(region))
    return account.id if isinstance(told, Missing) else told


def forwarding(account: Account, region: str) -> frozenset[str] | Missing:
    """Log groups whose filter of ours forwarded anything in the last two weeks."""

    def ask() -> frozenset[str]:
        found: set[str] = set()
        arguments: dict[str, Any] = {
            "Namespace": "AWS/Logs",
            "MetricName": "ForwardedLogEvents",
            "Dimensions": [{"Name": "FilterName", "Value": FILTER_NAME}],
        }
        for _ in range(_PAGES):
            answer = account.call(LIST_METRICS, region, **arguments)
            for metric in answer.get("Metrics") or []:
                found.update(
                    d["Value"] for d in metric["Dimensions"] if d["Name"] == "LogGroupName"
                )
            token = answer.get("NextToken")
            if not token or token == arguments.get("NextToken"):
                break
            arguments["NextToken"] = token
        return frozenset(found)

    return or_missing(LIST_METRICS, region, ask)


def invocations(
    account: Account, region: str, names: Sequence[str], now: datetime, within: timedelta = RECENT
) -> dict[str, Invocations | Missing]:
    """Sums by the day, of at most `AT_ONCE` functions."""
    began = (now - within).replace(hour=0, minute=0, second=0, microsecond=0)
    queries = [
        query(f"f{n}", "AWS/Lambda", "Invocations", "Sum", DAY, {"FunctionName": name})
        for n, name in enumerate(names)
    ]

    def ask() -> dict[str, Invocations | Missing]:
        found = series(account, region, queries, began, now)
        return {
            name: Invocations(
                tuple((at, DAY, int(value)) for at, value in found.get(f"f{n}", []) if value > 0),
                began,
            )
            for n, name in enumerate(names)
        }

    told = or_missing(METRIC_DATA, region, ask)
    return dict.fromkeys(names, told) if isinstance(told, Missing) else told


def owners(
    account: Account, region: str, arns: Sequence[str], tag: str
) -> dict[str, str] | Missing:
    """What `tag` says of these functions, by ARN; a hundred of them a call."""

    def ask() -> dict[str, str]:
        found: dict[str, str] = {}
        for at in range(0, len(arns), TAGGED_AT_ONCE):
            some = list(arns[at : at + TAGGED_AT_ONCE])
            answer = account.call(TAGGED, region, ResourceARNList=some)
            for each in answer.get("ResourceTagMappingList") or []:
                tags = {str(t["Key"]): plain(str(t["Value"])) for t in each.get("Tags") or []}
                if tags.get(tag):
                    found[str(each["ResourceARN"])] = tags[tag]
        return found

    return or_missing(TAGGED, region, ask)
