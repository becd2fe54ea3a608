"""The parts of a target alone: what stands beside it, what a command spells, what may begin a name."""

from __future__ import annotations

import pytest

from bot.errors import UsageError
from bot.target import (
    Target,
    Unsure,
    checked_prefix,
    checked_region,
    command,
    of_command,
    parse,
)
from bot.target.model import asking
from checks.function_ref import FunctionRef

NUMBER = "123456789012"
ARN = f"arn:aws:lambda:eu-west-1:{NUMBER}:function:checkout"
PARTIAL = f"{NUMBER}:function:checkout"


@pytest.mark.parametrize(
    ("text", "beside", "target"),
    [
        (ARN, {}, Target("checkout", None, "eu-west-1", NUMBER)),
        (ARN, {"region": "eu-west-1"}, Target("checkout", None, "eu-west-1", NUMBER)),
        (ARN, {"account": NUMBER}, Target("checkout", None, "eu-west-1", NUMBER)),
        (ARN, {"account": "prod"}, Target("checkout", None, "eu-west-1", NUMBER, "prod")),
        (PARTIAL, {}, Target("checkout", None, None, NUMBER)),
        (PARTIAL, {"region": "us-east-1"}, Target("checkout", None, "us-east-1", NUMBER)),
        (PARTIAL, {"account": "prod"}, Target("checkout", None, None, NUMBER, "prod")),
        ("checkout", {"account": "prod"}, Target("checkout", None, None, "prod")),
        ("checkout --account prod", {}, Target("checkout", None, None, "prod")),
        ("checkout --account=prod", {"account": "prod"}, Target("checkout", None, None, "prod")),
        ("--region us-east-1 checkout", {}, Target("checkout", None, "us-east-1")),
        ("checkout us-east-1", {}, Target("checkout", None, "us-east-1")),
        ("checkout us-east-1", {"region": "us-east-1"}, Target("checkout", None, "us-east-1")),
    ],
)
def test_what_stands_beside_a_target_is_part_of_it(text, beside, target):
    assert parse(text, **beside) == target


@pytest.mark.parametrize(
    ("text", "beside", "parts"),
    [
        (ARN, {"region": "us-east-1"}, ["the region eu-west-1", "us-east-1"]),
        (ARN, {"account": "999999999999"}, [f"the account {NUMBER}", "999999999999"]),
        (PARTIAL, {"account": "999999999999"}, [f"the account {NUMBER}", "999999999999"]),
        (PARTIAL, {"region": "mars-1"}, ["mars-1", "not an AWS region"]),
        (f"arn:aws:lambda:mars-1:{NUMBER}:function:a", {}, ["mars-1", "not an AWS region"]),
        (f"arn:aws-cn:lambda:eu-west-1:{NUMBER}:function:a", {}, ["eu-west-1", "aws-cn"]),
        ("a us-east-1", {"region": "eu-west-1"}, ["Two regions", "us-east-1", "eu-west-1"]),
        ("a --account x", {"account": "y"}, ["Two accounts", "x", "y"]),
        ("a --account", {}, ["--account wants"]),
        ("a --region=", {}, ["--region wants"]),
        ("a --verbose", {}, ["--verbose", "not known here"]),
        ("a eu-wset-1", {}, ["eu-wset-1", "Did you mean eu-west-1?"]),
        ("a.", {"region": "mars-1"}, ["mars-1"]),
    ],
)
def test_refusal_names_the_parts_that_do_not_fit(text, beside, parts):
    with pytest.raises(UsageError) as refused:
        parse(text, **beside)

    assert type(refused.value) is UsageError
    assert all(part in str(refused.value) for part in parts), str(refused.value)


def test_length_of_a_text_is_bounded():
    with pytest.raises(UsageError, match="too long"):
        parse("x" * 4001)
    with pytest.raises(UsageError) as refused:
        parse("x" * 4000)
    assert "too long to be a function" not in str(refused.value)


@pytest.mark.parametrize("region", [None, "eu-west-1", "us-gov-west-1"])
def test_region_of_aws_is_taken(region):
    checked_region(region)


def test_region_that_resembles_none_has_an_example():
    with pytest.raises(UsageError, match=r"One is eu-west-1\."):
        checked_region("xxxxxxxx")
    with pytest.raises(UsageError, match=r"Did you mean us-east-1\?$"):
        checked_region("us-esat-1")


@pytest.mark.parametrize("prefix", ["", "a", "My_fn-1", "x" * 64])
def test_what_may_begin_a_name(prefix):
    assert checked_prefix(prefix) == checked_prefix(f"{prefix}*") == prefix


@pytest.mark.parametrize("prefix", ["a b", "x" * 65, "é", "ghp_abcdefghijklmnopqrst", "a**", "*a"])
def test_what_may_not(prefix):
    with pytest.raises(UsageError):
        checked_prefix(prefix)


@pytest.mark.parametrize(
    ("function", "spelled"),
    [
        (FunctionRef("a"), "function:a"),
        (FunctionRef("a", "live"), "function:a:live"),
        (FunctionRef("a", None, "eu-west-1"), "function:a eu-west-1"),
        (FunctionRef("a", None, None, NUMBER), f"function:a --account {NUMBER}"),
        (
            FunctionRef("a", "live", "eu-west-1", NUMBER),
            f"function:a:live eu-west-1 --account {NUMBER}",
        ),
    ],
)
def test_command_names_the_function_and_its_place(function, spelled):
    assert command(function) == spelled
    whole = function.region and function.account
    assert of_command(spelled) == (function if whole else None)


def test_question_names_the_one_function_or_leaves_the_choice():
    one = asking("That is a link.", [FunctionRef("a", "live", "eu-west-1", NUMBER)])
    two = asking("That is a link.", [FunctionRef("a"), FunctionRef("b")])

    assert isinstance(one, Unsure)
    assert str(one) == (
        f"That is a link. Did you mean the function a:live in eu-west-1 of account {NUMBER}?"
    )
    assert str(asking("X.", [FunctionRef("a")])) == "X. Did you mean the function a?"
    assert str(two) == "That is a link. Did you mean one of these?"
    assert two.candidates == (FunctionRef("a"), FunctionRef("b"))


def test_what_is_beside_a_question_holds_for_its_candidates():
    with pytest.raises(Unsure) as plain:
        parse("(checkout)", region="eu-west-1", account="prod")
    link = "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/a"
    with pytest.raises(Unsure) as placed:
        parse(link, account="prod")

    assert plain.value.candidates == (FunctionRef("checkout", None, "eu-west-1", "prod"),)
    assert placed.value.candidates == (FunctionRef("a", None, "us-east-1", "prod"),)
