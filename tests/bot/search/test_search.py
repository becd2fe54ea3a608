"""What was typed, among the names that exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.search import ranking as searching
from bot.search.model import Listing
from bot.search.ranking import MOST, catalogue
from bot.target import command, of_command
from checks.function_ref import FunctionRef

AT = datetime(2026, 11, 27, tzinfo=UTC)
WEST = Listing("123456789012", "eu-west-1", ("checkout", "orders", "checkout-api"), AT)
EAST = Listing("999999999999", "us-east-1", ("checkout", "ledger"), AT)


def search(typed, listings, often, **more):
    return searching.search(typed, catalogue(listings), often, **more)


def names(found):
    return [(each.spelled, each.region) for each in found]


@pytest.mark.parametrize("name", ["checkout", "checkout:live", "a_B-9:$LATEST"])
def test_a_command_is_read_back(name):
    named = FunctionRef.of(name, "eu-west-1", "123456789012")

    assert of_command(command(named)) == named


def test_name_in_two_places_is_shown_twice():
    assert names(search("chekout", [WEST, EAST], {}))[:2] == [
        ("checkout", "eu-west-1"),
        ("checkout", "us-east-1"),
    ]


def test_region_that_was_named_binds():
    assert names(search("checkout", [WEST, EAST], {}, region="us-east-1")) == [
        ("checkout", "us-east-1")
    ]


def test_what_was_asked_for_comes_first():
    often = {command(FunctionRef("checkout", None, "us-east-1", "999999999999")): 2.0}

    assert names(search("", [WEST, EAST], often))[0] == ("checkout", "us-east-1")
    assert names(search("check", [WEST, EAST], often))[0] == ("checkout", "us-east-1")


def test_what_was_asked_for_is_found_where_nothing_is_listed():
    live = FunctionRef("checkout", "live", "eu-west-1", "123456789012")
    often = {command(live): 2.0, "nonsense": 3.0}

    assert names(search("live", [], often)) == [("checkout:live", "eu-west-1")]


def test_answer_is_bounded():
    many = replace(WEST, names=tuple(f"f-{n}" for n in range(1000)))

    assert len(search("f", [many], {})) == len(search("", [many], {})) == MOST


def test_what_is_gone_is_not_offered():
    often = {command(FunctionRef("gone", None, "eu-west-1", "123456789012")): 2.0}

    assert search("gone", [WEST], often) == []
    assert names(search("gone", [replace(WEST, whole=False)], often)) == [("gone", "eu-west-1")]
