"""Functions that are checked together: fewer calls, the same evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.evidence.batch import Batch
from bot.aws.evidence.gather import gather
from bot.aws.evidence.once import Once
from bot.aws.evidence.request import FunctionRequest
from bot.playground.account.demo_functions import NODE, PYTHON, REGION, healthy, healthy_account
from checks.evidence import Expected, Missing, Traffic
from checks.function_ref import FunctionRef

HOUR = timedelta(hours=1)
NAMES = tuple(f"service-{number}" for number in range(6))
CALLED, FORWARDED = NAMES[1], NAMES[2]


@pytest.fixture
def region(aws):
    """Six functions; one is invoked through an alias, one has other filters, one nobody invokes."""
    healthy_account(aws.account(), datetime.now(UTC))
    beds = {name: healthy(aws.account(), name, (NODE, PYTHON)[len(name) % 2]) for name in NAMES}
    called = beds[CALLED]
    called.region.function(CALLED, modified_at=called.now - timedelta(days=9), version="7")
    called.region.aliases[CALLED] = {"live": "7", "idle": "7"}
    called.region.invoked(CALLED, called.now - HOUR, 5, f"{CALLED}:live")
    beds[FORWARDED].region.aliases[FORWARDED] = {"never": "$LATEST"}
    return called.region


def begun(account, names=NAMES, of_place=None):
    return Batch(account, REGION, names, datetime.now(UTC), of_place or Once())


@pytest.fixture
def gathered(account):
    """A function's evidence; account and region are read once, and not counted below."""
    cache = Once()

    def read(name, batch, now=None):
        asked = FunctionRequest(account, REGION, FunctionRef(name), now or batch.now, batch)
        return gather(asked, expected=Expected(), answers={}, cache=cache)

    return read


def counted(aws):
    return Counter(call.operation for call in aws.calls)


def test_evidence_is_the_same_as_of_each_alone(gathered, account, region):
    batch = begun(account)
    for name in NAMES:
        together, alone = gathered(name, batch), gathered(name, None, batch.now)
        if not any(one.invocations for one in alone.traffic.published):
            alone = replace(alone, traffic=Traffic(()))
        assert together == alone


def test_sums_of_all_take_a_call_each(aws, gathered, account, region):
    batch = begun(account)
    for name in NAMES:
        gathered(name, batch)

    calls = counted(aws)
    assert calls["ListMetrics"] == 1
    assert calls["ListAliases"] == 1, "only of the one that is invoked through one"
    assert calls["GetMetricData"] == 5, "recent, older, forwarded; one's aliases; the region's"
    assert calls["DescribeSubscriptionFilters"] == calls["GetFunctionConfiguration"] - 1 == 6


def test_what_a_place_has_once_outlasts_the_batch(aws, gathered, account, region):
    for name in NAMES:
        region.groups[f"/aws/lambda/{name}"].filters.clear()
    of_place = Once()
    for names in (NAMES[:3], NAMES[3:]):
        batch = begun(account, names, of_place)
        for name in names:
            gathered(name, batch)

    calls = counted(aws)
    assert calls["DescribeAccountPolicies"] == 1
    assert calls["ListMetrics"] == 1


@pytest.mark.parametrize("operation", ["GetMetricData", "ListMetrics"])
def test_what_may_not_be_read_is_asked_once(aws, gathered, account, region, operation):
    aws.fail("cloudwatch", operation)
    batch = begun(account)
    refused = 0
    for name in NAMES:
        found = gathered(name, batch)
        unread = found.traffic.by_number if operation == "ListMetrics" else found.invocations
        refused += isinstance(unread, Missing) and unread.action is not None

    assert refused == len(NAMES)
    assert counted(aws)[operation] == {"GetMetricData": 5, "ListMetrics": 1}[operation]


def test_what_fails_for_all_is_read_for_each(gathered, account, region, monkeypatch):
    """One function whose sums CloudWatch cannot give spoils no other's."""
    read = type(account).call

    def call(account, operation, region, **arguments):
        answer = read(account, operation, region, **arguments)
        asked = str(arguments.get("MetricDataQueries"))
        if operation.method == "get_metric_data" and NAMES[0] in asked:
            for result in answer["MetricDataResults"]:
                result["StatusCode"] = "InternalError"
        return answer

    monkeypatch.setattr(type(account), "call", call)
    batch = begun(account)
    found = {name: gathered(name, batch) for name in NAMES}

    assert isinstance(found[NAMES[0]].invocations, Missing)
    assert all(found[name].invocations.sums for name in NAMES[1:])


def test_so_many_versions_that_the_list_is_cut_off_are_asked_of_each(aws, account, region):
    """As many pages as functions: a few functions of a large region cost no more than each alone."""
    for number in range(1100):
        name = f"other-{number}"
        region.invoked(name, datetime.now(UTC) - HOUR, 1, f"{name}:3")
    batch = begun(account, NAMES[:2])

    assert batch.qualifiers(CALLED) == {"live"}
    assert batch.qualifiers(NAMES[0]) == frozenset()
    assert counted(aws)["ListMetrics"] == 2 + len(batch.names)
