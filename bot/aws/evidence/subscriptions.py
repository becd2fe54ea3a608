"""
Who else forwards a log group's lines, read only where no filter of ours is on it.

Three calls at most, in the second wave: the account's own policies
(logs:DescribeAccountPolicies), which may forward the lines without a filter on the group; when each
filter last forwarded (cloudwatch:GetMetricData), so that people know which one nobody needs; and
the most filters on any group of the region (cloudwatch:ListMetrics), which may prove the higher
limit.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.aws.client import Account, Pages
from bot.aws.errors import or_missing
from bot.aws.evidence.batch import Batch
from bot.aws.evidence.metric_data import HOUR, query, series
from bot.aws.evidence.request import FunctionRequest
from bot.aws.operations import ACCOUNT_POLICIES, LIST_METRICS, METRIC_DATA
from bot.aws.parallel import Wave
from bot.aws.texts import identifier, plain
from checks.evidence import Filter, Missing
from checks.facts.limits import FILTERS

_IDLE_AFTER = timedelta(days=28)
_PAGES = 10
_DESTINATION_TYPES: Mapping[str, tuple[str, ...]] = {
    "firehose": ("Firehose",),
    "lambda": ("Lambda",),
    "kinesis": ("Kinesis", "Kinesis Data Stream"),
    "logs": ("Firehose", "Kinesis", "Kinesis Data Stream"),
}
"""CloudWatch's DestinationType by the service in the destination's ARN; Kinesis' is a guess."""
_SURE_OF = frozenset({"firehose", "lambda"})
_EXCLUDED = re.compile(r"^\s*LogGroupName\s+NOT\s+IN\s+(?P<names>\[.*\])\s*$", re.DOTALL)
"""A policy's selectionCriteria, of which AWS knows no other for subscription filters."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The filters with when they last forwarded, and what else was read for their sake."""

    filters: tuple[Filter, ...] | Missing
    of_account: tuple[Filter, ...] | Missing | None = None
    most: int | Missing | None = None


def subscriptions(
    wave: Wave, request: FunctionRequest, group: str, filters: tuple[Filter, ...]
) -> Subscriptions:
    """Of a log group that has no filter of ours."""
    account, region = request.account, request.region
    policies = wave.begin(account_filters, request.together, group)
    times = wave.begin(last_forwarded, account, region, group, filters, request.now)
    lowest, highest = FILTERS.value
    unclear = lowest <= len(filters) < highest
    most: Future[int | Missing | None] = wave.begin(
        lambda: most_filters(request.together) if unclear else None
    )
    timed, of_account, count = wave.get(times), wave.get(policies), wave.get(most)
    return Subscriptions(filters if isinstance(timed, Missing) else timed, of_account, count)


def account_filters(batch: Batch, group: str) -> tuple[Filter, ...] | Missing:
    """The account's policies that act as a subscription filter on `group`."""
    policies = batch.once("filter policies", partial(_policies, batch.account, batch.region))
    if isinstance(policies, Missing):
        return policies
    return tuple(policy.filter for policy in policies if policy.applies(group))


def _policies(account: Account, region: str) -> tuple[_Policy, ...] | Missing:
    kind = "SUBSCRIPTION_FILTER_POLICY"

    def read() -> tuple[_Policy, ...]:
        pages = Pages(account, region, ACCOUNT_POLICIES, _PAGES, policyType=kind).all()
        return tuple(_policy(one) for page in pages for one in page.get("accountPolicies") or [])

    return or_missing(ACCOUNT_POLICIES, region, read)


@dataclass(frozen=True, slots=True)
class _Policy:
    filter: Filter
    excluded: frozenset[str] | None
    """The log groups that it leaves out; None: criteria that cannot be read leave out every one."""

    def applies(self, group: str) -> bool:
        return self.excluded is not None and group not in self.excluded


def _policy(policy: Mapping[str, Any]) -> _Policy:
    document = json.loads(policy.get("policyDocument") or "{}")
    filter_ = Filter(
        plain(policy["policyName"]),
        identifier(str(document.get("DestinationArn") or "")),
        plain(document.get("FilterPattern") or ""),
    )
    return _Policy(filter_, _excluded(policy.get("selectionCriteria")))


def _excluded(criteria: str | None) -> frozenset[str] | None:
    if not criteria:
        return frozenset()
    named = _EXCLUDED.match(criteria)
    return frozenset(json.loads(named["names"])) if named else None


def last_forwarded(
    account: Account, region: str, group: str, filters: tuple[Filter, ...], now: datetime
) -> tuple[Filter, ...] | Missing:
    """The filters with the hour in which each last forwarded a line, or since when none did."""
    began = now - _IDLE_AFTER
    queries = [
        query(f"f{place}_{n}", "AWS/Logs", "ForwardedLogEvents", "Sum", HOUR, dimensions)
        for place, filter_ in enumerate(filters)
        for n, dimensions in enumerate(_dimensions(group, filter_))
    ]
    if not queries:
        return filters

    def read() -> tuple[Filter, ...]:
        sums: dict[str, list[datetime]] = defaultdict(list)
        for id_, values in series(account, region, queries, began, now).items():
            sums[id_.partition("_")[0]] += [at for at, value in values if value > 0]
        return tuple(_timed(filter_, sums[f"f{n}"], began) for n, filter_ in enumerate(filters))

    return or_missing(METRIC_DATA, region, read)


def _dimensions(group: str, filter_: Filter) -> Iterator[Mapping[str, str]]:
    for kind in _DESTINATION_TYPES.get(_service(filter_), ()):
        yield {"LogGroupName": group, "DestinationType": kind, "FilterName": filter_.name}


def _service(filter_: Filter) -> str:
    return (filter_.destination.split(":") + [""] * 3)[2]


def _timed(filter_: Filter, times: Sequence[datetime], began: datetime) -> Filter:
    if times:
        return replace(filter_, last_forwarded=max(times))
    if _service(filter_) not in _SURE_OF:
        return filter_
    return replace(filter_, idle_since=max(began, filter_.created_at or began))


def most_filters(batch: Batch) -> int | Missing:
    """The most filters of one log group that forwarded anything in the last two weeks."""
    account, region = batch.account, batch.region

    def read() -> int:
        names: dict[str, set[str]] = defaultdict(set)
        for dimensions in _forwarding(account, region):
            names[dimensions.get("LogGroupName", "")].add(dimensions["FilterName"])
        return max((len(filters) for group, filters in names.items() if group), default=0)

    return batch.once("most filters", lambda: or_missing(LIST_METRICS, region, read))


def _forwarding(account: Account, region: str) -> Iterator[Mapping[str, str]]:
    metrics: dict[str, Any] = {
        "Namespace": "AWS/Logs",
        "MetricName": "ForwardedLogEvents",
        "Dimensions": [{"Name": "FilterName"}],
    }
    for page in Pages(account, region, LIST_METRICS, _PAGES, **metrics):
        for metric in page.get("Metrics") or []:
            yield {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
