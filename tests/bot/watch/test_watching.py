"""A deployment from its events to its message: what is posted, what is edited, and what is not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.playground.account import bus
from bot.playground.account.demo_functions import REGION
from bot.playground.account.trail import composed, makers
from bot.store.connection import now, to_ms
from bot.watch import catch_up, work
from bot.watch.intake import Crowded
from bot.watch.model import Kind, State
from bot.watch.repository import Moved
from tests.bot.watch.watched import HOME, PLACE, SETTLE, catches_up

OVER = SETTLE + 2


def test_what_a_deployment_removed_is_one_message(watched):
    functions = [watched.function(name) for name in ("orders", "billing", "carts")]
    watched.deploys_of(*functions)
    watched.polls()

    watched.runs(30)
    assert watched.posted() == [], "Dashboard still has time"
    watched.runs(32)

    (key,) = watched.posted()
    shown = watched.shown(key)
    assert "🟠 3 not reporting after a deployment" in shown
    assert "role deploy-prod" in shown
    assert all(name in shown for name in ("orders", "billing", "carts"))
    assert watched.queue.depth == (0, 0)
    watched.runs(400)
    assert watched.edits() == [], "what shows the same is no edit"


def test_what_dashboard_repairs_in_time_is_silence(watched):
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.repaired(function, watched.at + timedelta(seconds=40))
    watched.polls()
    for _ in range(6):
        watched.runs(600)

    assert watched.posted() == []
    assert [deploy.how for deploy in watched.all()] == ["api"], "the repair is no deployment"


def test_a_repair_that_is_heard_of_first_is_part_of_the_deployment(watched):
    """Its function is checked once, and the message says who repaired it."""
    function = watched.function("orders")
    watched.queue.lost = 1.0
    watched.deploys_of(function, ago=70)
    ((event, resources),) = [(one.event, one.resources) for one in recorded(watched)]
    watched.queue.lost = 0.0
    watched.repaired(function, watched.at - timedelta(seconds=30))
    watched.polls()
    (repair,) = watched.all()
    assert repair.how == "dashboard"
    bus.record(watched.account, (event, resources))
    watched.polls()

    (deploy,) = [each for each in watched.all() if each.rows]
    assert deploy.by == "role deploy-prod"
    assert deploy.rows[0].repaired_at == repair.rows[0].changed_at
    before = len(watched.aws.calls)
    watched.runs(OVER)
    checks = [each.operation for each in watched.aws.calls[before:]]
    assert checks.count("GetFunctionConfiguration") == 1
    assert watched.posted() == []


def recorded(watched):
    """Events of CloudTrail."""
    return watched.account.trail.recorded[REGION]


@pytest.mark.parametrize("announced", [False, True], ids=["", "with its state"])
def test_what_dashboard_repairs_later_is_an_edit(watched, announced):
    function, other = watched.function("orders"), watched.function("billing")
    watched.deploys_of(function, other)
    watched.polls()
    watched.runs(OVER)
    (key,) = watched.posted()

    watched.repaired(function, watched.at + timedelta(seconds=10))
    if announced:
        bus.function_changed(function.region, "orders", watched.at + timedelta(seconds=10))
    watched.polls()
    watched.runs(15)
    watched.runs(OVER)

    assert watched.posted() == [key]
    assert "🟠 1 not reporting · ✅ 1 reports again" in watched.newest()
    assert f"Dashboard repaired it after {OVER + 10} s" in watched.newest()


@pytest.mark.parametrize("checked_on", [True, False], ids=["by itself", "by the other's check"])
def test_another_deployment_that_repairs_it_edits_the_first_message(watched, checked_on):
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.polls()
    watched.runs(OVER)
    (key,) = watched.posted()

    for _ in range(0 if checked_on else 4):
        watched.runs(3700)  # until it is not checked any more
    watched.at += timedelta(minutes=10)
    watched.repaired(function, watched.at, makers.role(HOME, "fixer"))
    watched.polls()
    watched.runs(OVER)
    watched.woken()
    watched.runs(work.YIELD.total_seconds())

    assert watched.posted() == [key], "the second deployment has no message of its own"
    assert "✅ 1 reports again after a deployment" in watched.newest()
    assert "after a change by role fixer" in watched.newest()


def test_what_was_broken_before_is_no_news_until_it_reports_again(watched):
    function = watched.function("orders", reported=False)
    watched.states.begin(PLACE, {"orders": State(Kind.BLIND, watched.at)})
    watched.deploys_of(function)
    watched.polls()
    watched.runs(OVER)
    assert watched.posted() == []

    watched.at += timedelta(minutes=10)
    watched.repaired(function, watched.at, makers.role(HOME, "fixer"))
    watched.polls()
    watched.runs(OVER)

    (key,) = watched.posted()
    assert "✅ 1 reports again after a deployment" in watched.shown(key)


def test_down_is_worse_than_blind(watched):
    function = watched.function("orders", reported=False)
    watched.states.begin(PLACE, {"orders": State(Kind.BLIND, watched.at)})
    watched.deploys_of(function, bare=False)
    function.config["Layers"] = []
    watched.polls()
    watched.runs(OVER)

    (key,) = watched.posted()
    assert "🔴 1 down after a deployment" in watched.shown(key)


def test_a_function_that_was_not_invoked_since_is_no_news(watched):
    function = watched.function("orders")
    watched.deploys_of(function, bare=False)
    watched.polls()
    for _ in range(15):
        watched.runs(1000)

    assert watched.posted() == []
    (deploy,) = watched.all()
    assert deploy.rows[0].due_at is None, "it is not checked for ever"


def test_a_function_that_was_deleted_is_no_news(watched):
    function = watched.function("orders")
    watched.deploys_of(function)
    function.region.functions.pop("orders")
    watched.polls()
    watched.runs(OVER)

    assert watched.posted() == []


def test_events_that_come_twice_and_in_any_order_are_one_message(watched):
    watched.queue.doubled, watched.queue.mixed = 0.5, True
    functions = [watched.function(f"shop-{number}") for number in range(30)]
    for number, function in enumerate(functions):
        watched.deploys_of(function, ago=30 - number)
        watched.deploys_of(function, ago=29 - number)
    watched.polls()
    watched.runs(OVER)

    (key,) = watched.posted()
    (deploy,) = watched.all()
    assert len(deploy.rows) == 30
    assert "🟠 30 not reporting" in watched.newest()
    assert watched.shown(key)


def test_an_event_that_comes_ten_minutes_late_is_an_edit(watched):
    first, late = watched.function("orders"), watched.function("billing")
    watched.deploys_of(first)
    watched.polls()
    watched.runs(OVER)
    (key,) = watched.posted()

    watched.at += timedelta(minutes=10)
    watched.deploys_of(late, ago=660)
    watched.polls()
    watched.runs()

    assert watched.posted() == [key]
    assert "🟠 2 not reporting" in watched.newest()


def test_deployments_of_different_roles_are_different_messages(watched):
    watched.deploys_of(watched.function("orders"))
    watched.deploys_of(watched.function("billing"), maker=makers.role(HOME, "other"))
    watched.polls()
    watched.runs(OVER)

    assert len(watched.posted()) == 2


def test_a_message_whose_event_was_stored_comes_again_to_no_effect(watched):
    """As after a kill between storing and deleting."""
    watched.deploys_of(watched.function("orders"))
    (message,) = watched.queue.messages
    watched.polls()
    watched.runs(OVER)
    before = watched.all()
    watched.queue.send(message.body)
    watched.polls()
    watched.runs(1)

    assert watched.all() == before
    assert len(watched.posted()) == 1


def test_each_channel_hears_of_what_it_watches_and_may_see(watched):
    watched.watch("C2", "bill")
    watched.watch("C3")
    watched.watch("C4", "nothing-")
    watched.hidden_from.add("C3")
    watched.deploys_of(watched.function("orders"), watched.function("billing"))
    watched.polls()
    watched.runs(OVER)

    assert "🟠 2 not reporting" in watched.newest("C1")
    assert "🟠 1 not reporting" in watched.newest("C2")
    assert "orders" not in watched.newest("C2")
    assert watched.posted("C3") == watched.posted("C4") == []


def test_an_account_that_a_channel_may_not_see_any_more_is_not_edited_there(watched):
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.polls()
    watched.runs(OVER)
    watched.hidden_from.add("C1")
    watched.repaired(function, watched.at)
    watched.polls()
    watched.runs(10)

    assert len(watched.posted()) == 1
    assert watched.edits() == []


def test_two_replicas_with_the_same_events_post_one_message(watched):
    """Both poll, and both do what is due, all at the same moment."""
    functions = [watched.function(f"shop-{number}") for number in range(20)]
    watched.queue.doubled = 1.0
    watched.deploys_of(*functions)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: watched.poller.poll(), range(8)))
    watched.polls()
    (deploy,) = watched.all()
    assert len(deploy.rows) == 20
    watched.at += timedelta(seconds=OVER)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            watched.redis.zadd("slsdiag:due", {f"deploy:{deploy.id}": to_ms(now(watched.redis))})
            list(pool.map(watched.work.run, [deploy.id] * 4))
    watched.runs()

    (key,) = watched.posted()
    assert "🟠 20 not reporting" in watched.newest()
    assert key


def test_two_replicas_do_not_begin_the_same_deployment_twice(watched):
    """Both had seen that none is open."""
    watched.deploys_of(watched.function("orders"))
    watched.polls()
    (deploy,) = watched.all()

    assert not watched.deploys.add(replace(deploy, id="another"), [])
    assert watched.deploys.add(replace(deploy, id="another"), [deploy.id])


def test_of_two_deployments_of_a_function_one_reports_it(watched):
    """Even where both were checked at the same moment: the states that one saw have moved."""
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.deploys_of(function, maker=makers.role(HOME, "other"))
    watched.polls()
    first, second = watched.all()
    before = watched.states.stored(PLACE, ["orders"])["orders"]
    broken = {"orders": (before, State(Kind.BLIND, watched.at))}

    assert watched.deploys.save(first, claim=None, moved=Moved(broken))
    assert not watched.deploys.save(second, claim=None, moved=Moved(broken))
    watched.runs(OVER)
    assert watched.posted() == [], "both see that it was known by then"


def test_a_message_is_deleted_only_after_its_event_was_stored(watched, monkeypatch):
    def fails(_):
        raise Crowded("as when the store is away")

    watched.deploys_of(watched.function("orders"))
    watched.queue.visibility = 0
    object.__setattr__(watched.poller, "intake", SimpleNamespace(take=fails))
    with pytest.raises(Crowded):
        watched.poller.poll()
    assert watched.queue.depth == (1, 0)

    watched.poller.intake = watched.intake
    watched.polls()
    assert watched.queue.depth == (0, 0)
    assert len(watched.all()) == 1


def test_an_event_during_the_checks_is_not_lost(watched, monkeypatch):
    first, second = watched.function("orders"), watched.function("billing")
    watched.deploys_of(first)
    watched.polls()
    check = watched.work.check

    def while_another_comes(*given):
        seen = check(*given)
        if len(watched.all()[0].rows) == 1:
            watched.deploys_of(second, ago=OVER)
            watched.polls()
        return seen

    object.__setattr__(watched.work, "check", while_another_comes)
    watched.runs(OVER)

    (deploy,) = watched.all()
    assert {row.name: row.kind for row in deploy.rows} == {
        "orders": Kind.BLIND,
        "billing": Kind.BLIND,
    }
    assert "🟠 2 not reporting" in watched.newest()


def test_what_was_checked_before_a_further_change_says_nothing_of_it(watched):
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.polls()
    check = watched.work.check

    def while_it_changes_again(*given):
        seen = check(*given)
        watched.deploys_of(function, ago=1)
        watched.polls()
        return seen

    object.__setattr__(watched.work, "check", while_it_changes_again)
    watched.at += timedelta(seconds=OVER)
    (deploy,) = watched.all()
    watched.redis.zadd("slsdiag:due", {f"deploy:{deploy.id}": to_ms(now(watched.redis))})
    watched.work.run(deploy.id)

    (row,) = watched.all()[0].rows
    assert row.kind is None
    assert row.due_at > watched.at, "Dashboard has its time once more"
    assert watched.posted() == []


def test_what_the_queue_never_brought_is_caught_up(watched):
    watched.account.trail.delay = timedelta(0)
    watched.queue.lost = 1.0
    watched.deploys_of(watched.function("orders"), ago=5)
    watched.polls()
    assert watched.all() == []

    catches_up(watched)
    assert watched.events.mark(PLACE) == watched.at - catch_up.LATE
    watched.runs(OVER)

    assert "🟠 1 not reporting" in watched.newest()


def test_a_history_that_takes_several_runs_goes_on_where_it_was(watched, monkeypatch):
    """Two pages of one name, and runs that have time for a call or two."""
    watched.account.trail.delay = timedelta(0)
    watched.queue.lost = 1.0
    for number in range(60):
        watched.deploys_of(watched.function(f"f{number}"), ago=5)
    watched.aws.latencies["LookupEvents"] = 0.1
    monkeypatch.setattr(catch_up, "LONGEST", 0.25)
    catches_up(watched)
    assert watched.events.reading(PLACE), "it is not done"
    assert watched.events.mark(PLACE) == watched.at - catch_up.LATE
    for _ in range(100):  # a run that began anew would never come to the end
        catches_up(watched)
        if watched.events.reading(PLACE) is None:
            break
    (deploy,) = watched.all()

    assert watched.events.reading(PLACE) is None

    assert len(deploy.rows) == 60
    assert watched.events.mark(PLACE) == watched.at - catch_up.LATE


def test_the_mark_stays_where_the_history_cannot_be_read(watched):
    watched.at -= timedelta(hours=3)
    catches_up(watched)
    mark = watched.events.mark(PLACE)
    watched.aws.fail("cloudtrail", "LookupEvents")
    watched.at += timedelta(hours=3)
    catches_up(watched)
    assert watched.events.mark(PLACE) == mark

    watched.aws.heal()
    watched.account.trail.delay = timedelta(0)
    watched.queue.lost = 1.0
    watched.deploys_of(watched.function("orders"), ago=1500)
    for _ in range(5):
        catches_up(watched)
    assert watched.events.mark(PLACE) == watched.at - catch_up.LATE
    watched.runs()
    assert "🟠 1 not reporting" in watched.newest()


def test_a_message_that_is_no_event_becomes_a_dead_letter(watched):
    for body in ("{}", "no JSON", json.dumps({"detail-type": bus.CALLS, "detail": {}})):
        watched.queue.send(body)
    watched.queue.visibility = 0
    for _ in range(watched.queue.tries + 1):
        watched.poller.poll()

    assert watched.queue.depth == (0, 0)
    assert watched.queue.dead.depth == (3, 0)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"errorCode": "ResourceConflictException"}, id="failed"),
        pytest.param({"readOnly": True}, id="a read"),
        pytest.param({"recipientAccountId": "999999999999"}, id="another account"),
        pytest.param({"eventName": "PutFunctionConcurrency20171031"}, id="another call"),
        pytest.param({"awsRegion": "eu-nowhere-1"}, id="no region"),
    ],
)
def test_calls_that_change_nothing_of_ours_lead_to_nothing(watched, more):
    function = watched.function("orders")
    event, _ = composed.updated(
        function.config, makers.role(HOME, "deploy"), watched.at, {"layers": []}, **more
    )
    bus.record(watched.account, (event | {"awsRegion": REGION}, ()))
    watched.queue.messages[0].body = watched.queue.messages[0].body.replace(
        json.dumps(event | {"awsRegion": REGION}), json.dumps(event)
    )
    watched.polls()

    assert watched.all() == []
    assert watched.queue.depth == (0, 0)


def test_events_without_a_trail_are_told_without_a_name(watched):
    function = watched.function("orders")
    watched.deploys_of(function)
    watched.queue.messages.clear()
    bus.function_changed(function.region, "orders", watched.at)
    bus.stack_deployed(function.region, "orders-prod", watched.at + timedelta(seconds=20))
    watched.polls()
    watched.runs(OVER)

    assert "Deployed" in watched.newest()
    assert "through CloudFormation, stack orders-prod" in watched.newest()


def test_a_stack_that_is_heard_of_first_is_named(watched):
    """CloudFormation's own event comes in seconds, CloudTrail's of the functions minutes later."""
    function = watched.function("orders")
    bus.stack_deployed(function.region, "orders-prod", watched.at)
    watched.polls()
    role = makers.stack_of(makers.role(HOME, "deploy-prod"))
    watched.deploys_of(function, ago=10, maker=role)
    watched.polls()
    watched.runs(OVER)

    assert len(watched.posted()) == 1
    assert "role deploy-prod (CloudFormation, stack orders-prod)" in watched.newest()


def test_two_stacks_at_once_are_not_guessed_between(watched):
    function = watched.function("orders")
    for stack in ("orders-prod", "billing-prod"):
        bus.stack_deployed(function.region, stack, watched.at)
    role = makers.stack_of(makers.role(HOME, "deploy-prod"))
    watched.deploys_of(function, ago=10, maker=role)
    watched.polls()
    watched.runs(OVER)

    assert "role deploy-prod (CloudFormation)" in watched.newest()


def test_the_call_names_who_made_what_a_state_announced(watched):
    """Lambda's own event comes first, CloudTrail's with the name minutes later."""
    function = watched.function("orders")
    watched.deploys_of(function)
    (call,) = watched.queue.messages
    watched.queue.messages.clear()
    bus.function_changed(function.region, "orders", watched.at)
    watched.polls()
    watched.queue.send(call.body)
    watched.polls()
    watched.runs(OVER)

    assert len(watched.posted()) == 1
    assert "role deploy-prod" in watched.newest()


def test_dashboard_is_not_taken_for_who_deployed(watched):
    """Where its repair is heard of before the calls that it repairs, and only states were before."""
    function, other = watched.function("orders"), watched.function("billing")
    for name in ("orders", "billing"):
        bus.function_changed(function.region, name, watched.at)
    watched.deploys_of(function, other)
    calls = list(watched.queue.messages[2:])
    del watched.queue.messages[2:]
    watched.repaired(function, watched.at + timedelta(seconds=30))
    watched.polls()
    watched.queue.messages += calls
    watched.polls()
    watched.runs(OVER)
    watched.runs(OVER)

    assert len(watched.posted()) == 1
    assert "🟠 1 not reporting" in watched.newest()
    assert "role deploy-prod" in watched.newest()


def test_states_of_two_deployments_at_once_are_not_taken_for_one(watched):
    """Who made each is known later; nobody is named for what somebody else changed."""
    names = [f"shop-{number}" for number in range(6)]
    functions = [watched.function(name) for name in names]
    for function in functions:
        bus.function_changed(function.region, function.name, watched.at)
    watched.polls()
    assert len(watched.all()) == 1
    watched.deploys_of(*functions[:3], maker=makers.role(HOME, "first"))
    watched.deploys_of(*functions[3:], maker=makers.role(HOME, "second"))
    watched.polls()
    watched.runs(OVER)

    shown = {watched.shown(key) for key in watched.posted()}
    named = {
        role: sorted(name for name in names for text in shown if role in text and name in text)
        for role in ("role first", "role second")
    }
    assert named == {"role first": names[:3], "role second": names[3:]}
    assert len(watched.posted()) == 2


def test_a_function_whose_call_was_lost_joins_the_only_deployment_of_its_time(watched):
    functions = [watched.function(f"shop-{number}") for number in range(4)]
    for function in functions:
        bus.function_changed(function.region, function.name, watched.at)
    watched.deploys_of(*functions[:3])
    watched.queue.messages.sort(key=lambda message: bus.CALLS not in message.body)
    for function in functions[3:]:
        watched.deploys_of(function)
        watched.queue.messages.pop()
    watched.polls()
    watched.runs(OVER)

    assert len(watched.posted()) == 1
    assert "🟠 4 not reporting" in watched.newest()
    assert "role deploy-prod" in watched.newest()


def test_a_function_whose_call_was_lost_is_given_to_none_of_two_deployments(watched):
    functions = [watched.function(f"shop-{number}") for number in range(3)]
    for function in functions:
        bus.function_changed(function.region, function.name, watched.at)
    watched.deploys_of(functions[0], maker=makers.role(HOME, "first"))
    watched.deploys_of(functions[1], maker=makers.role(HOME, "second"))
    watched.deploys_of(functions[2])
    watched.queue.messages.pop()
    watched.polls()
    watched.runs(OVER)

    shown = [watched.shown(key) for key in watched.posted()]
    assert len(shown) == 3
    assert [text for text in shown if "shop-2" in text] == [
        text for text in shown if "not known by whom" in text
    ]


def test_nothing_private_is_stored_or_shown(watched):
    watched.deploys_of(watched.function("orders"))
    watched.polls()
    watched.runs(OVER)
    stored = "".join(str(watched.redis.dump(key)) for key in watched.redis.scan_iter("*"))
    held = "".join(
        str(watched.redis.hgetall(key))
        for key in watched.redis.scan_iter("*")
        if watched.redis.type(key) == "hash"
    )

    assert watched.posted()
    assert not [word for word in makers.PRIVATE if word in stored + held + watched.newest()]


def test_what_was_checked_before_makes_room_for_first_checks(watched):
    """They share AWS's rates, and a first check may be news."""
    watched.deploys_of(watched.function("orders"))
    watched.polls()
    watched.runs(OVER)
    watched.at += timedelta(seconds=60)
    watched.deploys_of(watched.function("carts"), ago=OVER, maker=makers.role(HOME, "other"))
    watched.polls()
    first, other = watched.all()
    assert (first.rows[0].name, other.rows[0].name) == ("orders", "carts")
    before = len(watched.aws.calls)
    watched.redis.zadd("slsdiag:due", {f"deploy:{first.id}": to_ms(now(watched.redis))})
    watched.work.run(first.id)

    assert len(watched.aws.calls) == before
    assert watched.all()[0].rows[0].due_at == watched.at + work.YIELD
    assert watched.all()[0].rows[0].tries == 1
    watched.runs()
    watched.runs(work.YIELD.total_seconds())
    assert [deploy.rows[0].tries for deploy in watched.all()] == [2, 1]
