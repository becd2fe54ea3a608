"""CloudTrail asked about a change, over the wire: how often, when, and what is said where it does not know."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from benchmarks.changes import WAYS, private, walk
from bot.aws.client import Account
from bot.aws.parallel import Rates
from bot.changes.lookup import who_changed
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import deleted, filter_deleted, updated
from checks.change import Changed, Kind, Sought, Untold, sentence

HOME, REGION = "123456789012", "eu-west-1"
PLACE = HOME, REGION
MINUTE = timedelta(minutes=1)
ROLE, OTHER = makers.role(HOME, "deploy-prod"), makers.role(HOME, "somebody-else")
FILTER = "serverless_logs-filter"
GROUP = "/aws/lambda/orders"
GONE = Sought(Kind.FILTER, GROUP, REGION, HOME, detail=FILTER)


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def asked(aws, now):
    """What is found of a change, with rates that hold nothing up."""
    account = Account(boto3.Session("demo", "demo"), Rates(1.0, lambda *_: 0.0), HOME)

    def asked(sought, *, seconds=5.0, users=True):
        return who_changed(account, sought, now, seconds=seconds, users=users)

    return asked


@pytest.fixture
def change(aws, now):
    """Record an update of `orders`; what is sought of it."""

    def change(ago, maker=ROLE, name="orders", **sent):
        at = now - ago
        config = aws.account().region(REGION).function(name, modified_at=at)
        aws.account().trail.record(updated(config, maker, at, sent))
        return Sought(Kind.FUNCTION, name, REGION, HOME, at)

    return change


def lookups(aws):
    return [call for call in aws.calls if call.operation == "LookupEvents"]


@pytest.fixture
def walking(monkeypatch):
    """A walk sets where AWS is."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")


@pytest.mark.usefixtures("walking")
def test_walk_of_planted_changes_finds_them_all():
    found = walk(56, seed=7)

    assert found.counts == {"right": 56}
    assert found.most == 3
    assert len(WAYS) == 14
    assert private(found.said) == []


@pytest.mark.usefixtures("walking")
def test_walk_without_a_third_of_the_events_names_nobody_wrongly():
    assert walk(56, seed=8, lost=1 / 3).counts["wrong"] == 0


def test_young_change_is_not_in_cloudtrail_yet(asked, change):
    changed = asked(change(4 * MINUTE))

    assert changed.why is Untold.NOT_YET
    assert "not in CloudTrail yet" in sentence(change(MINUTE), changed)


def test_young_change_is_found_once_it_is_shown(asked, change):
    assert asked(change(6 * MINUTE)).by == "deploy-prod"


def test_old_change_that_is_not_there_was_not_found(asked, now):
    sought = Sought(Kind.FUNCTION, "orders", REGION, HOME, now - 21 * MINUTE)

    assert asked(sought) == Changed(sought.at, why=Untold.NOT_FOUND)


def test_nothing_is_asked_about_what_is_too_old(asked, now, aws):
    sought = Sought(Kind.FUNCTION, "orders", REGION, HOME, now - timedelta(days=90, minutes=1))

    assert asked(sought).why is Untold.EXPIRED
    assert lookups(aws) == []


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("AccessDeniedException", Untold.DENIED),
        ("ThrottlingException", Untold.UNREACHABLE),
        ("InternalFailure", Untold.UNREACHABLE),
    ],
)
def test_refusal_has_its_own_reason_and_is_not_repeated(asked, change, aws, code, why):
    aws.fail("cloudtrail", "LookupEvents", code)

    assert asked(change(60 * MINUTE)).why is why
    assert len(lookups(aws)) == 1


def test_slow_cloudtrail_is_waited_for_no_longer_than_said(asked, change, aws):
    aws.latencies["LookupEvents"] = 3.0
    began = time.monotonic()

    assert asked(change(60 * MINUTE), seconds=0.3).why is Untold.UNREACHABLE
    assert time.monotonic() - began < 1.5


def test_change_that_was_made_at_another_time_is_another_one(asked, change, now):
    """The event of the change itself may be missing; the one before it has another author."""
    change(61 * MINUTE, OTHER)

    assert asked(Sought(Kind.FUNCTION, "orders", REGION, HOME, now - 60 * MINUTE)).by is None


def test_refused_attempt_at_the_same_time_changed_nothing(asked, aws, now):
    config = aws.account().region(REGION).function("orders", modified_at=now)
    at = now - 60 * MINUTE
    event, resources = updated(config, OTHER, at, {"layers": []})
    refused = {**event, "errorCode": "AccessDenied", "responseElements": None}
    aws.account().trail.record((refused, resources))

    assert asked(Sought(Kind.FUNCTION, "orders", REGION, HOME, at)).by is None


