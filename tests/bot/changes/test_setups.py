"""What checks saw of a function's setup, over a real store, and what that tells of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from situations import NOON, OURS_NODE, evidence

from bot.app.lists import history as listed
from bot.aws import parallel
from bot.aws.accounts import Accounts
from bot.changes.memory import Seen, Setup, history, known_since, last_well
from bot.changes.memory import checked as seen_by
from bot.changes.repository import MOST, Setups
from bot.conversation import Conversation
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.model import Diagnosis, Stage
from bot.playground.account.demo_functions import CANARIES, NODE, healthy, healthy_account
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import updated
from bot.settings import read_aws_settings
from bot.store.connection import now, to_ms
from bot.store.sharing import SharedValues
from bot.target import Target
from checks.change import Kind, Sought
from checks.evidence import Missing

MINUTE = timedelta(minutes=1)
WELL = seen_by(evidence())
WITHOUT_ORG = replace(WELL, org_id=False)
BARE = Setup((), (), None, org_id=False, handler="a.b", runtime="nodejs20.x", filter=False)
PLACE = "own:123456789012:eu-west-1"


@pytest.fixture
def setups(redis):
    return Setups(redis)


def seen(*setups):
    return [Seen(one, NOON + n * MINUTE, NOON + (n + 0.5) * MINUTE) for n, one in enumerate(setups)]


def an_hour_ago(redis):
    """The only setup that was noted."""
    (key,) = redis.keys("slsdiag:setups:*")
    stamp = str(to_ms(now(redis) - 60 * MINUTE))
    redis.lset(key, 0, " ".join([stamp, stamp, redis.lindex(key, 0).split(" ", 2)[2]]))


def test_same_setup_gets_a_later_time_and_another_one_an_entry(setups, redis):
    setups.note(PLACE, {"orders": WELL})
    an_hour_ago(redis)
    for setup in (WELL, WITHOUT_ORG, WELL):
        setups.note(PLACE, {"orders": setup})
    kept = setups.seen(PLACE, "orders")

    assert [one.setup for one in kept] == [WELL, WITHOUT_ORG, WELL]
    assert kept[0].last - kept[0].first >= 60 * MINUTE


def test_memory_is_bounded_by_count_and_age(setups, redis):
    for number in range(MOST + 5):
        setups.note(PLACE, {"orders": replace(WELL, handler=f"a.{number}")})
    kept = setups.seen(PLACE, "orders")

    assert [one.setup.handler for one in kept] == [f"a.{n}" for n in range(5, MOST + 5)]
    assert timedelta(days=89).total_seconds() < redis.ttl(f"slsdiag:setups:{PLACE}:orders")


def test_what_another_release_wrote_is_left_out(setups, redis):
    setups.note(PLACE, {"orders": WELL})
    redis.rpush(f"slsdiag:setups:{PLACE}:orders", '1 1 {"schema": 99, "value": {}}')

    assert [one.setup for one in setups.seen(PLACE, "orders")] == [WELL]


def test_listing_keeps_what_it_does_not_show_and_adds_no_bare_function(setups):
    setups.note(PLACE, {"orders": WELL})
    unfiltered = replace(WELL, filter=None)
    setups.listed(PLACE, {"orders": unfiltered, "carts": unfiltered, "bare": BARE})
    setups.listed(PLACE, {"orders": replace(BARE, filter=None), "bare": BARE})

    assert [one.setup for one in setups.seen(PLACE, "orders")] == [WELL, replace(BARE, filter=True)]
    assert [one.setup for one in setups.seen(PLACE, "carts")] == [unfiltered]
    assert setups.seen(PLACE, "bare") == []


def test_setup_that_could_not_be_read_is_not_noted():
    assert seen_by(evidence(environment=Missing("hidden"))) is None


def test_no_value_that_may_not_leave_aws_is_kept():
    secret = {**OURS_NODE, "SLS_ORG_ID": "org-of-canary"}

    assert "org-of-canary" not in repr(seen_by(evidence(environment=secret)))


def test_history_says_what_changed_and_when():
    lines = history(seen(WELL, WITHOUT_ORG, BARE))

    assert lines[1].endswith("SLS_ORG_ID removed (as before until 23 Nov 12:00 UTC)")
    assert "SDK layer removed, AWS_LAMBDA_EXEC_WRAPPER removed" in lines[0]


@pytest.mark.parametrize(
    ("cause", "setups", "minute"),
    [
        ("org_id_set", (WELL, WITHOUT_ORG), 0.5),
        ("org_id_set", (WELL, BARE, WELL, WITHOUT_ORG), 2.5),
        ("function_instrumented", (WITHOUT_ORG, BARE), 0.5),
        ("org_id_set", (WITHOUT_ORG, WITHOUT_ORG), None),
        ("org_id_set", (WITHOUT_ORG, WELL), None),
        ("org_id_set", (), None),
        ("no_conflicting_tool", (WELL, BARE), None),
        (None, (WELL, BARE), None),
    ],
)
def test_when_it_was_last_seen_well(cause, setups, minute):
    well = last_well(seen(*setups), cause)

    assert well == (None if minute is None else NOON + minute * MINUTE)


def test_check_after_the_change_shows_nothing():
    sought = Sought(Kind.FUNCTION, "orders", "eu-west-1", "1", NOON)

    assert known_since(sought, NOON + MINUTE) == sought
    assert known_since(sought, NOON - MINUTE).since == NOON - MINUTE


@pytest.fixture
def checked(aws, redis, setups, monkeypatch):
    """Check `orders` as the bot does; the request with its report."""
    monkeypatch.setattr(parallel, "published_rate", lambda *_: None)
    accounts = Accounts(read_aws_settings())
    kept = timedelta(minutes=5), partial(now, redis)
    gatherer = CachedGatherer(accounts, SharedValues(redis), *kept, setups=setups)

    def checked(only=None):
        place = Conversation("T", "C", "U")
        request = Diagnosis("1", "orders", place, datetime.now(UTC), only=only)
        report = gatherer.report(request, lambda _: None, lambda _: None)
        if report.sought:
            report = replace(report, changed=gatherer.changed(request, report))
        return replace(request, report=report, stage=Stage.REPORTED)

    checked.remembered = partial(gatherer.remembered, setups)
    return checked


def test_variable_that_was_set_and_is_gone_is_told_with_the_only_change_between(
    aws, checked, redis
):
    account = aws.account()
    healthy_account(account, datetime.now(UTC))
    function = healthy(account, "orders", NODE)
    checked()
    an_hour_ago(redis)
    del function.variables["SLS_ORG_ID"]
    function.silent()
    function.changed(30 * MINUTE)
    at, maker = function.now - 30 * MINUTE, makers.role(account.id, "deploy-prod")
    account.trail.record(updated(function.config, maker, at, {}))
    diagnosis = checked()
    said, lines = diagnosis.report.told, checked.remembered(diagnosis)
    history_text = listed([diagnosis], Target("orders"), setups=checked.remembered)["text"]
    kept = str([redis.lrange(key, 0, -1) for key in redis.keys("slsdiag:setups:*")])

    assert diagnosis.report.cause == "org_id_set"
    assert "by role deploy-prod (AWS API). A check saw it in place on" in said
    assert said.endswith("; 1 change since.")
    assert [one.setup.org_id for one in lines] == [True, False]
    assert "SLS_ORG_ID removed" in history_text
    assert not [word for word in (*CANARIES, "org-1a2b3c4d") if word in kept]


def test_what_comes_from_the_cache_is_not_noted_again(aws, checked, redis):
    healthy_account(aws.account(), datetime.now(UTC))
    healthy(aws.account(), "orders", NODE)
    checked()
    (key,) = redis.keys("slsdiag:setups:*")
    before = redis.lrange(key, 0, -1)
    checked(only="wrapper_set")

    assert redis.lrange(key, 0, -1) == before
