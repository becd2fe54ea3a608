"""From the log line through the filter into the Firehose: each gap by its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import FIREHOSE, NOON, YESTERDAY, a_function, a_log, a_payload, outcome_of, seen

from checks.evidence import DeliveryStream, Filter, Forwarding, LogGroup, Missing
from checks.facts.states import STREAM_STATES
from checks.log.sample import Kind
from checks.model import Page, Verdict
from checks.s170_traces_reach_the_log_pipe import (
    BEHIND_THE_FILTER,
    CODES,
    HOPS,
    PAGES,
)

SLUG = "traces_reach_the_log_pipe"
MINUTE = timedelta(minutes=1)
OURS = Filter("serverless_logs-filter", FIREHOSE)
ASTRAY = Filter("serverless_logs-filter", "arn:aws:lambda:eu-west-1:123456789012:function:mine")
FOREIGN = Filter("dd", "arn:aws:lambda:eu-west-1:123456789012:function:shipper")
POLICY = Filter("all-logs", FIREHOSE)
DENIED = Missing("Denied.", "logs:DescribeAccountPolicies")
CLASS = "INFREQUENT_ACCESS"


def stream(status="ACTIVE", **changes):
    return DeliveryStream(FIREHOSE, status, **changes)


def logged(ago):
    return a_log(seen(Kind.TELEMETRY, NOON - ago, a_payload()), seen(Kind.FINISHED, NOON - ago))


SITUATIONS = {
    "no_log_group": {"log_group": None, "filters": ()},
    "log_class": {"log_group": LogGroup("/aws/lambda/checkout", CLASS), "filters": ()},
    "no_filter": {"filters": (FOREIGN,)},
    "filter_elsewhere": {"filters": (ASTRAY,)},
    "pattern": {"filters": (replace(OURS, pattern="?WARN ?FATAL"),)},
    "pattern_unclear": {"filters": (replace(OURS, pattern="[a, b]"),)},
    "not_delivered": {"forwarding": Forwarding(0, 7)},
    "partly_delivered": {"forwarding": Forwarding(1_200, 7)},
    "firehose_missing": {"log_firehose": None},
    "firehose_inactive": {"log_firehose": stream("CREATING_FAILED")},
    "firehose_takes_nothing": {"log_firehose": stream(records_in=0), "log": logged(15 * MINUTE)},
    "firehose_delivers_nothing": {"log_firehose": stream(delivered_share=0.0)},
    "firehose_delivers_part": {"log_firehose": stream(delivered_share=0.5)},
}
UNKNOWN = {"no_log_group", "pattern_unclear", "firehose_takes_nothing"}
NOTICES = {"partly_delivered", "firehose_delivers_part"}


def tried(**changes):
    return outcome_of(SLUG, **changes)


def done(outcome):
    return [action.do for action in outcome.actions]


def test_every_code_has_a_situation():
    assert set(SITUATIONS) == set(CODES)


@pytest.mark.parametrize("code", SITUATIONS)
def test_situation_has_its_code_and_verdict(code):
    outcome = tried(**SITUATIONS[code])

    assert outcome.code == code
    assert outcome.verdict is (
        Verdict.UNKNOWN
        if code in UNKNOWN
        else Verdict.NOTICE
        if code in NOTICES
        else Verdict.PROBLEM
    )
    assert bool(outcome.actions) is (code != "partly_delivered")


def test_what_lies_behind_the_filter_has_its_hop_and_page():
    assert {code for code in CODES if "firehose" in code} == BEHIND_THE_FILTER
    assert set(HOPS) == set(PAGES) == BEHIND_THE_FILTER


def test_all_well_names_the_filter_and_what_came_in():
    assert tried().saw == (
        "serverless_logs-filter leads to serverless_logs-firehose, which is active."
    )
    came = tried(log_firehose=stream(records_in=1_234, delivered_share=1.0))
    assert came.saw.endswith("active. 1,234 records came in lately.")


# ------------------------------------------------------------------------- the filter


@pytest.mark.parametrize(
    ("filters", "verdict", "name"),
    [
        ((Filter("platform-logs", FIREHOSE),), Verdict.OK, "platform-logs"),
        ((ASTRAY, Filter("platform-logs", FIREHOSE)), Verdict.OK, "platform-logs"),
        ((FOREIGN, OURS), Verdict.OK, "serverless_logs-filter"),
        ((ASTRAY,), Verdict.PROBLEM, "the function mine"),
    ],
)
def test_filter_is_ours_by_where_it_leads(filters, verdict, name):
    outcome = tried(filters=filters)

    assert (outcome.verdict, name in outcome.saw) == (verdict, True)


def test_filter_that_leads_elsewhere_is_deleted_first():
    outcome = tried(filters=(ASTRAY,))

    assert outcome.saw.endswith("not to serverless_logs-firehose.")
    assert done(outcome)[0] == "Delete the filter serverless_logs-filter of that log group"
    assert done(outcome)[1].startswith("Turn Instrument off")


def test_missing_filter_names_the_others_and_is_made_by_the_toggle():
    with_others, alone = tried(filters=(FOREIGN,)), tried(filters=())

    assert "It has dd to the function shipper." in with_others.saw
    assert "It has" not in alone.saw
    assert [each.startswith("Turn Instrument off") for each in done(alone)] == [True]


@pytest.mark.parametrize(
    ("log_class", "code"),
    [
        ("STANDARD", "no_filter"),
        (CLASS, "log_class"),
        ("DELIVERY", "log_class"),
        ("ESSENTIALS", "no_filter"),
        ("SOMETHING_NEW", "no_filter"),
    ],
)
def test_class_explains_only_where_it_is_known_to_take_no_filters(log_class, code):
    group = LogGroup("/aws/lambda/checkout", log_class)
    outcome = tried(log_group=group, filters=())

    assert outcome.code == code
    assert (log_class in outcome.saw) is (code == "log_class")
    assert tried(log_group=group).verdict is Verdict.OK


def test_group_of_the_wrong_class_is_replaced_in_the_code():
    outcome = tried(**SITUATIONS["log_class"])

    assert "class STANDARD" in done(outcome)[0]
    assert done(outcome)[1].startswith("Turn Instrument off")
    hidden = Missing("Denied.", "logs:DescribeLogGroups")
    assert tried(log_group=hidden, filters=()).code == "no_filter"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (POLICY, ""),
        (replace(POLICY, pattern="?WARN"), "pattern"),
        (replace(POLICY, pattern="[a]"), "pattern_unclear"),
        (FOREIGN, "no_filter"),
        (ASTRAY, "no_filter"),
    ],
)
def test_policy_of_the_account_that_leads_to_us_is_as_good_as_a_filter(policy, code):
    outcome = tried(filters=(FOREIGN,), account_filters=(FOREIGN, policy))

    assert outcome.code == code
    if code != "no_filter":
        assert "all-logs" in outcome.saw


def test_policy_does_not_replace_a_filter_that_is_there():
    astray = tried(filters=(ASTRAY,), account_filters=(POLICY,))

    assert astray.code == "filter_elsewhere"


def test_policies_that_could_not_be_read_are_said_where_no_filter_is_there():
    outcome = tried(filters=(), account_filters=DENIED)

    assert (outcome.code, outcome.verdict) == ("no_filter", Verdict.PROBLEM)
    assert "is not known: Denied." in outcome.saw
    assert "is not known" not in tried(filters=(), account_filters=()).saw


@pytest.mark.parametrize("code", ["pattern", "pattern_unclear"])
def test_pattern_is_quoted_and_emptied(code):
    outcome = tried(**SITUATIONS[code])

    assert SITUATIONS[code]["filters"][0].pattern in outcome.saw
    assert done(outcome)[0].startswith("Empty the filter's pattern")
    assert outcome.actions[0].page is Page.MONITOR


# ---------------------------------------------------------------------- its deliveries


@pytest.mark.parametrize(
    ("forwarding", "code"),
    [
        (None, ""),
        (Forwarding(0, 0), ""),
        (Forwarding(9, 0), ""),
        (Forwarding(0, 1), "not_delivered"),
        (Forwarding(1, 1), "partly_delivered"),
    ],
)
def test_refused_deliveries_are_a_problem_where_nothing_got_through(forwarding, code):
    assert tried(forwarding=forwarding).code == code


def test_refused_deliveries_are_counted_by_the_filters_own_name():
    named = tried(filters=(Filter("platform-logs", FIREHOSE),), forwarding=Forwarding(1_200, 7))

    assert "7 times by platform-logs lately, beside 1,200 events" in named.saw
    hidden = Missing("Denied.")
    unread = tried(filters=hidden, forwarding=Forwarding(0, 7))
    assert "by serverless_logs-filter lately" in unread.saw


# ------------------------------------------------------------------------- the Firehose


@pytest.mark.parametrize("status", [*STREAM_STATES.value, "SOMETHING_NEW"])
def test_firehose_that_is_not_active_is_a_problem_with_its_own_remedy(status):
    outcome = tried(log_firehose=stream(status, failure="KMS_ACCESS_DENIED"))
    first = {
        "CREATING": "Wait until serverless_logs-firehose is ACTIVE",
        "DELETING": "Wait until AWS has deleted serverless_logs-firehose",
        "SOMETHING_NEW": "Read in the console",
    }.get(status, "For every function of the account: remove this account's integration")

    assert (outcome.verdict is Verdict.OK) is (status == "ACTIVE")
    if status != "ACTIVE":
        assert outcome.headline == f"The logs Firehose is {status}"
        assert f"is {status}: KMS_ACCESS_DENIED." in outcome.saw
        assert done(outcome)[0].startswith(first)
        assert len(outcome.actions) == 1 + (status == "DELETING")


@pytest.mark.parametrize(
    ("share", "code"),
    [
        (None, ""),
        (1.0, ""),
        (0.9, ""),
        (0.89, "firehose_delivers_part"),
        (0.01, "firehose_delivers_part"),
        (0.0, "firehose_delivers_nothing"),
    ],
)
def test_share_of_records_that_it_delivers(share, code):
    assert tried(log_firehose=stream(delivered_share=share)).code == code


def test_share_is_said():
    assert "89%" in tried(log_firehose=stream(delivered_share=0.89)).headline


@pytest.mark.parametrize(
    ("ago", "records", "code"),
    [
        (15 * MINUTE, 0, "firehose_takes_nothing"),
        (14 * MINUTE, 0, ""),
        (360 * MINUTE, 0, "firehose_takes_nothing"),
        (361 * MINUTE, 0, ""),
        (15 * MINUTE, 1, ""),
        (15 * MINUTE, None, ""),
    ],
)
def test_payload_must_have_come_in_within_the_buffer(ago, records, code):
    outcome = tried(log=logged(ago), log_firehose=stream(records_in=records))

    assert outcome.code == code


def test_newest_payload_that_is_due_is_named():
    log = a_log(
        *(seen(Kind.TELEMETRY, NOON - ago * MINUTE, a_payload()) for ago in (60, 30, 5)),
    )
    outcome = tried(log=log, log_firehose=stream(records_in=0))

    assert "logged on 23 Nov 11:30 UTC" in outcome.saw
    assert "IncomingRecords" in done(outcome)[0]


@pytest.mark.parametrize(
    ("changed", "made", "code"),
    [
        (YESTERDAY, None, "firehose_takes_nothing"),
        (YESTERDAY, NOON - 30 * MINUTE, "firehose_takes_nothing"),
        (YESTERDAY, NOON - 29 * MINUTE, ""),
        (NOON - 29 * MINUTE, None, ""),
        (NOON - 29 * MINUTE, YESTERDAY, ""),
    ],
)
def test_payload_from_before_the_change_or_the_filter_need_not_have_come_in(changed, made, code):
    outcome = tried(
        function=a_function(modified_at=changed),
        filters=(replace(OURS, created_at=made),),
        log=logged(30 * MINUTE),
        log_firehose=stream(records_in=0),
    )

    assert outcome.code == code


# ------------------------------------------------------------ what was not read, and order


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"filters": Missing("Denied.", "a:B")}, "subscription filters"),
        ({"log_firehose": Missing("Denied.", "a:B")}, "Firehose stream"),
        (
            {"log_firehose": stream(delivered_share=Missing("Denied.", "a:B"))},
            "Firehose stream's deliveries",
        ),
        ({"forwarding": Missing("Denied.", "a:B")}, "filter's own metrics"),
    ],
)
def test_half_of_the_evidence_is_not_enough_to_call_it_well(changes, name):
    outcome = tried(**changes)

    assert (outcome.verdict, name in outcome.saw) == (Verdict.UNKNOWN, True)
    assert done(outcome) == ["Allow a:B to slsdiag's role"]


def test_log_that_was_not_read_proves_nothing_against_it():
    assert tried(log=Missing("Denied."), log_firehose=stream(records_in=0)).verdict is Verdict.OK


def test_gap_at_the_filter_comes_before_what_lies_behind_it():
    assert tried(filters=(), log_firehose=None).code == "no_filter"
    assert tried(filters=(), forwarding=Forwarding(0, 7)).code == "no_filter"
    assert tried(log_firehose=None, forwarding=Forwarding(0, 7)).code == "not_delivered"
    hidden = Missing("Denied.")
    assert tried(filters=hidden, log_firehose=None).code == "firehose_missing"


def test_stream_that_takes_nothing_in_comes_before_a_pattern_that_is_unclear():
    outcome = tried(
        filters=(replace(OURS, pattern="[a]"),),
        log_firehose=stream(records_in=0),
        log=logged(20 * MINUTE),
    )

    assert outcome.code == "firehose_takes_nothing"
