"""What the demo's visitor does to the account is what a look at it then finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import REGION, demo
from bot.playground.page.changes import ACCOUNT_CHANGES, DEPLOYMENTS, FUNCTION_CHANGES, bed_of
from bot.playground.page.console import Console
from bot.target import Target
from checks.model import Symptom

pytestmark = pytest.mark.slow

BROKEN = {
    "take_wrapper": ("problem", "wrapper_set"),
    "delete_layer": ("problem", "layer_attached"),
    "remove_org": ("problem", "org_id_set"),
    "fill_filters": ("problem", "subscription_filter_to_spare"),
    "delete_stack": ("problem", "integration_stack_exists"),
    "young": ("waiting", "ten_minutes_passed"),
    "old_soon": ("waiting", "ten_minutes_passed"),
    "deny_logs": ("undetermined", None),
    "deploy": ("waiting", "function_instrumented"),
}


@pytest.fixture
def console(aws):
    demo(aws.account())
    return Console(aws)


def found(function):
    report = function_check(Target.of(function)).report(Symptom.BOTH)
    return report.verdict, report.cause


@pytest.mark.parametrize(("change", "expected"), BROKEN.items(), ids=BROKEN)
def test_what_is_broken_is_found_and_fixed(console, change, expected):
    console.change(change, "checkout")
    assert found("checkout") == expected
    console.change("fix_all", None)

    assert found("checkout") == ("healthy", None)


def test_every_change_is_tried_here():
    harmless = {"fix", "invoke", "fix_all", "slow", "undo", "repairs", "trail"}
    changes = DEPLOYMENTS.keys() | FUNCTION_CHANGES.keys() | ACCOUNT_CHANGES.keys()

    assert BROKEN.keys() | harmless == changes


def test_a_deploy_is_undone(console):
    assert "slsdiag hears of it" in console.change("deploy", "checkout")
    assert "did not report before" in console.change("deploy", "checkout")
    console.change("undo", "checkout")

    assert found("checkout") == ("healthy", None)


def test_a_deploy_of_which_dashboard_does_not_hear_is_not_waited_for(console):
    assert "stopped" in console.change("trail", None)
    console.change("deploy", "checkout")
    assert found("checkout") == ("problem", "function_instrumented")
    assert "logging again" in console.change("trail", None)

    assert found("checkout") == ("waiting", "function_instrumented")


def test_dashboard_repairs_late_in_time_or_never(console):
    assert "after 25 seconds now, after slsdiag spoke" in console.change("repairs", None)
    assert console.shown()["repairs_after"] == 25
    assert "after 7 seconds now, so slsdiag says nothing" in console.change("repairs", None)
    assert "no deploy any more" in console.change("repairs", None)
    assert console.shown()["repairs_after"] is None


def test_a_fix_is_proved_by_an_invocation_alone(console):
    assert "no telemetry payload" in console.change("invoke", "orders")
    console.change("take_wrapper", "checkout")
    console.change("fix", "checkout")
    assert found("checkout")[0] == "undetermined"
    console.change("invoke", "checkout")

    assert found("checkout") == ("healthy", None)


def test_everything_fixed_is_healthy(console, aws):
    console.change("slow", None)
    console.change("fix_all", None)

    for name in aws.account().region(REGION).functions:
        assert found(name) == ("healthy", None), name


def test_the_stack_grows_older_and_no_clock_moves(console, aws):
    def age():
        stacks = aws.account().region("us-east-1").stacks
        assert len(stacks) == 1
        return datetime.now(UTC) - stacks[0].created_at

    console.change("young", None)
    assert timedelta(0) <= age() - timedelta(minutes=6) < timedelta(seconds=5)
    console.change("old_soon", None)
    assert timedelta(0) <= age() - timedelta(minutes=9, seconds=50) < timedelta(seconds=5)


def test_what_is_not_there_cannot_be_changed(console):
    for change, function in (("fly", "checkout"), ("fix", "nobody"), ("fix", None)):
        with pytest.raises(LookupError):
            console.change(change, function)


def test_the_console_shows_what_is_set(console, aws):
    console.change("delete_layer", "orders")
    orders = next(each for each in console.shown()["functions"] if each["name"] == "orders")

    assert orders["layers"] == []
    assert orders["wrapper"] == "/opt/datadog_wrapper"
    assert (orders["filters"], orders["ours"]) == (1, True)
    assert bed_of(aws, "orders").name == "orders"
