"""Exact answers that a later scan takes over: only those that still hold, and never for long."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from situations import OURS_NODE, a_function, a_log, evidence, seen

from benchmarks.fleets import OF_THE_ACCOUNT
from bot.aws.accounts import Accounts
from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.inventory import Activity
from bot.aws.evidence.once import Once
from bot.aws.evidence.region import RegionParts
from bot.changes.repository import Setups
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, healthy, healthy_account
from bot.scan.answers import MOST, Answers
from bot.scan.coordinator import Runs
from bot.scan.lines import totals
from bot.scan.memory import (
    LASTS,
    LASTS_UNSTEADY,
    agrees,
    basis_of,
    holds,
    is_proved,
    lasts,
    taken_over,
)
from bot.scan.model import ProblemClass, Scan, Seen
from bot.scan.repository import Scans
from bot.scan.worker import Work
from bot.settings import read_aws_settings
from bot.store import keys
from bot.store.connection import now
from bot.store.due import SCAN, Due, Leases
from checks.evidence import Alias, DeliveryStream, Expected, Missing, Traffic
from checks.log.line import Kind
from checks.runbook import RUNBOOK, walk

REPAIRED = "Datadog's wrapper"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
FIRST = Seen(
    "orders", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND, 7, basis="as it is"
)
EXACT = replace(FIRST, invoked=3, exact=True, saw="Datadog's.", impact="blind", steady=True)
CHECKED = NOON - timedelta(hours=1)
REMEMBERED = replace(EXACT, checked_before=CHECKED)
HEALTHY = replace(REMEMBERED, verdict="healthy", cause=None, kind=None, impact=None, steady=False)
FILTER_GONE = replace(REMEMBERED, cause="traces_reach_the_log_pipe")


def test_answer_is_taken_over_with_what_only_the_first_tier_reads():
    assert taken_over(FIRST, REMEMBERED) == replace(REMEMBERED, invoked=7)


@pytest.mark.parametrize("remembered", [REMEMBERED, HEALTHY, FILTER_GONE])
def test_answer_holds_while_the_first_tier_sees_the_same(remembered):
    assert holds(FIRST, remembered, NOON)


@pytest.mark.parametrize(
    "remembered",
    [
        replace(REMEMBERED, basis="as it was"),
        replace(REMEMBERED, basis=None),
        replace(REMEMBERED, checked_before=NOON - LASTS),
        replace(HEALTHY, checked_before=NOON - LASTS_UNSTEADY),
        replace(FILTER_GONE, checked_before=NOON - LASTS_UNSTEADY),
        replace(REMEMBERED, steady=False, checked_before=NOON - LASTS_UNSTEADY),
        replace(REMEMBERED, checked_before=NOON + timedelta(seconds=1)),
        replace(REMEMBERED, checked_before=None),
        replace(REMEMBERED, exact=False),
    ],
)
def test_answer_that_may_not_hold_is_checked_again(remembered):
    assert not holds(FIRST, remembered, NOON)
    assert not holds(replace(FIRST, basis=None), replace(REMEMBERED, basis=None), NOON)


BEFORE, SAME_MINUTE = CHECKED - timedelta(minutes=5), CHECKED - timedelta(seconds=30)
AFTER = CHECKED + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("remembered", "invoked", "forwarded", "agreed"),
    [
        (REMEMBERED, None, None, True),
        (REMEMBERED, AFTER, BEFORE, True),
        (REMEMBERED, AFTER, SAME_MINUTE, False),
        (REMEMBERED, AFTER, AFTER, False),
        (FILTER_GONE, AFTER, None, True),
        (FILTER_GONE, AFTER, AFTER, False),
        (HEALTHY, AFTER, AFTER, True),
        (HEALTHY, AFTER, SAME_MINUTE, False),
        (HEALTHY, AFTER, None, False),
        (HEALTHY, SAME_MINUTE, None, False),
        (HEALTHY, BEFORE, BEFORE, True),
        (HEALTHY, None, None, True),
    ],
)
def test_what_happened_since_must_agree(remembered, invoked, forwarded, agreed):
    """A minute may have begun before the answer, so it counts against the answer only."""
    assert agrees(remembered, Activity(invoked, forwarded)) is agreed


@pytest.mark.parametrize(
    ("remembered", "agreed"), [(REMEMBERED, True), (FILTER_GONE, False), (HEALTHY, False)]
)
def test_only_what_rests_on_the_configuration_holds_where_nothing_could_be_read(remembered, agreed):
    assert agrees(remembered, Missing("Denied.")) is agreed


def test_only_causes_in_what_the_first_tier_reads_last_for_hours():
    most = {each.slug: lasts(replace(EXACT, cause=each.slug)) for each in RUNBOOK}

    assert {most[slug] for slug in ("layer_attached", "wrapper_set")} == {LASTS}
    for slug in ("invoked", "telemetry_payload_logged", "subscription_filter_to_spare"):
        assert most[slug] == LASTS_UNSTEADY
    for verdict in ("waiting", "undetermined", "unverified"):
        assert not lasts(replace(EXACT, verdict=verdict, kind=None))


OF = evidence()
STREAM = DeliveryStream("arn:aws:firehose:::x", "ACTIVE", delivered_share=0.5, records_in=10)
BASIS = {
    "configuration": Configuration(
        OF.function, OF.environment, OF.environment_size, "/aws/lambda/f"
    ),
    "account": AccountParts(OF.stack, OF.role),
    "region": RegionParts(STREAM, OF.metric_pipe),
    "expected": Expected("org"),
    "answer": "blind",
}


def basis(**changes):
    return basis_of(**BASIS | changes)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("configuration", {"function": a_function(modified_at=NOON)}),
        ("configuration", {"environment": {}}),
        ("configuration", {"environment_size": 4000}),
        ("configuration", {"log_group": "/custom"}),
        ("account", {"stack": Missing("Denied.")}),
        ("account", {"role": None}),
        ("region", {"log_firehose": None}),
        ("region", {"log_firehose": replace(STREAM, status="DELETING")}),
        ("region", {"metric_pipe": Missing("Denied.")}),
        ("expected", {"org_id": "another"}),
        ("answer", None),
    ],
)
def test_basis_changes_with_all_that_an_answer_may_rest_on(part, changes):
    changed = replace(BASIS[part], **changes) if changes else "down"

    assert basis(**{part: changed}) != basis()


def test_basis_stays_while_only_time_passes():
    """In any order of the variables, in any process."""
    later = replace(OF.function, read_on=NOON.date())
    variables = dict(reversed(OF.environment.items()))
    configuration = replace(BASIS["configuration"], function=later, environment=variables)
    stream = replace(STREAM, delivered_share=1.0, records_in=11)

    region = replace(BASIS["region"], log_firehose=stream)
    assert basis(configuration=configuration, region=region) == basis()


DATADOG = {**OURS_NODE, "AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"}
BARE = a_log(seen(Kind.FINISHED))


@pytest.mark.parametrize(
    ("changes", "proved"),
    [
        ({"log": BARE}, True),
        ({"log": a_log()}, False),
        ({"log": BARE, "traffic": Missing("Denied.")}, False),
        ({"log": BARE, "traffic": Traffic((Alias("live", "1", 1, instrumented=False),))}, False),
    ],
)
def test_only_what_invocations_have_shown_lasts_and_no_alias_may_change(changes, proved):
    facts = evidence(environment=DATADOG, **({"traffic": Traffic(())} | changes))

    assert walk(facts).cause == "wrapper_set"
    assert is_proved(walk(facts), facts) is proved


def test_how_old_answers_are_is_said():
    scan = Scan(NOON, (replace(EXACT, name="a"), REMEMBERED, FIRST), ())

    assert totals(scan).endswith(
        " Verified exactly: 2 of 3 functions (1 by an earlier scan, up to 60 min ago)."
    )
    assert "earlier" not in totals(Scan(NOON, (EXACT,), ()))


@pytest.fixture
def place(aws):
    return Accounts(read_aws_settings()).location(None, "eu-west-1")


def test_answers_are_those_of_one_role_and_region(redis, place):
    answers = Answers(redis)
    answers.remember(place, {"orders": EXACT}, NOON)

    assert answers.of(place, ["orders", "carts"]) == {"orders": replace(EXACT, checked_before=NOON)}
    elsewhere = replace(place, region="us-east-1")
    other_role = replace(place, account=replace(place.account, role="arn:aws:iam::1:role/other"))
    assert answers.of(elsewhere, ["orders"]) == answers.of(other_role, ["orders"]) == {}
    assert redis.pttl(keys.SCAN_ANSWERS("own:eu-west-1")) > 0


@pytest.mark.parametrize("newer", [None, replace(EXACT, verdict="undetermined", kind=None)])
def test_newer_answer_that_does_not_last_takes_the_place_of_an_older_one(redis, place, newer):
    answers = Answers(redis)
    answers.remember(place, {"orders": EXACT, "carts": replace(EXACT, name="carts")}, NOON)
    answers.remember(place, {"orders": newer}, NOON)

    assert list(answers.of(place, ["orders", "carts"])) == ["carts"]


def test_what_cannot_be_read_is_not_remembered(redis, place):
    answers, key = Answers(redis), keys.SCAN_ANSWERS("own:eu-west-1")
    redis.hset(key, "orders", "{")
    assert answers.of(place, ["orders"]) == {}
    redis.delete(key)
    redis.set(key, "another type")
    assert answers.of(place, ["orders"]) == {}
    answers.remember(place, {"orders": EXACT}, NOON)
    assert list(answers.of(place, ["orders"])) == ["orders"]


def test_answers_are_bounded(redis, place):
    answers = Answers(redis)
    many = {f"f{n}": replace(EXACT, name=f"f{n}") for n in range(MOST)}
    answers.remember(place, many, NOON)
    answers.remember(place, {"orders": EXACT}, NOON)

    assert redis.hkeys(keys.SCAN_ANSWERS("own:eu-west-1")) == ["orders"]


class Workers:
    """All of them, one thing after the other."""

    def __init__(self, redis):
        due, clock = Due(redis), partial(now, redis)
        leases, accounts = Leases(due), Accounts(read_aws_settings({"SLSDIAG_AWS_RATE": "1"}))
        self.scans, self.nudges = Scans(redis), deque()
        work = Work(self.scans, accounts, Once, Answers(redis), Setups(redis), clock)
        self.runs = Runs(
            self.scans, due, leases, accounts, work, None, lambda *it: self.nudges.append(it), clock
        )

    def scan(self, name, *, fresh=False):
        """By name; what the scan saw."""
        id_, _ = self.runs.begin(
            "C1", "", ("inquiry", name), None, recent_will_do=False, fresh=fresh
        )
        while self.nudges:
            kind, which = self.nudges.popleft()
            if kind == SCAN:
                self.runs.scan(which)
            elif kind == "chunk":
                self.runs.chunk(which)
        return {seen.name: seen for seen in self.runs.result(id_, "C1").seen}


@pytest.fixture
def fleet(aws, monkeypatch):
    """One of each kind, a second one of two, and nobody else has a turn."""
    monkeypatch.setattr("bot.scan.selection.WITHIN", 0.0)
    beds = {}
    for what, kind in DEMO_FUNCTIONS.items():
        if what in OF_THE_ACCOUNT:
            continue
        for number in range(2 if what == REPAIRED else 1):
            name = f"{re.sub('[^a-zA-Z0-9]+', '-', what)}-{number}"
            beds[name] = healthy(aws.account(), name, kind.languages[0])
            kind.break_it(beds[name])
    healthy_account(aws.account(), beds[name].now)
    return beds


def exact_checks(aws):
    """How many were made since the last look: each asks once for a log group's filters."""
    made = sum(call.operation == "DescribeSubscriptionFilters" for call in aws.calls)
    aws.calls.clear()
    return made


