"""Which function a message names."""

from __future__ import annotations

import pytest

from bot.slack.named import commands

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:checkout"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hello", ()),
        (f"ALARM: {ARN} is failing", (ARN,)),
        (f"<https://x.example|look> {ARN}, please", (ARN,)),
        ("see /aws/lambda/checkout for the log", ("function:checkout",)),
        (
            "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout",
            ("function:checkout",),
        ),
        ("`checkout` has no traces", ("function:checkout",)),
        ("my-shop-checkout is broken", ("function:my-shop-checkout",)),
        ("Is wrapper_set wrong for `orders`?", ("function:orders",)),
        ("key AKIAIOSFODNN7EXAMPLE-abc", ()),
        (f"a-b and `c` and {ARN}", (ARN, "function:c", "function:a-b")),
        (" ".join(f"f-{n}" for n in range(9)), tuple(f"function:f-{n}" for n in range(5))),
        ("x" * 100_000, ()),
    ],
)
def test_functions_that_a_message_names(text, named):
    assert commands(text) == named
