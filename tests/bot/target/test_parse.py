"""What people type, and how it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.target import Target, Unsure, checked_prefix, parse
from bot.target.parse import REFUSED
from checks.function_ref import FunctionRef

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
        ("aws --x y", "'aws --x y' cannot be a function's name"),
        ("sls --x y", "'--x' is not known here"),
        ("x" * 65, "64"),
        ("arn:aws:s3:::bucket", "not the ARN"),
        ("<!channel>", "a link or a mention"),
        ("<@U123|bob>", "a link or a mention"),
        ("a\x1b[31mb", "·"),
        ("&lt;!channel&gt;", "a link or a mention"),
        ("x" * 40_000, "too long"),
        ("arn:aws:lambda:us-east-1:12345:function:checkout", "not the ARN"),
        ("arn:aws:lambda:us-east-1:123456789012:function/checkout", "ends with :function:NAME"),
        ("RequestId: fd3a9c8e-1111-2222-3333-444455556666", "contain no spaces"),
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
        "checkout:ghp_abcdefghijklmnopqrst",
        "ghp_abcdefghijklmnopqrst:live",
        "DB_PASSWORD=correcthorse",
        "%67hp_abcdefghijklmnopqrst",
    ],
)
def test_secret_is_refused_and_not_repeated(secret):
    with pytest.raises(UsageError) as refused:
        parse(secret)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("account", ["ghp_abcdefghijklmnopqrst", "password=correcthorse"])
def test_secret_beside_a_target_is_refused(account):
    with pytest.raises(UsageError) as refused:
        parse("checkout", account=account)
    assert account not in str(refused.value)


ODD = (
    "shop-sk-checkout-prod",
    "password-reset",
    "xoxb-123456789012-abcdefghij",
    "AKIAIOSFODNN7EXAMPLE",
    "0123456789abcdef0123456789abcdef",
)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "spelled", ["function:{}", "arn:aws:lambda:eu-west-1:123456789012:function:{}"]
)
@pytest.mark.parametrize("qualifier", ["", ":live", ":0123456789abcdef0123456789abcdef01234567"])
def test_any_function_can_be_asked_for(name, spelled, qualifier):
    """However it is called: nothing of it is repeated in public before a read confirms it."""
    assert parse(spelled.format(name) + qualifier).spelled == name + qualifier


@pytest.mark.parametrize(
    "text", ["shop-sk-checkout-prod", "password-reset:live", "token-refresh:prod2024"]
)
def test_names_that_only_look_like_secrets_are_understood(text):
    assert parse(text).spelled == text


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
    assert [each.spelled for each in asked.value.candidates] == ["checkout"]


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

    assert asked.value.candidates == (FunctionRef("a", None, region),)


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
    assert asked.value.candidates == (FunctionRef("checkout", "live"),)


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_one_sentence(text):
    try:
        parse(text)
    except UsageError as error:
        message = str(error)
        assert "\n" not in message
        assert "<!" not in message
        assert all(character.isprintable() for character in message)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("orders eu-west-1", Target("orders", None, "eu-west-1")),
        ("orders --region eu-west-1", Target("orders", None, "eu-west-1")),
        ("--region=eu-west-1 orders", Target("orders", None, "eu-west-1")),
        ("orders eu-west-1 --region eu-west-1", Target("orders", None, "eu-west-1")),
        ("orders --account live eu-west-1", Target("orders", None, "eu-west-1", "live")),
        ("`orders` --account=live", Target("orders", None, None, "live")),
        (
            f"{ARN} eu-west-1 --account 123456789012",
            Target.of("checkout", "eu-west-1", "123456789012"),
        ),
        (f"{ARN} --account live", Target("checkout", None, "eu-west-1", "123456789012", "live")),
        ("x" * 64, Target("x" * 64)),
    ],
)
def test_place_beside_a_name(text, target):
    assert parse(text) == target


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("orders --account", "--account wants a name or 12 digits"),
        ("orders --region", "--region wants a region"),
        ("orders --region=", "--region wants a region"),
        (
            "orders eu-west-1 --region us-east-1",
            "Two regions were given, 'eu-west-1' and 'us-east-1'",
        ),
        ("orders --verbose", "'--verbose' is not known here"),
        ("-v orders", "'-v' is not known here"),
        ("orders eu-west-1 --verbose", "'--verbose' is not known here"),
        ("orders EU-WEST-1", "'EU-WEST-1' is not an AWS region. Did you mean eu-west-1?"),
        ("orders mars-west-1", "'mars-west-1' is not an AWS region"),
        ("arn:aws:lambda:mars-1:123456789012:function:a", "'mars-1' is not an AWS region"),
        (f"{ARN} mars-west-1", "ARN names the region eu-west-1, but mars-west-1"),
        ("123456789012:function:a mars-west-1", "'mars-west-1' is not an AWS region"),
        ("orders. mars-west-1", "'mars-west-1' is not an AWS region"),
    ],
)
def test_option_or_region_that_is_wrong_is_named(text, words):
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert words in str(refused.value)


def test_place_that_was_given_beside_a_question_is_kept():
    with pytest.raises(Unsure) as asked:
        parse("orders. --account live", region="eu-west-1")
    assert asked.value.candidates == (FunctionRef("orders", None, "eu-west-1", "live"),)

    with pytest.raises(Unsure) as asked:
        parse(
            "https://us-west-2.console.aws.amazon.com/lambda/home#/functions/a", region="eu-west-1"
        )
    assert asked.value.candidates == (FunctionRef("a", None, "us-west-2"),)


@pytest.mark.parametrize("prefix", ["AKIAIOSFODNN7EXAMPLE", "bad.name", "x" * 65])
def test_prefix_that_cannot_begin_a_name(prefix):
    with pytest.raises(UsageError) as refused:
        checked_prefix(prefix)
    assert "AKIA" not in str(refused.value)


def test_prefix_that_can():
    assert checked_prefix("shop-") == "shop-"


@pytest.mark.parametrize("option", ["--AKIAIOSFODNN7EXAMPLE", "--ghp_abcdefghijklmnopqrst"])
def test_secret_in_an_option_is_not_repeated(option):
    with pytest.raises(UsageError) as refused:
        parse(f"orders {option}")
    assert str(refused.value) == REFUSED


def _refusal_of(text):
    """The refusal or the question; nothing of a target."""
    try:
        parse(text)
    except UsageError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "text",
    [
        "2026/08/30/[$LATEST]0123456789abcdef0123456789abcdef",
        "2026/08/30/%5B%24LATEST%5D0123456789abcdef0123456789abcdef",
        "2026/08/30/%255B7%255D0123456789abcdef0123456789abcdef",
        "1-5759e988-bd862e3fe1be46a994272793",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "https://app.datadoghq.com/apm/trace/67f3c1b2a4d5e6f708192a3b4c5d6e7f",
        "UpdateFunctionConfiguration20150331v2",
        "sam-app-HelloWorldFunction-1TY92IBX0BXTP",
        "AWSServiceRoleForLambdaReplicator-BillingReconciliationHandler12",
        "https://k3m4n5p6q7r8s9t0u1v2w3x4y5z60718.lambda-url.us-west-2.on.aws/",
    ],
)
def test_ids_of_aws_are_no_secrets(text):
    assert "secret" not in _refusal_of(text)


@pytest.mark.parametrize(
    "secret",
    [
        "https://a1b2c3d4e5.execute-api.us-west-2.amazonaws.com/live/wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz",
        "2026/08/30/[$LATEST]0123456789abcdef0123456789abcdef/wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz",
    ],
)
def test_secret_beside_an_id_of_aws_is_still_one(secret):
    with pytest.raises(UsageError, match="looks like a secret"):
        parse(secret)


LINK = "https://us-west-2.console.aws.amazon.com/lambda/home#/functions/a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINK, "That is a link that names a function. Did you mean the function a in us-west-2?"),
        (
            f"see {LINK}",
            "That (a link or a mention) names a function. Did you mean the function a in us-west-2?",
        ),
        ("a line\n/aws/lambda/a", "That text names a function. Did you mean the function a?"),
        ("x" * 70 + " /aws/lambda/a", "That text names a function. Did you mean the function a?"),
        ("billing sync", "'billing sync' cannot be a function's name. Did you mean one of these?"),
        (
            "why is `a-b` so quiet",
            "'why is 'a-b' so quiet' is no name. Did you mean the function a-b?",
        ),
    ],
)
def test_question_says_what_the_words_are(text, said):
    assert _refusal_of(text) == said


def test_version_that_is_written_small_is_asked_about():
    with pytest.raises(Unsure, match="capitals") as asked:
        parse("orders:$latest")
    assert asked.value.candidates == (FunctionRef("orders", "$LATEST"),)


def test_arn_in_a_sentence_is_found():
    with pytest.raises(Unsure) as asked:
        parse(f"{ARN} in eu-west-1.")
    assert asked.value.candidates == (FunctionRef("checkout", None, "eu-west-1", "123456789012"),)
