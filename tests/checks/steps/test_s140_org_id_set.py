"""SLS_ORG_ID is there, absent, empty or no org id; the SDK's own warning is proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import OURS_NODE, YESTERDAY, a_function, a_log, outcome_of, seen
from worlds import a_log_of

from checks.evidence import Expected, Missing, Withheld
from checks.log.sample import Kind
from checks.model import Impact, Verdict

DENIED = Missing("Denied.", "kms:Decrypt")
BARE, REPORTS = a_log_of(["bare"]), a_log_of(["payload"])
WARNED = a_log(seen(Kind.ORG_ID_MISSING), seen(Kind.FINISHED))
UNSET = object()


def tried(value=UNSET, log=BARE, expected=None, environment=None, **changes):
    variables = {} if value is UNSET else {"SLS_ORG_ID": value}
    return outcome_of(
        "org_id_set",
        environment=variables if environment is None else environment,
        log=log,
        expected=Expected(org_id=expected),
        function=a_function(**changes),
    )


@pytest.mark.parametrize(
    ("value", "log", "verdict", "code"),
    [
        ("org-a", BARE, Verdict.OK, ""),
        ("org-a", DENIED, Verdict.OK, ""),
        (UNSET, BARE, Verdict.PROBLEM, "not_set"),
        (UNSET, DENIED, Verdict.PROBLEM, "not_set"),
        ("", BARE, Verdict.PROBLEM, "empty"),
        (Withheld(empty=False), BARE, Verdict.PROBLEM, "not_set"),
        (UNSET, WARNED, Verdict.PROBLEM, "not_set"),
        ("org-a", WARNED, Verdict.PROBLEM, "missing_where_it_runs"),
        ("undefined", WARNED, Verdict.PROBLEM, "missing_where_it_runs"),
        (UNSET, REPORTS, Verdict.OK, ""),
        ("", REPORTS, Verdict.OK, ""),
        ("undefined", REPORTS, Verdict.PROBLEM, "impossible"),
    ],
)
def test_finding_of_each_value(value, log, verdict, code):
    outcome = tried(value, log)

    assert (outcome.verdict, outcome.code) == (verdict, code)
    assert (outcome.impact is Impact.BLIND) == (verdict is Verdict.PROBLEM)


@pytest.mark.parametrize(
    "value",
    ["undefined", "UNDEFINED", "null", "None", "nan", "${env:ORG}", "a${b", " org-a", "org-a "],
)
def test_what_is_no_org_id(value):
    outcome = tried(value)

    assert outcome.code == "impossible"
    assert repr(value) in outcome.saw
    assert "Give SLS_ORG_ID its value" in outcome.actions[0].do


@pytest.mark.parametrize("value", ["undefined-behavior", "nullify", "org a", "$ORG", "0"])
def test_what_may_be_an_org_id(value):
    assert tried(value).verdict is Verdict.OK


def test_warning_from_before_the_change_is_history():
    old = a_log(seen(Kind.ORG_ID_MISSING, YESTERDAY - timedelta(seconds=1)))

    assert tried("org-a", old).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("log", "verdict", "code"),
    [
        (WARNED, Verdict.PROBLEM, "missing_in_log"),
        (BARE, Verdict.UNKNOWN, "not_read"),
        (DENIED, Verdict.UNKNOWN, "not_read"),
    ],
)
def test_log_can_prove_what_the_variables_hide(log, verdict, code):
    outcome = tried(log=log, environment=DENIED)

    assert (outcome.verdict, outcome.code) == (verdict, code)


@pytest.mark.parametrize(
    ("expected", "changes", "commands"),
    [
        ("org-a", {}, 1),
        (None, {}, 0),
        ("org-a", {"qualifier": "live", "version": "7"}, 0),
        ("org-a", {"runtime": "java21"}, 0),
    ],
)
def test_expected_org_is_set_at_once_where_that_is_possible(expected, changes, commands):
    outcome = tried(expected=expected, **changes)
    found = [action.command for action in outcome.actions if action.command]

    assert len(found) == commands
    assert all("org-a" in command for command in found)


def test_version_without_it_is_published_again():
    outcome = tried("org-a", WARNED)

    assert "through your pipeline" in outcome.actions[0].do


def test_value_is_said():
    assert OURS_NODE["SLS_ORG_ID"] in tried(OURS_NODE["SLS_ORG_ID"]).saw
    assert "is empty" in tried("").headline
    assert "is not set" in tried().headline
