"""What people type, and how it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.target import Target, Unsure, parse

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
        (
            "sam-app-HelloWorldFunction-1TY92IBX0BXTP",
            Target("sam-app-HelloWorldFunction-1TY92IBX0BXTP"),
        ),
        (
            "MyStack-ProcessOrdersHandlerFunctionA1B2C3D4-aBcDeFgHiJkL",
            Target("MyStack-ProcessOrdersHandlerFunctionA1B2C3D4-aBcDeFgHiJkL"),
        ),
        (
            "function:ProcessOrdersHandlerFunctionA1B2C3D4E5",
            Target("ProcessOrdersHandlerFunctionA1B2C3D4E5"),
        ),
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
        ("&lt;!channel&gt;", "a link or a mention"),
        ("x" * 40_000, "too long"),
        ("arn:aws:lambda:us-east-1:12345:function:checkout", "not the ARN"),
        ("arn:aws-cn:lambda:eu-west-1:123456789012:function:checkout", "contradicts itself"),
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
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "checkout key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "my-ASIAIOSFODNN7EXAMPLE",
        "github_pat_11ABCDEFG0abcdefghijkl",
        "function:xoxb-123456789012-abcdefghij",
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
        "/aws/lambda/checkout:log-stream:a",
        "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout",
        "https://console.aws.amazon.com/lambda/home#/functions/checkout?tab=code",
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
        "#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcheckout/log-events/a",
        "checkout.",
        "(checkout)",
    ],
)
def test_what_may_mean_a_function_is_asked(text):
    with pytest.raises(Unsure) as asked:
        parse(text)
    assert asked.value.candidates == ("checkout",)


@pytest.mark.parametrize(
    ("link", "region"),
    [
        ("https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/a", "eu-west-1"),
        ("https://console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/a", "eu-west-1"),
        ("https://console.aws.amazon.com/lambda/home#/functions/a", None),
        ("https://console.aws.amazon.com/lambda/home?region=mars-1#/functions/a", None),
        (
            "https://us-east-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/a",
            None,
        ),
        ("/aws/lambda/a", None),
    ],
)
def test_region_of_a_link_is_asked_for_too(link, region):
    with pytest.raises(Unsure) as asked:
        parse(link)

    assert asked.value.region == region
    assert asked.value.commands == (f"function:a {region}" if region else "function:a",)


@pytest.mark.parametrize(
    ("given_beside", "words"),
    [({"region": "us-east-1"}, "us-east-1"), ({"account": "999999999999"}, "999999999999")],
)
def test_contradiction_names_both(given_beside, words):
    with pytest.raises(UsageError) as refused:
        parse(ARN, **given_beside)
    assert words in str(refused.value)
    assert "123456789012" in str(refused.value) or "eu-west-1" in str(refused.value)


@pytest.mark.parametrize(
    "region", ["us-east-1.evil", "mars-1", "EU-WEST-1", "169.254.169.254", "eu-wset-1", "eu-west-9"]
)
def test_region_is_checked(region):
    with pytest.raises(UsageError):
        parse("checkout", region=region)


def test_region_is_suggested():
    with pytest.raises(UsageError, match="Did you mean eu-west-1"):
        parse("checkout", region="eu-wset-1")


def test_candidates_are_targets():
    with pytest.raises(Unsure) as asked:
        parse("checkout:live,")
    assert parse(asked.value.candidates[0]) == Target("checkout", "live")


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_one_sentence(text):
    try:
        parse(text)
    except UsageError as error:
        told = str(error)
        assert "\n" not in told
        assert "<!" not in told
        assert all(character.isprintable() for character in told)
