"""Whether a log group has a slot to spare, and whose the filters on it are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import FIREHOSE, NOON, a_function

from checks.evidence import Expected, Filter, Missing
from checks.evidence.function import FILTER_NAME, our_filter
from checks.filter_slots import Slots, described, leads_to, limit_of, listed, room_for_ours, slots

FUNCTION = a_function()
OURS = Filter(FILTER_NAME, FIREHOSE)
LOST = Filter(FILTER_NAME, f"{FIREHOSE}-of-others")
RENAMED = Filter("platform-logs", FIREHOSE)
HIDDEN = Missing("Denied.", "cloudwatch:ListMetrics")


def others(count):
    return tuple(Filter(f"other-{n}", f"{FIREHOSE}-{n}") for n in range(count))


@pytest.mark.parametrize(
    ("filters", "ours"),
    [
        ((), None),
        (others(2), None),
        ((OURS,), OURS),
        ((RENAMED,), RENAMED),
        ((LOST,), LOST),
        ((LOST, RENAMED), RENAMED),
        ((RENAMED, LOST), RENAMED),
        ((*others(1), OURS), OURS),
    ],
)
def test_our_filter_is_the_one_that_leads_to_us_else_the_one_of_our_name(filters, ours):
    assert our_filter(filters) == ours


@pytest.mark.parametrize(
    ("count", "stated", "seen", "state"),
    [
        (0, None, None, Slots.FREE),
        (1, None, None, Slots.FREE),
        (2, None, None, Slots.UNCLEAR),
        (4, None, None, Slots.UNCLEAR),
        (5, None, None, Slots.FULL),
        (2, None, 2, Slots.UNCLEAR),
        (2, None, 3, Slots.FREE),
        (4, None, 3, Slots.FREE),
        (5, None, 3, Slots.FULL),
        (2, None, HIDDEN, Slots.UNCLEAR),
        (1, 2, None, Slots.FREE),
        (2, 2, None, Slots.FULL),
        (2, 2, 3, Slots.FULL),
        (4, 5, None, Slots.FREE),
        (5, 9, None, Slots.FREE),
    ],
)
def test_slots_by_the_number_of_filters_and_what_is_known_of_the_limit(count, stated, seen, state):
    assert slots(others(count), Expected(filter_limit=stated), seen) is state


@pytest.mark.parametrize("ours", [OURS, RENAMED, LOST])
def test_one_of_ours_needs_no_other_slot(ours):
    assert slots((*others(5), ours), Expected()) is Slots.FREE


@pytest.mark.parametrize(
    ("stated", "seen", "limit"),
    [
        (None, None, None),
        (None, HIDDEN, None),
        (None, 2, None),
        (None, 3, 5),
        (2, 3, 2),
        (7, None, 7),
    ],
)
def test_limit_is_known_where_it_was_stated_or_is_proved(stated, seen, limit):
    assert limit_of(Expected(filter_limit=stated), seen) == limit


def arn(service, resource, account="123456789012"):
    return f"arn:aws:{service}:eu-west-1:{account}:{resource}"


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        (arn("firehose", "deliverystream/audit"), "the Firehose stream audit"),
        (arn("kinesis", "stream/siem"), "the Kinesis stream siem"),
        (arn("lambda", "function:shipper"), "the function shipper"),
        (arn("lambda", "function:shipper:live"), "the function shipper:live"),
        (
            arn("lambda", "function:DatadogForwarder-1A2B"),
            "the function DatadogForwarder-1A2B (Datadog)",
        ),
        (
            arn("lambda", "function:newrelic-log-ingestion"),
            "the function newrelic-log-ingestion (New Relic)",
        ),
        (
            arn("logs", "destination:siem", "999900001111"),
            "the destination siem of account 999900001111",
        ),
        (
            arn("logs", "destination:aa11#shop#live", "802587217904"),
            "the destination aa11#shop#live of account 802587217904 (the former Serverless "
            "Dashboard)",
        ),
        (arn("sqs", "queue"), arn("sqs", "queue")),
        ("arn:7", "arn:7"),
        ("", ""),
    ],
)
def test_destination_is_named_with_its_kind_account_and_owner(destination, said):
    assert leads_to(Filter("any", destination), FUNCTION) == said


def test_filter_is_told_with_when_it_last_forwarded_where_that_was_read():
    shipper = Filter("dd", arn("lambda", "function:shipper"))
    active = replace(shipper, last_forwarded=NOON)
    idle = replace(shipper, idle_since=NOON - timedelta(days=28))

    assert described(shipper, FUNCTION) == "dd to the function shipper"
    assert described(active, FUNCTION) == "dd to the function shipper, last forwarded 23 Nov"
    assert described(idle, FUNCTION) == (
        "dd to the function shipper, nothing forwarded since 26 Oct"
    )
    assert listed((active, replace(idle, name="old")), FUNCTION) == (
        f"{described(active, FUNCTION)}; old to the function shipper, nothing forwarded since "
        "26 Oct"
    )


def test_filters_that_forward_nothing_are_the_ones_to_remove():
    busy = Filter("busy", arn("lambda", "function:busy"), last_forwarded=NOON)
    idle = Filter("idle", arn("lambda", "function:idle"), idle_since=NOON)
    both, neither = (room_for_ours(FUNCTION, each)[0] for each in ((busy, idle), (busy,)))

    assert ("(idle to the function idle" in both.do, "busy" in both.do) == (True, False)
    assert "(busy to the function busy, last forwarded 23 Nov)" in neither.do
    assert both.caution


@pytest.mark.parametrize("filters", [HIDDEN, ()])
def test_without_filters_to_name_none_is_named(filters):
    actions = room_for_ours(FUNCTION, filters)

    assert actions[0].do == (
        "Remove a subscription filter that nobody needs any more, first where it is defined"
    )
    assert "Turn Instrument off" in actions[1].do
