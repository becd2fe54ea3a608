"""A scan for CI: which functions fail a build, and which only say that they were there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from xml.etree.ElementTree import fromstring

import pytest

from bot.scan.ci_formats import NAMED, as_annotations, as_junit
from bot.scan.clusters import exit_status
from bot.scan.model import ProblemClass, Scan, Seen, Unreadable

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
FINE = Seen("fine", "eu-west-1", "1", "healthy", exact=True)
NOTED = replace(FINE, name="noted", verdict="notice", headline="Sampled out")
BROKEN = replace(FINE, name="broken", verdict="problem", cause="wrapper_set", headline="Datadog's")
BLIND = replace(BROKEN, name="blind", kind=ProblemClass.BLIND)
DOWN = replace(BROKEN, name="down", kind=ProblemClass.DOWN, impact="down")
QUIET = replace(BROKEN, name="quiet", cause="invoked", kind=ProblemClass.QUIET)
BARE = replace(BROKEN, name="bare", kind=ProblemClass.NOT_INSTRUMENTED)
UNDECIDED = replace(FINE, name="undecided", verdict="undetermined")
WAITING = replace(FINE, name="waiting", verdict="waiting")
UNVERIFIED = replace(FINE, name="unverified", verdict="unverified", exact=False)
EVERY = (FINE, NOTED, BLIND, DOWN, QUIET, BARE, UNDECIDED, WAITING, UNVERIFIED)
DENIED = Unreadable("1", "eu-west-3", "Access was denied.", denied=True)


def ends(scan):
    root = fromstring(as_junit(scan).encode())  # noqa: S314 - our own
    return {case.get("name"): case[0].tag for case in root.iter("testcase")}


def levels(scan):
    return [line.split(" ")[0] for line in as_annotations(scan).split("\n")[:-1]]


def test_how_each_function_ends():
    assert ends(Scan(NOON, EVERY, (DENIED,))) == {
        "fine": "system-out",
        "noted": "system-out",
        "blind": "failure",
        "down": "failure",
        "quiet": "skipped",
        "bare": "skipped",
        "undecided": "error",
        "waiting": "error",
        "unverified": "skipped",
        "every function read": "error",
    }


@pytest.mark.parametrize("unread", [(), (DENIED,)])
@pytest.mark.parametrize("seen", [*combinations(EVERY, 1), *combinations(EVERY, 2)])
def test_a_scan_is_green_exactly_when_the_status_is_0(seen, unread):
    scan = Scan(NOON, seen, unread, places=2)
    status = exit_status(scan)

    assert {"failure", "error"}.isdisjoint(ends(scan).values()) == (status == 0)
    assert ("::error" in levels(scan)) == (status == 1)
    assert {"::error", "::warning"}.isdisjoint(levels(scan)) == (status == 0)


def test_no_function_at_all_is_a_test_that_passed():
    assert ends(Scan(NOON, (), ())) == {"scan": "system-out"}
    assert as_annotations(Scan(NOON, (), ())) == "slsdiag: 0 functions, no problems"


def test_functions_that_share_a_cause_share_an_annotation():
    many = tuple(replace(BLIND, name=f"f{number:02}") for number in range(NAMED + 5))
    first, last = as_annotations(Scan(NOON, many, ())).split("\n")

    assert first.startswith("::error title=Datadog's · 25 functions not reporting::f00, f01, ")
    assert "f19, … 5 more%0A" in first
    assert last == "slsdiag: 25 functions, 1 error"
