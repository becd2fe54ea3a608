"""What people type, and how it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.target import Target, Unsure, near, parse

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:checkout"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("checkout", Target("checkout")),
        (" `checkout` ", Target("checkout")),
        ("“checkout”", Target("checkout")),
        ("checkout:live", Target("checkout", "live")),
        ("checkout:7", Target("checkout", "7")),
        ("checkout:$LATEST", Target("checkout", "$LATEST")),
        ("function:status", Target("status")),
        ("function:status:7", Target("status", "7")),
        (ARN, Target("checkout", None, "eu-west-1", "123456789012")),
        (f"{ARN}:live", Target("checkout", "live", "eu-west-1", "123456789012")),
        ("123456789012:function:checkout", Target("checkout", None, None, "123456789012")),
    ],
)
def test_target_is_understood(text, target):
    assert parse(text) == target


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No function was named"),
        ("a b", "'a b'"),
        ("x" * 65, "64"),
        ("arn:aws:s3:::bucket", "not the ARN"),
        ("<!channel>", "a link or a mention"),
        ("<@U123|bob>", "a link or a mention"),
        ("a\x1b[31mb", "·"),
    ],
)
def test_refusal_names_the_part(text, words):
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefghij",
        "sk-live-abcdefgh12345678",
        "ghp_abcdefghijklmnopqrst",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY0",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_secret_is_refused_and_not_repeated(secret):
    with pytest.raises(UsageError) as refused:
        parse(secret)
    assert secret not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "/aws/lambda/checkout",
        "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout",
    ],
)
def test_what_may_mean_a_function_is_asked(text):
    with pytest.raises(Unsure) as asked:
        parse(text)
    assert asked.value.candidates == ("checkout",)


@pytest.mark.parametrize(
    ("given_beside", "words"),
    [({"region": "us-east-1"}, "us-east-1"), ({"account": "999999999999"}, "999999999999")],
)
def test_contradiction_names_both(given_beside, words):
    with pytest.raises(UsageError) as refused:
        parse(ARN, **given_beside)
    assert words in str(refused.value)
    assert "123456789012" in str(refused.value) or "eu-west-1" in str(refused.value)


@pytest.mark.parametrize("region", ["us-east-1.evil", "mars-1", "EU-WEST-1", "169.254.169.254"])
def test_region_is_checked(region):
    with pytest.raises(UsageError):
        parse("checkout", region=region)


def test_near_names_come_first():
    assert near("chekout", ["orders", "checkout", "cart"]) == ("checkout",)


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_one_sentence(text):
    try:
        parse(text)
    except UsageError as error:
        told = str(error)
        assert "\n" not in told
        assert "<!" not in told
        assert all(character.isprintable() for character in told)
