"""Which function a message names."""

from __future__ import annotations

import pytest

from bot.target import commands

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:checkout"
COMMAND = "function:checkout eu-west-1 --account 123456789012"
ALARM = """ALARM: "shop-errors" in EU (Ireland)
Alarm Details:
- AWS Account: 123456789012
- Alarm Arn: arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-errors
Monitored Metric:
- Dimensions: [FunctionName = checkout]
"""
CHATBOT = '{"Trigger": {"Dimensions": [{"value":"checkout","name":"FunctionName"}]}, "Region": "EU (Ireland)"}'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hello", ()),
        (f"ALARM: {ARN} is failing", (COMMAND,)),
        (f"<https://x.example|look> {ARN}, please", (COMMAND,)),
        ("see /aws/lambda/checkout for the log", ("function:checkout",)),
        (
            "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout",
            ("function:checkout eu-west-1",),
        ),
        ("`checkout` has no traces", ("function:checkout",)),
        ("my-shop-checkout is broken", ("function:my-shop-checkout",)),
        ("Is wrapper_set wrong for `orders`?", ("function:orders",)),
        ("key AKIAIOSFODNN7EXAMPLE-abc", ()),
        (
            f"a-b and `c` and {ARN}",
            (COMMAND, "function:c eu-west-1", "function:a-b eu-west-1"),
        ),
        (" ".join(f"f-{n}" for n in range(9)), tuple(f"function:f-{n}" for n in range(5))),
        ("x" * 100_000, ()),
        (ALARM, (COMMAND,)),
        (CHATBOT, ("function:checkout eu-west-1",)),
        ("`checkout` in eu-west-1", ("function:checkout eu-west-1",)),
        (
            "`checkout` in eu-west-1 or us-east-1",
            ("function:checkout eu-west-1", "function:checkout us-east-1"),
        ),
        ("`checkout` of account 123456789012", ("function:checkout --account 123456789012",)),
    ],
)
def test_functions_that_a_message_names(text, named):
    assert commands(text) == named
