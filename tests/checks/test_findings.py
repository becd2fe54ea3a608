"""Every finding is a value: a code of its step's, a short headline, actions that can be done."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from planted import PLANTED
from situations import NOON, a_function, a_log, a_stack, evidence

from checks.account_actions import EVERY_FUNCTION
from checks.commands import invoke, remove_variable, set_variable
from checks.evidence import StackElsewhere
from checks.model import NOT_READ, Action, Page, Verdict
from checks.report import as_json, spelled
from checks.runbook import RUNBOOK, walk

QUIET = {Verdict.OK, Verdict.SKIPPED}
SITUATIONS = [case.values[0] for case in PLANTED]
CODES = {step.slug: {*step.codes, NOT_READ} for step in RUNBOOK}


def lines():
    for changes in SITUATIONS:
        yield from walk(evidence(**changes)).steps


def test_what_is_not_ok_has_a_code_of_its_step_and_a_headline():
    for line in lines():
        if line.outcome in QUIET:
            assert (line.code, line.headline) == ("", None)
        else:
            assert line.code in CODES[line.step], line
            assert line.headline
            assert len(line.headline) <= 60, line.headline
            assert not any("_" in slug and slug in line.headline for slug in CODES)


def test_every_problem_has_actions_and_they_make_the_remedy():
    for line in lines():
        if line.outcome is Verdict.PROBLEM:
            assert line.actions, line
            assert all(action.sentence in line.remedy for action in line.actions)


def test_actions_are_imperative_without_a_full_stop():
    for line in lines():
        for action in line.actions:
            assert action.do[0].isupper()
            assert not action.do.endswith(".")


def test_relief_comes_first_and_only_where_the_function_is_down():
    for changes in SITUATIONS:
        report = walk(evidence(**changes))
        relieving = [
            (line, number)
            for line in report.steps
            for number, action in enumerate(line.actions)
            if action.relief
        ]
        assert all(number == 0 for _, number in relieving)
        if report.impact == "down":
            assert relieving
            assert report.headline == relieving[0][0].headline


def test_report_has_the_headline_of_its_cause():
    for changes in SITUATIONS:
        report = walk(evidence(**changes))
        if report.cause and report.impact != "down":
            assert report.headline == report.line(report.cause).headline
        assert (report.headline is None) == (report.verdict == "healthy")


def test_json_holds_the_actions_with_their_links():
    steps = as_json(walk(evidence(environment={}, log=a_log())))["steps"]
    actions = next(each for each in steps if each["step"] == "wrapper_set")["actions"]

    assert list(actions[0]) == ["do", "command", "link", "relief", "caution"]
    assert actions[0]["link"]["url"].startswith("https://")


def test_json_says_until_when_a_step_waits():
    steps = as_json(walk(evidence(stack=a_stack(created_at=NOON - timedelta(minutes=4)))))["steps"]

    assert {each["until"] for each in steps} == {None, "2026-11-23T12:06:00Z"}


@pytest.mark.parametrize("command", [set_variable, remove_variable])
def test_command_for_a_variable_reads_changes_and_writes_under_the_revision(command):
    text = command(a_function(), "SLS_ORG_ID", *(["x"] if command is set_variable else []))

    assert text.startswith(
        "aws lambda get-function-configuration --function-name arn:aws:lambda:eu-west-1:1"
    )
    assert "RevisionId" in text
    assert "if .Environment.Error then error(" in text
    assert text.endswith("--cli-input-json file:///dev/stdin --query LastUpdateStatus")


def test_frozen_version_has_no_command_for_a_variable():
    frozen = a_function(qualifier="live", version="7")

    assert set_variable(frozen, "SLS_ORG_ID", "x") is None
    assert "--qualifier live" in invoke(frozen)


def test_frozen_version_is_never_told_to_use_the_toggle():
    for changes in SITUATIONS:
        function = changes.get("function", a_function())
        frozen = a_function(
            **{name: getattr(function, name) for name in ("runtime", "layers", "handler", "error")},
            qualifier="live",
            version="7",
        )
        report = walk(evidence(**{**changes, "function": frozen}))
        said = " ".join(line.remedy or "" for line in report.steps)
        assert "Turn Instrument o" not in said
        for action in (action for line in report.steps for action in line.actions):
            assert "update-function-configuration" not in (action.command or "")
            assert action.page is not Page.VARIABLES


def test_what_affects_the_whole_account_says_so_first_and_once():
    found = {action for line in lines() for action in line.actions}
    whole = {action for action in found if action.do.startswith(EVERY_FUNCTION)}

    assert whole
    assert all(spelled((action,)).lower().count("every function") == 1 for action in whole)
    assert not [x for x in found - whole if "integration and add" in x.do or "the stack" in x.do]


def test_what_takes_the_integration_away_says_what_that_costs():
    found = {action for line in lines() for action in line.actions}
    away = {
        x for x in found if re.search(r"remove this .*integration|delete the stack [A-Z]", x.do)
    }

    assert {bool(re.search("remove this", action.do)) for action in away} == {True, False}
    assert all(action.caution for action in away)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "Do it."),
        ({"caution": "mind"}, "Do it (mind)."),
        ({"command": "aws x"}, "Do it: aws x"),
        ({"caution": "mind", "command": "aws x"}, "Do it (mind): aws x"),
    ],
)
def test_action_is_spelled_with_its_caution_and_command(more, text):
    assert spelled((Action("Do it", **more),)) == text
    assert spelled((Action("Do it", **more), Action("Look"))) == f"{text} Look."
    assert spelled(()) is None


def test_way_through_dashboard_is_spelled():
    toggles = {
        action for line in lines() for action in line.actions if " Instrument o" in action.do
    }

    assert toggles
    assert all(
        x.sentence.endswith("Dashboard › Settings › Integrations › Edit › checkout › Instrument")
        for x in toggles
    )
    assert all(action.page is Page.DASHBOARD for action in toggles)


def test_stack_elsewhere_is_deleted_where_it_is():
    report = walk(evidence(stack=StackElsewhere("eu-west-1", "CREATE_COMPLETE"), role=None))
    found = report.line("integration_stack_in_us_east_1").actions[0]

    assert "region=eu-west-1#" in report.place(found).url


@pytest.mark.parametrize(
    ("runtime", "day", "blocked"),
    [
        ("nodejs12.x", date(2026, 11, 29), True),
        ("nodejs16.x", date(2027, 3, 2), False),
        ("nodejs16.x", date(2027, 3, 3), True),
        ("python3.12", date(2027, 3, 3), False),
    ],
)
def test_runtime_that_aws_no_longer_updates_comes_before_the_toggle(runtime, day, blocked):
    old = a_function(runtime=runtime, layers=(), read_on=day)
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    report = walk(evidence(function=old, environment={}, filters=(), now=now, log=a_log()))
    actions = [line.actions for line in report.steps if "Turn Instrument o" in (line.remedy or "")]

    assert actions
    assert all(("AWS still updates" in found[0].do) == blocked for found in actions)
    assert (report.cause == "runtime_supported") == blocked


def test_deprecated_runtime_is_told_with_its_year_while_all_is_well():
    line = walk(evidence(function=a_function(runtime="nodejs20.x"))).line("runtime_supported")

    assert (line.outcome, "2026" in line.saw) == (Verdict.OK, True)
