"""Where a bare name is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.aws.door import Account
from bot.aws.places import Place, did_you_mean, elsewhere
from bot.aws.rates import Rates
from bot.errors import Ambiguous, NoSuchFunction
from bot.target import Target

HOME, WEST, NORTH = "eu-west-1", "us-west-2", "eu-north-1"
NOW = datetime.now(UTC)


@pytest.fixture
def places(aws, session):
    account = Account(session, Rates(1.0))
    return [Place(account, region) for region in (HOME, WEST, NORTH)]


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
    assert f"in {HOME}, {WEST} ({NORTH} could not be looked at)" in str(nowhere.value)


def test_refusal_hides_a_function_that_may_be_there(aws, places):
    aws.fail("lambda", "GetFunctionConfiguration", region=WEST)

    assert elsewhere(Target("checkout"), places[0], places[1:]).region == WEST


def test_places_that_say_nothing_are_no_places_that_have_it(aws, places):
    for region in (WEST, NORTH):
        aws.fail(
            "lambda", "GetFunctionConfiguration", "ServiceException", region=region, status=500
        )

    with pytest.raises(NoSuchFunction, match="could not be looked at"):
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
def test_suggestion(aws, places, put, target, words, candidates):
    put(HOME)

    error = did_you_mean(NoSuchFunction("There is no function."), places[0], target)

    assert words in str(error)
    assert error.candidates == candidates


def test_names_that_cannot_be_listed_suggest_nothing(aws, places):
    aws.fail("lambda", "ListFunctions")

    assert did_you_mean(NoSuchFunction("None."), places[0], Target("a")).candidates == ()
