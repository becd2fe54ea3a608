"""How many functions report, of those that should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.organization import Unit
from bot.scan.coverage import as_json, coverage, sentence
from bot.scan.model import UNVERIFIED, ProblemClass, Seen

WELL = Seen("f", "eu-west-1", "1", "healthy", invoked=7, exact=True, runtime="nodejs22.x")
NOTE = replace(WELL, verdict="notice")
PARTLY = replace(WELL, verdict="notice", impact="partial")
BLIND = replace(WELL, verdict="problem", cause="wrapper_set", kind=ProblemClass.BLIND)
DOWN = replace(BLIND, kind=ProblemClass.DOWN, runtime=None)
UNSEEN = replace(WELL, verdict=UNVERIFIED, exact=False)
UNCLEAR = replace(WELL, verdict="undetermined")
IDLE = replace(WELL, invoked=0)
QUIET = replace(BLIND, kind=ProblemClass.QUIET)
BARE = replace(BLIND, kind=ProblemClass.NOT_INSTRUMENTED)


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (WELL, (1, 0, 1)),
        (NOTE, (1, 0, 1)),
        (PARTLY, (0, 0, 1)),
        (BLIND, (0, 0, 1)),
        (DOWN, (0, 0, 1)),
        (UNSEEN, (0, 1, 1)),
        (UNCLEAR, (0, 1, 1)),
        (IDLE, (0, 0, 0)),
        (QUIET, (0, 0, 0)),
        (BARE, (0, 0, 0)),
    ],
)
def test_who_counts(function, numbers):
    counted = coverage([function])

    assert (counted.reporting, counted.unverified, counted.of) == numbers


def test_share_is_said_only_where_all_were_verified():
    assert sentence([WELL] * 1_988 + [BLIND] * 12) == "Reporting: 1,988 of 2,000 (99.4 %)."
    assert sentence([WELL, BLIND, UNSEEN, UNCLEAR]) == "Reporting: 1 of 4, 2 not verified."
    assert sentence([IDLE]) == ""


def test_each_account_and_runtime_has_its_own_numbers():
    document = as_json([WELL, replace(BLIND, account="2"), DOWN, IDLE])

    assert {name: document[name] for name in ("reporting", "unverified", "of")} == {
        "reporting": 1,
        "unverified": 0,
        "of": 3,
    }
    assert document["by"]["account"] == [
        {"name": "1", "reporting": 1, "unverified": 0, "of": 2},
        {"name": "2", "reporting": 0, "unverified": 0, "of": 1},
    ]
    assert [(group["name"], group["of"]) for group in document["by"]["runtime"]] == [
        ("container image", 1),
        ("nodejs22.x", 2),
    ]
    assert document["by"]["owner"] == document["by"]["ou"] == []


def test_owner_counts_where_tags_were_read():
    document = as_json([replace(WELL, owner="shop"), replace(BLIND, owner="shop"), WELL])

    assert document["by"]["owner"] == [
        {"name": "shop", "reporting": 1, "unverified": 0, "of": 2},
        {"name": None, "reporting": 1, "unverified": 0, "of": 1},
    ]


def test_unit_counts_for_accounts_of_an_organization():
    units = {
        "1": Unit("ou-1", "Workloads / Production"),
        "3": Unit("ou-1", "Workloads / Production"),
    }
    document = as_json([WELL, BLIND, replace(WELL, account="2")], units)

    assert document["by"]["ou"] == [
        {"name": "ou-1", "path": "Workloads / Production", "reporting": 1, "unverified": 0, "of": 2}
    ]
