"""ARNs, log groups and log streams."""

from __future__ import annotations

import pytest

from bot.target.aws_names import fault, function_in, meaning
from checks.function_ref import FunctionRef

STREAM = "0123456789abcdef0123456789abcdef"
ARN = "arn:aws:lambda:us-west-2:210987654321:function:billing-sync"


@pytest.mark.parametrize(
    ("text", "what", "function"),
    [
        ("/aws/lambda/a", "a log group", FunctionRef("a")),
        ("aws/lambda/a:*", "a log group", FunctionRef("a")),
        ("/aws/lambda/us-east-1.a", "a log group", FunctionRef("a", None, "us-east-1")),
        (f"/aws/lambda/a/2026/08/30/[7]{STREAM}", "a log group", FunctionRef("a", "7")),
        (f"/aws/lambda/a/2026/08/30/[$LATEST]{STREAM}", "a log group", FunctionRef("a")),
        (f"2026/08/30/a[7]{STREAM}", "the name of a log stream", FunctionRef("a", "7")),
        (f"2026/08/30/[7]{STREAM}", "the name of a log stream", None),
        (
            "arn:aws:logs:us-west-2:210987654321:log-group:/aws/lambda/a",
            "the ARN of a log group",
            FunctionRef("a", None, "us-west-2", "210987654321"),
        ),
        (
            "arn:aws:logs:mars-1::log-group:/aws/lambda/a",
            "the ARN of a log group",
            FunctionRef("a"),
        ),
        ("arn:aws:logs:us-west-2:210987654321:log-group:other", "the ARN of a log group", None),
        (
            f"{ARN}:live",
            "a function's ARN",
            FunctionRef("billing-sync", "live", "us-west-2", "210987654321"),
        ),
        ("arn:aws:lambda:us-west-2:210987654321:layer:x:1", "the ARN of a layer", None),
        (
            "arn:aws:lambda:us-west-2:210987654321:event-source-mapping:x",
            "the ARN of an event source mapping",
            None,
        ),
        ("arn:aws:cloudwatch:us-west-2:210987654321:alarm:x", "the ARN of an alarm", None),
        ("arn:aws:cloudwatch:us-west-2:210987654321:dashboard/x", "an ARN of cloudwatch", None),
        ("arn:aws:sns:us-west-2:210987654321:alarm:x", "an ARN of sns", None),
        ("arn:aws:s3:::bucket", "an ARN of s3", None),
    ],
)
def test_name_of_aws_is_said_to_be_what_it_is(text, what, function):
    found = meaning(text)

    assert found
    assert (found.what, found.function) == (what, function)


@pytest.mark.parametrize("text", ["billing-sync", "my-aws/lambda/a", "2026/08/30"])
def test_other_words(text):
    assert meaning(text) is None
    assert function_in(text) is None


def test_name_is_not_cut_off():
    assert function_in(f"{ARN}{'x' * 64}") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("arn:aws:lambda:us-west-2:123:function:a", "its account is '123', not 12 digits"),
        ("arn:aws:lambda:US:210987654321:function:a", "its region is 'US'"),
        ("arn:aws:lambda:us-west-2:210987654321:function:a.b", "its name is 'a.b'"),
        ("arn:aws:lambda:us-west-2:210987654321:function:a:l!", "its qualifier is 'l!'"),
        ("123:function:a", "its account is '123'"),
    ],
)
def test_part_of_an_arn_that_is_wrong_is_named(text, words):
    assert words in (fault(text) or "")


@pytest.mark.parametrize("text", [ARN, f"{ARN}:live", "210987654321:function:a", "function:a"])
def test_arn_without_a_fault(text):
    assert fault(text) is None