def test_repair_by_dashboard_is_walked_past(asked, change, aws):
    change(62 * MINUTE, layers=[])
    changed = asked(change(60 * MINUTE, makers.dashboard(HOME)))

    assert (changed.by, changed.what) == ("deploy-prod", ("layers",))


def test_what_dashboard_did_by_itself_is_said_to_be_its_own(asked, change):
    change(timedelta(days=1))
    sought = change(60 * MINUTE, makers.dashboard(HOME))
    changed = asked(sought)

    assert changed.by == "ServerlessRole"
    assert "(Serverless Dashboard)" in sentence(sought, changed)


def test_only_what_differs_is_named_where_the_change_before_is_shown(asked, aws, now):
    region, trail = aws.account().region(REGION), aws.account().trail
    config = region.function("orders", modified_at=now, layers=["arn:layer:1"], Handler="a.b")
    trail.record(updated(config, OTHER, now - 70 * MINUTE, {"handler": "a.b"}))
    config = region.function("orders", modified_at=now, Handler="a.b")
    at = now - 60 * MINUTE
    trail.record(updated(config, ROLE, at, {"layers": [], "handler": "a.b"}))

    assert asked(Sought(Kind.FUNCTION, "orders", REGION, HOME, at)).what == ("layers",)


def test_code_and_configuration_of_one_deployment_belong_together(asked, aws, now):
    config = aws.account().region(REGION).function("orders", modified_at=now)
    at, code = now - 60 * MINUTE, "UpdateFunctionCode20150331v2"
    aws.account().trail.record(
        updated(config, ROLE, at - MINUTE / 6, {"layers": []}),
        updated(config, ROLE, at, {"publish": False}, code),
    )

    assert asked(Sought(Kind.FUNCTION, "orders", REGION, HOME, at)).what == ("code", "layers")


def test_function_that_cannot_be_looked_up_by_its_name_is_found_by_the_events(asked, aws, now):
    config = aws.account().region(REGION).function("orders", modified_at=now)
    at = now - 60 * MINUTE
    event, _ = updated(config, ROLE, at, {}, "UpdateFunctionCode20150331v2")
    aws.account().trail.record((event, ()))

    assert asked(Sought(Kind.FUNCTION, "orders", REGION, HOME, at)).by == "deploy-prod"
    assert len(lookups(aws)) == 3


def test_deletion_before_it_was_made_again_is_an_earlier_one(asked, aws, now):
    trail = aws.account().trail
    trail.record(filter_deleted(GROUP, FILTER, OTHER, now - 90 * MINUTE, PLACE))
    assert asked(GONE).by == "somebody-else"
    request = {"logGroupName": GROUP, "filterName": FILTER}
    trail.record(deleted("logs", "PutSubscriptionFilter", OTHER, now - 80 * MINUTE, PLACE, request))

    assert asked(GONE) == Changed(None, why=Untold.NOT_YET)


def test_more_pages_than_may_be_asked_for_prove_nothing(asked, aws, now):
    for number in range(160):
        other = f"{GROUP}-{number}"
        aws.account().trail.record(filter_deleted(other, FILTER, OTHER, now - 90 * MINUTE, PLACE))
    aws.account().trail.record(filter_deleted(GROUP, FILTER, ROLE, now - 99 * MINUTE, PLACE))

    assert asked(GONE).why is Untold.NOT_FOUND
    assert len(lookups(aws)) == 3


def test_roles_are_looked_for_in_us_east_1(aws, asked):
    plant(aws.account(), DEMO_FUNCTIONS["role gone"], DEMO_FUNCTIONS["role gone"].languages[0])

    assert asked(Sought(Kind.ROLE, "ServerlessRole", "us-east-1", HOME)).by == "PlatformAdmin"
    assert {call.region for call in lookups(aws)} == {"us-east-1"}


@pytest.mark.slow
def test_default_share_is_never_throttled(aws, change):
    """Eight at once, which want up to twenty-four calls, where AWS takes two a second."""
    aws.quotas = True
    account = Account(boto3.Session("demo", "demo"), Rates(), HOME)
    wanted = [change(60 * MINUTE, name=f"orders-{n}") for n in range(8)]
    now = datetime.now(UTC)

    def ask(sought):
        return who_changed(account, sought, now, seconds=40, users=False)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, wanted))

    assert [changed.by for changed in found] == ["deploy-prod"] * 8
    assert aws.throttled == 0