def answer(seen):
    return seen.verdict, seen.cause, seen.impact, seen.kind, seen.exact


def test_scans_remember_the_setups_of_what_was_ever_instrumented(redis, aws):
    workers, account = Workers(redis), aws.account()
    healthy(account, "orders")
    healthy(account, "bare").bare()
    bed = healthy(account, "carts")
    healthy_account(account, bed.now)
    workers.scan("one")
    bed.bare()
    workers.scan("two", fresh=True)
    setups, place = Setups(redis), "own:123456789012:eu-west-1"
    carts = setups.seen(place, "carts")

    assert [one.setup.org_id for one in carts] == [True, False]
    assert len(setups.seen(place, "orders")) == 1
    assert setups.seen(place, "bare") == []


@pytest.mark.slow
def test_second_scan_asks_only_for_what_may_have_changed_and_sees_what_did(redis, aws, fleet):
    workers = Workers(redis)
    first = workers.scan("one")
    suspicious = exact_checks(aws)
    lasting = {name for name, seen in first.items() if lasts(seen)}
    reporting = {name for name in lasting if first[name].verdict in {"healthy", "notice"}}
    repaired, worse = (f"Datadog-s-wrapper-{number}" for number in range(2))
    reports_again = "layer-gone-0"
    assert {repaired, worse, reports_again} < lasting
    DEMO_FUNCTIONS["layer gone"].break_it(fleet[worse])
    fleet[repaired].variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/sls-sdk-node/exec-wrapper.sh"
    for name in (repaired, worse):
        fleet[name].changed(timedelta(0))
    fleet[reports_again].reports(0)
    second = workers.scan("two")

    taken_over = {name for name, seen in second.items() if seen.checked_before}
    invoked = {name for name in reporting if second[name].checked_before is None}
    assert reporting - invoked
    assert taken_over == lasting - invoked - {repaired, worse, reports_again}
    assert exact_checks(aws) <= suspicious - len(taken_over)
    assert len(taken_over) > suspicious / 2
    assert answer(second[repaired]) != answer(first[repaired])
    assert second[worse].cause != first[worse].cause
    same = fleet.keys() - {repaired, worse, reports_again}
    assert {name: answer(second[name]) for name in same} == {
        name: answer(first[name]) for name in same
    }
    assert not any(seen.checked_before for seen in workers.scan("three", fresh=True).values())
    assert exact_checks(aws) >= suspicious - 1
