"""Whether a slot is left: proved by a count, by AWS's own error, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import FIREHOSE, NOON, a_function, outcome_of

from checks.evidence import Expected, Filter, Missing
from checks.model import Verdict
from checks.s080_subscription_filter_to_spare import CODES

SLUG = "subscription_filter_to_spare"
OURS = Filter("serverless_logs-filter", FIREHOSE)
LIMIT = "LimitExceededException: Resource limit exceeded."


def others(count, **changes):
    return tuple(
        Filter(f"other-{n}", f"arn:aws:lambda:eu-west-1:123456789012:function:f{n}", **changes)
        for n in range(count)
    )


def tried(filters, **changes):
    return outcome_of(SLUG, filters=filters, **changes)


def test_every_code_has_a_situation():
    assert {tried(others(5)).code, tried(others(2)).code} == set(CODES)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ((OURS,), "serverless_logs-filter is on the log group, with no others."),
        ((OURS, *others(1)), "serverless_logs-filter is on the log group, with 1 other."),
        ((*others(4), OURS), "serverless_logs-filter is on the log group, with 4 others."),
        ((Filter("logs", FIREHOSE),), "logs is on the log group, with no others."),
    ],
)
def test_ours_needs_no_other_slot(filters, said):
    outcome = tried(filters, function=a_function(error=LIMIT))

    assert (outcome.verdict, outcome.saw) == (Verdict.OK, said)


@pytest.mark.parametrize(
    ("count", "changes", "verdict"),
    [
        (0, {}, Verdict.OK),
        (1, {}, Verdict.OK),
        (2, {}, Verdict.NOTICE),
        (4, {}, Verdict.NOTICE),
        (5, {}, Verdict.PROBLEM),
        (2, {"expected": Expected(filter_limit=2)}, Verdict.PROBLEM),
        (2, {"expected": Expected(filter_limit=5)}, Verdict.OK),
        (2, {"most_filters": 3}, Verdict.OK),
        (2, {"most_filters": 2}, Verdict.NOTICE),
        (2, {"most_filters": Missing("Denied.")}, Verdict.NOTICE),
        (5, {"most_filters": 3}, Verdict.PROBLEM),
        (0, {"function": a_function(error=LIMIT)}, Verdict.OK),
        (1, {"function": a_function(error=LIMIT)}, Verdict.PROBLEM),
        (1, {"function": a_function(error="Rate exceeded")}, Verdict.OK),
        (1, {"answers": {"no_function_instrumentation_errors": LIMIT}}, Verdict.PROBLEM),
        (1, {"answers": {"no_account_integration_errors": LIMIT}}, Verdict.OK),
    ],
)
def test_what_proves_that_no_slot_is_left(count, changes, verdict):
    assert tried(others(count), **changes).verdict is verdict


def test_full_group_names_what_to_remove_and_the_refusal():
    outcome = tried(others(5), function=a_function(error=LIMIT))
    plain = tried(others(5))

    assert outcome.headline == "No room for the logs filter: 5 taken"
    assert "which has 5 subscription filters: other-0 to the function f0;" in outcome.saw
    assert ("AWS refused one more." in outcome.saw, "refused" in plain.saw) == (True, False)
    assert outcome.actions[0].do.startswith("Remove a subscription filter")
    assert "Turn Instrument off" in outcome.actions[1].do
    one = tried(others(1), function=a_function(error=LIMIT))
    assert "has 1 subscription filter:" in one.saw


def test_doubt_is_no_reason_to_remove_anything():
    outcome = tried(others(2, idle_since=NOON - timedelta(days=28)))
    (action,) = outcome.actions

    assert "Whether it takes 2 or 5 is not known." in outcome.saw
    assert "nothing forwarded since 26 Oct" in outcome.saw
    assert action.do.startswith("Instrument the function; remove a filter only if Dashboard then")
    assert outcome.headline == "There may be no room for the logs filter: 2 taken"


@pytest.mark.parametrize(
    ("count", "changes", "said"),
    [
        (0, {}, "0 subscription filters are taken."),
        (0, {"expected": Expected(filter_limit=2)}, "0 of 2 subscription filters are taken."),
        (1, {}, "1 subscription filter is taken: other-0 to the function f0."),
        (1, {"expected": Expected(filter_limit=5)}, "1 of 5 subscription filters is taken: other"),
        (2, {"most_filters": 4}, "2 of 5 subscription filters are taken: other-0 to"),
    ],
)
def test_free_slots_are_told_with_the_limit_where_it_is_known(count, changes, said):
    assert said in tried(others(count), **changes).saw


@pytest.mark.parametrize("count", [1, 2, 5])
def test_policy_of_the_account_is_told_beside_the_filters(count):
    (policy,) = others(1)
    named = tried(others(count), account_filters=(policy,)).saw
    hidden = tried(others(count), account_filters=Missing("Denied.")).saw

    said = " A policy of the account's forwards its lines as well: other-0 to the function f0."
    assert named == hidden + said


def test_filters_that_were_not_read_leave_it_unknown():
    hidden = Missing("Denied.", "logs:DescribeSubscriptionFilters")

    assert tried(hidden).verdict is Verdict.UNKNOWN
