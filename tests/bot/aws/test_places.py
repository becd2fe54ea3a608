"""Where a bare name is."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event

import pytest

from bot.aws.client import Account
from bot.aws.locate import WITHIN, Location, did_you_mean, elsewhere
from bot.aws.parallel import Rates
from bot.aws.within import within
from bot.errors import Ambiguous, NoSuchFunction
from bot.regions import REGIONS
from bot.target import Target

HOME, WEST, NORTH = "eu-west-1", "us-west-2", "eu-north-1"
NOW = datetime.now(UTC)


@pytest.fixture
def places(aws, session):
    account = Account(session, Rates(1.0))
    return [Location(account, region) for region in (HOME, WEST, NORTH)]


@pytest.fixture
def put(aws):
    def into(*regions: str, name: str = "checkout") -> None:
        for region in regions:
            aws.account().region(region).function(name, modified_at=NOW)

    return into


def test_the_only_other_place_is_found(places, put):
    put(WEST)

    assert elsewhere(Target("checkout"), places[0], places[1:]).region == WEST


def test_two_others_are_a_question(places, put):
    put(WEST, NORTH)

    with pytest.raises(Ambiguous) as asked:
        elsewhere(Target("checkout"), places[0], places[1:])
    assert asked.value.places == (("123456789012", WEST), ("123456789012", NORTH))


def test_nowhere_names_where_was_looked_and_suggests(aws, places, put):
    put(WEST, name="checkout-api")
    aws.fail("lambda", "GetFunctionConfiguration", "UnrecognizedClientException", region=NORTH)

    with pytest.raises(NoSuchFunction) as nowhere:
        elsewhere(Target("chekout-api"), places[0], places[1:])
    assert nowhere.value.candidates == ("checkout-api",)
    assert f"in {HOME}, {WEST} ({NORTH} could not be read)" in str(nowhere.value)


def test_refusal_hides_a_function_that_may_be_there(aws, places):
    aws.fail("lambda", "GetFunctionConfiguration", region=WEST)

    assert elsewhere(Target("checkout"), places[0], places[1:]).region == WEST


def test_places_that_say_nothing_are_no_places_that_have_it(aws, places):
    for region in (WEST, NORTH):
        aws.fail(
            "lambda", "GetFunctionConfiguration", "ServiceException", region=region, status=500
        )

    with pytest.raises(NoSuchFunction, match="could not be read"):
        elsewhere(Target("checkout"), places[0], places[1:])


def test_two_refusals_are_no_question(aws, places):
    for region in (WEST, NORTH):
        aws.fail("lambda", "GetFunctionConfiguration", region=region)

    assert elsewhere(Target("checkout"), places[0], places[1:]).region == WEST


def test_what_is_there_goes_before_a_refusal(aws, places, put):
    put(NORTH)
    aws.fail("lambda", "GetFunctionConfiguration", region=WEST)

    assert elsewhere(Target("checkout"), places[0], places[1:]).region == NORTH


def test_one_place_by_two_ways_is_one(places, put):
    put(WEST)

    assert elsewhere(Target("checkout"), places[0], [places[1], places[1]]).region == WEST


@pytest.mark.parametrize(
    ("target", "words", "candidates"),
    [
        (Target("chekout"), "Did you mean checkout", ("checkout",)),
        (Target("checkout", "live"), "no such version or alias", ("checkout",)),
        (Target("zzz"), "There is no function", ()),
    ],
)
def test_suggestion(aws, places, put, monkeypatch, target, words, candidates):
    monkeypatch.setattr("bot.aws.locate.WITHIN", 30.0)  # a busy machine lists late
    put(HOME)

    error = did_you_mean(NoSuchFunction("There is no function."), places[0], target)

    assert words in str(error)
    assert error.candidates == candidates


def test_names_that_cannot_be_listed_suggest_nothing(aws, places):
    aws.fail("lambda", "ListFunctions")

    assert did_you_mean(NoSuchFunction("None."), places[0], Target("a")).candidates == ()


class Silent(Account):
    """An account that takes every call and never answers."""

    def call(self, *_, **__):
        Event().wait(60)


@pytest.fixture
def many(aws, places, session):
    """Fifty places, of which the last five never answer."""
    account = places[0].account
    silent = Silent(session, account.rates, "999999999999")
    regions = [each for each in sorted(REGIONS) if each != HOME]
    known = [Location(account, region) for region in regions[-44:]]
    return [*known, *(Location(silent, NORTH) for _ in range(5))]


@pytest.mark.slow
def test_typo_in_many_places_is_answered_within_the_deadline(aws, places, many, put):
    """One after the other the names of fifty places took over a minute, and a lease lapses at 140 s."""
    aws.latency = 1.0
    put(WEST, name="checkout-api")
    began = time.monotonic()
    with pytest.raises(NoSuchFunction) as nowhere:
        elsewhere(Target("chekout-api"), places[0], many)

    assert time.monotonic() - began < 2 * WITHIN + 5
    assert nowhere.value.candidates == ("checkout-api",)
    assert f"{NORTH} could not be read" in str(nowhere.value)


def test_places_whose_names_come_late_are_said(places, session):
    silent = Location(Silent(session, places[0].account.rates), NORTH)
    error = did_you_mean(NoSuchFunction("There is no function."), silent, Target("checkot"))

    assert f"The names of {NORTH} could not be listed in time." in str(error)


def test_names_that_are_stored_are_not_listed(aws, places):
    stored = {HOME: ("checkout-api",), WEST: ("billing",)}
    with pytest.raises(NoSuchFunction, match="Did you mean checkout-api"):
        elsewhere(
            Target("chekout-api"), places[0], places[1:], lambda place: stored.get(place.region)
        )

    assert {c.region for c in aws.calls if c.operation == "ListFunctions"} == {NORTH}


def test_stored_name_alone_does_not_prove_that_the_function_is_there(aws, places):
    known = did_you_mean(
        NoSuchFunction("None."), places[0], Target("checkout", "live"), lambda _: ("checkout",)
    )

    assert "no such version" not in str(known)


def test_what_nobody_foresaw_is_raised(places):
    with pytest.raises(ZeroDivisionError):
        within(5, [lambda: 1, lambda: 1 // 0])
    assert within(5, [lambda: 1, lambda: 2]) == [1, 2]
    assert within(5, []) == []
