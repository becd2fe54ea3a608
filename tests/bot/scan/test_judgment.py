"""The class of a problem, and headlines that many functions share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from situations import OURS_NODE, a_function, evidence

from bot.scan.judgment import judged, kind_of, nameless
from bot.scan.model import ProblemClass
from checks.runbook import walk


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (None, None),
        ("SDK layer missing", "SDK layer missing"),
        ("Nobody invoked orders", "Nobody invoked the function"),
        ("Nobody invoked orders-new", "Nobody invoked orders-new"),
        ("reorders is missing", "reorders is missing"),
    ],
)
def test_a_headline_without_the_functions_name(headline, expected):
    assert nameless(headline, "orders") == expected


def kind(**changes):
    found = replace(evidence(), **changes)
    return kind_of(walk(found), found)


QUIET = replace(evidence().log, sightings=())
BARE = {"environment": {}, "function": a_function(layers=())}


def test_healthy_has_no_class():
    assert kind() is None


def test_what_stops_the_function_is_down():
    wrapped = {"environment": OURS_NODE, "function": a_function(layers=())}

    assert kind(**wrapped, log=QUIET) is ProblemClass.DOWN


def test_nothing_of_the_sdk_is_not_instrumented():
    assert kind(**BARE, filters=(), log=QUIET) is ProblemClass.NOT_INSTRUMENTED


def test_our_filter_shows_that_it_was_instrumented():
    assert kind(**BARE, log=QUIET) is ProblemClass.BLIND


def test_the_first_tier_leaves_to_the_second_what_dashboard_may_still_repair():
    now = evidence().now
    just = replace(evidence(), **BARE)
    just = replace(just, function=replace(just.function, modified_at=now))

    assert judged(just, forwards=True).verdict == "undetermined"
