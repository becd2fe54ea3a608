"""
What AWS lists of many functions at once, so that a scan costs calls per page, not per function.

Listings leave out a function's state; everything else of a configuration is in them. Which
subscription filters forwarded anything in the last two weeks shows in the metrics that exist
(docs/facts/aws.md), one page for 500 of them, where asking each log group is limited to five a
second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.aws.client import Account, Pages
from bot.aws.errors import or_missing
from bot.aws.evidence.configuration import Configuration, configuration
from bot.aws.evidence.metric_data import DAY, MINUTE, query, series
from bot.aws.operations import LIST_FUNCTIONS, LIST_METRICS, METRIC_DATA, TAGGED, WHO_AM_I
from bot.aws.texts import plain
from checks.evidence import Invocations, Missing
from checks.evidence.function import FILTER_NAME
from checks.facts.limits import METRIC_QUERIES

RECENT = timedelta(days=15)
KEPT = timedelta(days=455)
AT_ONCE = METRIC_QUERIES.value
"""GetMetricData's queries a call."""
TAGGED_AT_ONCE = 100
"""GetResources' ARNs a call (AWS, Resource Groups Tagging API reference)."""
_PAGES = 10_000
"""Half a million functions: more than AWS lists for an account and region."""


def functions(account: Account, region: str) -> Iterator[list[Configuration]]:
    """A page of 50 at a time; raises botocore's errors."""
    for answer in Pages(account, region, LIST_FUNCTIONS, _PAGES):
        yield _configurations(answer)


def page(
    account: Account, region: str, marker: str | None
) -> tuple[list[Configuration], str | None]:
    """The page that `marker` names, and the next one's; raises botocore's errors."""
    answer = account.call(LIST_FUNCTIONS, region, **({"Marker": marker} if marker else {}))
    return _configurations(answer), answer.get("NextMarker")


def _configurations(answer: Mapping[str, Any]) -> list[Configuration]:
    return [configuration(function, None) for function in answer.get("Functions") or []]


def names(account: Account, region: str) -> Iterator[list[str] | Missing]:
    """A page of names at a time; the last one is why there are no more, where AWS refused."""
    pages = functions(account, region)
    while (page := or_missing(LIST_FUNCTIONS, region, lambda: next(pages, None))) is not None:
        if isinstance(page, Missing):
            yield page
            return
        yield [configured.function.name for configured in page]


def number(account: Account, region: str) -> str:
    """The account's 12 digits; empty where AWS does not say."""
    answer = or_missing(WHO_AM_I, region, lambda: account.identify(region))
    return account.id if isinstance(answer, Missing) else answer


def forwarding(account: Account, region: str) -> frozenset[str] | Missing:
    """Log groups whose filter of ours forwarded anything in the last two weeks."""

    def read() -> frozenset[str]:
        arguments: dict[str, Any] = {
            "Namespace": "AWS/Logs",
            "MetricName": "ForwardedLogEvents",
            "Dimensions": [{"Name": "FilterName", "Value": FILTER_NAME}],
        }
        return frozenset(
            dimension["Value"]
            for answer in Pages(account, region, LIST_METRICS, _PAGES, **arguments)
            for metric in answer.get("Metrics") or []
            for dimension in metric["Dimensions"]
            if dimension["Name"] == "LogGroupName"
        )

    return or_missing(LIST_METRICS, region, read)


@dataclass(frozen=True, slots=True)
class Activity:
    """Beginnings of the last minutes in which something happened; None: in none that was read."""

    invoked: datetime | None
    forwarded: datetime | None
    """By our filter on the function's log group."""


def activity(
    account: Account, region: str, groups: Mapping[str, str], since: datetime, now: datetime
) -> dict[str, Activity] | Missing:
    """What happened since a moment; `groups` are functions' names with their log groups."""
    last: dict[str, Activity] = {}
    names = list(groups)
    for at in range(0, len(names), AT_ONCE // 2):
        some = {name: groups[name] for name in names[at : at + AT_ONCE // 2]}
        read = or_missing(
            METRIC_DATA, region, partial(_activity, account, region, some, since, now)
        )
        if isinstance(read, Missing):
            return read
        last |= read
    return last


def _activity(
    account: Account, region: str, groups: Mapping[str, str], since: datetime, now: datetime
) -> dict[str, Activity]:
    ours = {"DestinationType": "Firehose", "FilterName": FILTER_NAME}
    queries = []
    for n, (name, group) in enumerate(groups.items()):
        of_group = {"LogGroupName": group, **ours}
        queries += [
            query(f"i{n}", "AWS/Lambda", "Invocations", "Sum", MINUTE, {"FunctionName": name}),
            query(f"f{n}", "AWS/Logs", "ForwardedLogEvents", "Sum", MINUTE, of_group),
        ]
    by_query = series(account, region, queries, since.replace(second=0, microsecond=0), now)

    def last(id_: str) -> datetime | None:
        return next((at for at, value in by_query.get(id_, []) if value > 0), None)

    return {name: Activity(last(f"i{n}"), last(f"f{n}")) for n, name in enumerate(groups)}


def invocations(
    account: Account, region: str, names: Sequence[str], now: datetime, within: timedelta = RECENT
) -> dict[str, Invocations | Missing]:
    """Sums by the day, of at most `AT_ONCE` functions."""
    began = (now - within).replace(hour=0, minute=0, second=0, microsecond=0)
    queries = [
        query(f"f{n}", "AWS/Lambda", "Invocations", "Sum", DAY, {"FunctionName": name})
        for n, name in enumerate(names)
    ]

    def read() -> dict[str, Invocations | Missing]:
        by_query = series(account, region, queries, began, now)
        return {
            name: Invocations(
                tuple(
                    (at, DAY, int(value)) for at, value in by_query.get(f"f{n}", []) if value > 0
                ),
                began,
            )
            for n, name in enumerate(names)
        }

    counted = or_missing(METRIC_DATA, region, read)
    return dict.fromkeys(names, counted) if isinstance(counted, Missing) else counted


def owners(
    account: Account, region: str, arns: Sequence[str], tag: str
) -> dict[str, str] | Missing:
    """What `tag` says of these functions, by ARN; a hundred of them a call."""

    def read() -> dict[str, str]:
        by_arn: dict[str, str] = {}
        for at in range(0, len(arns), TAGGED_AT_ONCE):
            some = list(arns[at : at + TAGGED_AT_ONCE])
            answer = account.call(TAGGED, region, ResourceARNList=some)
            for mapping in answer.get("ResourceTagMappingList") or []:
                tags = {str(t["Key"]): plain(str(t["Value"])) for t in mapping.get("Tags") or []}
                if tags.get(tag):
                    by_arn[str(mapping["ResourceARN"])] = tags[tag]
        return by_arn

    return or_missing(TAGGED, region, read)
