"""What is recommended is possible for the function at hand: runtime, version, frozen or not."""

from __future__ import annotations

from datetime import date

import pytest
from situations import a_function

from checks import actions, variable_actions
from checks.model import Page

FROZEN = {"qualifier": "live", "version": "7"}
BLOCKED = {"runtime": "nodejs16.x", "read_on": date(2027, 3, 3)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at_the_edge": True}, "CloudFront"),
        ({"runtime": None}, "zip"),
        ({"runtime": "java21"}, "Use a supported runtime"),
        ({"runtime": "python3.6"}, "Use a supported runtime"),
        ({"runtime": "python3.13"}, "python3.12 or python3.11"),
        ({"runtime": "python3.13", "managed_instances": True}, "Managed instances need"),
        ({"runtime": "python3.13", "durable": True}, "Durable functions need"),
    ],
)
def test_function_that_the_sdk_cannot_be_put_on_is_changed_first(changes, words):
    function = a_function(**changes)
    first = actions.make_supported(function)

    assert words in first.do
    assert actions.turn_on(function) == (first,)
    assert actions.turn_off_and_on(function) == (first,)
    assert first.undoes == (("runtime_supported",) if changes.get("runtime", 1) is None else ())


@pytest.mark.parametrize("runtime", ["nodejs20.x", "python3.12"])
def test_toggle_is_offered_where_it_works(runtime):
    function = a_function(runtime=runtime)
    (on,) = actions.turn_on(function)
    (again,) = actions.turn_off_and_on(function, "x")

    assert actions.make_supported(function) is None
    for toggle in (on, again):
        assert (toggle.page, toggle.instruments) == (Page.DASHBOARD, True)
        assert toggle.way.endswith("› checkout › Instrument")
    assert "observability: false" in on.caution
    assert again.caution == "x"


def test_runtime_that_aws_no_longer_updates_comes_before_the_toggle():
    first, toggle = actions.turn_on(a_function(**BLOCKED))

    assert "nodejs16.x" in first.do
    assert (first.page, toggle.instruments) == (Page.CODE, True)


def test_version_is_published_again():
    function = a_function(**FROZEN)
    (again,) = actions.turn_on(function)

    assert again == actions.publish_again(function)
    assert (again.page, again.caution) == (Page.VERSIONS, actions.SHIPS_LATEST)
    assert actions.turn_off(function) == ()


def test_toggle_off_takes_the_instrumentation_away():
    (off,) = actions.turn_off(a_function())

    assert off.undoes == actions.INSTRUMENTATION
    assert (off.page, off.instruments) == (Page.DASHBOARD, False)
    assert off.way.endswith("› checkout › Instrument")


@pytest.mark.parametrize(
    "made",
    [
        variable_actions.remove_wrapper,
        lambda function: variable_actions.correct_wrapper(function, "/opt/x"),
    ],
)
def test_relief_of_a_wrapper_comes_now(made):
    latest, version = made(a_function()), made(a_function(**FROZEN))

    assert (latest.relief, version.relief) == (True, True)
    assert (latest.page, version.page) == (Page.VARIABLES, Page.VERSIONS)
    assert "update-function-configuration" in latest.command
    assert "list-versions-by-function" in version.command
    assert latest.caution
    assert version.caution
    assert "checkout:live" in version.do


def test_wrapper_that_is_removed_is_no_longer_set():
    assert variable_actions.remove_wrapper(a_function()).undoes == ("wrapper_set",)
    assert "/opt/x" in variable_actions.correct_wrapper(a_function(), "/opt/x").do


@pytest.mark.parametrize(
    "made",
    [lambda function: variable_actions.set_value(function, "A", "b"), variable_actions.debug],
)
def test_variable_of_a_version_is_set_in_the_next_one(made):
    latest, version = made(a_function()), made(a_function(**FROZEN))

    assert latest.page is Page.VARIABLES
    assert "update-function-configuration" in latest.command
    assert latest.caution
    assert (version.page, version.command) == (Page.VERSIONS, None)
    assert version.caution == actions.SHIPS_LATEST
    assert version.do.startswith(latest.do[:3]) or "SLS_SDK_DEBUG" in version.do


def test_test_event_runs_the_code_and_support_is_in_dashboard():
    once = actions.invoke_once(a_function())

    assert (once.page, once.caution) == (Page.CODE, "it runs your code")
    assert once.command.startswith("aws lambda invoke --function-name ")
    assert actions.ask_support("x").page is Page.DASHBOARD
    assert actions.deploy_again(a_function()).page is Page.CODE
    for change in (actions.log_to_standard_class(), actions.change_in_code("Do it")):
        assert change.do.endswith(f"in {actions.IN_CODE}, then deploy")


@pytest.mark.parametrize(
    ("runtime", "there", "elsewhere"),
    [("nodejs16.x", "nodejs24.x", "python3.12"), ("python3.9", "python3.12", "nodejs24.x")],
)
def test_runtime_to_move_to_is_of_the_same_language(runtime, there, elsewhere):
    said = actions.move_to_supported(a_function(runtime=runtime)).do

    assert (there in said, elsewhere in said) == (True, False)


@pytest.mark.parametrize(
    "made",
    [
        variable_actions.remove_wrapper,
        lambda function: variable_actions.correct_wrapper(function, "/opt/x"),
        lambda function: variable_actions.set_value(function, "A", "b"),
        variable_actions.debug,
    ],
)
def test_variable_is_changed_with_the_runtime_where_aws_refuses_every_update(made):
    usual, blocked = made(a_function()), made(a_function(**BLOCKED))

    assert (blocked.command, blocked.relief) == (None, usual.relief)
    assert blocked.do.startswith(usual.do)
    assert "and use a runtime that AWS still updates (nodejs22.x or nodejs24.x)" in blocked.do


def test_version_of_such_a_function_is_published_after_the_move():
    move, again = actions.turn_on(a_function(**FROZEN, **BLOCKED))

    assert move == actions.move_to_supported(a_function(**BLOCKED))
    assert again == actions.publish_again(a_function(**FROZEN))


@pytest.mark.parametrize(
    ("changes", "debugs"),
    [
        ({"runtime": "java21"}, False),
        ({"runtime": "python3.13"}, False),
        ({"at_the_edge": True}, False),
        ({"runtime": None}, True),
        ({"runtime": "python3.12"}, True),
    ],
)
def test_only_an_sdk_that_can_be_there_is_asked_to_say_how_far_it_comes(changes, debugs):
    assert ("SLS_SDK_DEBUG" in variable_actions.debug(a_function(**changes)).do) is debugs


@pytest.mark.parametrize(
    ("changes", "can"),
    [({}, True), ({"durable": True}, False), ({"durable": True, **FROZEN}, True)],
)
def test_durable_function_is_invoked_by_a_version_only(changes, can):
    assert bool(actions.invoke_once(a_function(**changes)).command) is can
