"""Who else forwards a log group's lines: read only where no filter of ours is on it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from bot.playground.account.demo_functions import FILTER, FIREHOSE, REGION
from checks.evidence import Missing

OURS = f"arn:aws:firehose:{REGION}:123456789012:deliverystream/{FIREHOSE}"
DAY = timedelta(days=1)


def arn(service: str, resource: str, account: str = "123456789012") -> str:
    return f"arn:aws:{service}:{REGION}:{account}:{resource}"


@pytest.fixture
def foreign(bed):
    """No filter of ours, but two of others."""
    bed.group.filters.clear()
    bed.group.filters.update(
        busy=arn("lambda", "function:busy"), idle=arn("firehose", "deliverystream/idle")
    )
    bed.group.patterns["idle"] = '"nothing says so"'
    return bed


def called(aws) -> Counter[str]:
    return Counter(call.operation for call in aws.calls)


def test_foreign_filters_cost_three_more_calls(aws, foreign, gathered):
    found = gathered()
    foreign.group.filters = {FILTER: OURS}
    before = called(aws)
    aws.calls.clear()
    gathered()

    more = before - called(aws)
    assert more == {
        "DescribeAccountPolicies": 1,
        "GetMetricData": 1,
        "ListMetrics": 1,
        "DescribeLogGroups": 1,  # its class, as before
    }
    assert (found.account_filters, found.most_filters) == ((), 1)


def test_one_foreign_filter_leaves_no_doubt_of_the_limit(aws, foreign, gathered):
    del foreign.group.filters["idle"]

    assert gathered().most_filters is None
    assert called(aws)["ListMetrics"] == 1


def test_when_each_last_forwarded(foreign, gathered):
    busy, idle = gathered().filters

    assert busy.last_forwarded <= foreign.now - timedelta(minutes=5) < busy.last_forwarded + DAY
    assert busy.idle_since is None
    assert idle.last_forwarded is None
    assert timedelta(days=27) < foreign.now - idle.idle_since < timedelta(days=29)


def test_destination_of_another_account_is_never_called_idle(foreign, gathered):
    foreign.group.filters = {"far": arn("logs", "destination:far", "999900001111")}
    (far,) = gathered().filters
    assert far.last_forwarded
    foreign.group.patterns["far"] = '"nothing says so"'
    (far,) = gathered().filters

    assert (far.last_forwarded, far.idle_since) == (None, None)


def test_three_filters_on_another_group_of_the_region_are_seen(foreign, gathered):
    other = foreign.region.group("/aws/lambda/unrelated")
    other.events = list(foreign.group.events)
    other.filters = {f"f{n}": arn("lambda", f"function:f{n}") for n in range(3)}

    assert gathered().most_filters == 3


@pytest.mark.parametrize(
    ("criteria", "applies"),
    [
        (None, True),
        ('LogGroupName NOT IN ["/aws/lambda/other"]', True),
        ('LogGroupName NOT IN ["/aws/lambda/checkout"]', False),
        ('LogGroupNamePrefix IN ["/aws"]', False),
        ("LogGroupName NOT IN [broken", False),
    ],
)
def test_policy_of_the_account_acts_on_the_groups_that_it_does_not_exclude(
    foreign, gathered, criteria, applies
):
    document = {
        "DestinationArn": OURS,
        "FilterPattern": "?WARN",
        "RoleArn": "arn:aws:iam::1:role/r",
    }
    policy = {"policyDocument": json.dumps(document)}
    foreign.region.account_filters["all-logs"] = policy | (
        {"selectionCriteria": criteria} if criteria else {}
    )

    found = gathered().account_filters

    assert [(each.name, each.pattern, each.reaches_us) for each in found] == (
        [("all-logs", "?WARN", True)] if applies else []
    )


def test_policy_that_cannot_be_read_is_missing(aws, foreign, gathered):
    foreign.region.account_filters["broken"] = {"policyDocument": "{"}
    assert isinstance(gathered().account_filters, Missing)

    aws.fail("logs", "DescribeAccountPolicies")
    assert gathered().account_filters.action == "logs:DescribeAccountPolicies"


def test_what_cannot_be_read_leaves_the_filters(aws, foreign, gathered):
    aws.fail("monitoring")

    found = gathered()

    assert [(each.name, each.last_forwarded, each.idle_since) for each in found.filters] == [
        ("busy", None, None),
        ("idle", None, None),
    ]
    assert isinstance(found.most_filters, Missing)


def test_filter_of_another_name_that_leads_to_us_is_counted_by_its_name(aws, bed, gathered):
    bed.group.filters = {"platform-logs": OURS}
    assert gathered().forwarding.forwarded > 0

    bed.group.refused = 4
    found = gathered()

    assert (found.forwarding.forwarded, found.forwarding.errors) == (0, 4)
    assert found.account_filters is None
    assert "DescribeAccountPolicies" not in called(aws)
