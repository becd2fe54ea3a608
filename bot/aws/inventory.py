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
from bot.aws.operations import LIST_FUNCTIONS, LIST_METRICS, METRIC_DATA, WHO_AM_I
from bot.aws.refusals import or_missing
from checks.evidence import Invocations, Missing
from checks.evidence.function import FILTER_NAME

DAY = 86_400
RECENT = timedelta(days=15)
KEPT = timedelta(days=455)
AT_ONCE = 500
"""GetMetricData's queries a call."""
_PAGES = 10_000
"""Half a million functions: more than AWS lists for an account and region."""


def functions(account: Account, region: str) -> Iterator[list[Configuration]]:
    """A page of 50 at a time; raises botocore's errors."""
    arguments: dict[str, Any] = {}
    for _ in range(_PAGES):
        answer = account.call(LIST_FUNCTIONS, region, **arguments)
        yield [configuration(each, None) for each in answer.get("Functions") or []]
        marker = answer.get("NextMarker")
        if not marker or marker == arguments.get("Marker"):
            return
        arguments["Marker"] = marker


def names(account: Account, region: str) -> Iterator[list[str] | Missing]:
    """A page of names at a time; the last one is why there are no more, where AWS refused."""
    pages = functions(account, region)
    while (page := or_missing(LIST_FUNCTIONS, region, lambda: next(pages, None))) is not None:
        if isinstance(page, Missing):
            yield page
            return
        yield [each.function.name for each in page]


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
