"""Addresses of consoles: the function, version, region and account that each tells of."""

from __future__ import annotations

import pytest

from bot.target.links import decoded, meaning, unwrapped
from checks.function_ref import FunctionRef

WEST = "https://us-west-2.console.aws.amazon.com"
CLOUDWATCH = f"{WEST}/cloudwatch/home?region=us-west-2"
SYNC = FunctionRef("billing-sync", None, "us-west-2")
STREAM = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("link", "function"),
    [
        (f"{WEST}/lambda/home#/functions/billing-sync", SYNC),
        (
            f"{WEST}/lambda/home#/functions/billing-sync:7",
            FunctionRef("billing-sync", "7", "us-west-2"),
        ),
        (
            f"{CLOUDWATCH}#metricsV2:graph=~(metrics~(~(~'AWS*2fLambda~'Errors~'FunctionName~'billing-sync)))",
            SYNC,
        ),
        (
            f"{CLOUDWATCH}#metricsV2:graph=~(metrics~(~(~'AWS*2fLambda~'Errors~'FunctionName~'billing-sync"
            "~'Resource~'billing-sync*3ablue)))",
            FunctionRef("billing-sync", "blue", "us-west-2"),
        ),
        (
            f"{CLOUDWATCH}#metricsV2:graph=~(metrics~(~(~'AWS*2fLambda~'Errors~'FunctionName~'billing-sync"
            "~'Resource~'other*3ablue)))",
            SYNC,
        ),
        (
            f"{CLOUDWATCH}#logsV2:live-tail$3FlogGroupArns$3D~(~'arn*3aaws*3alogs*3aus-west-2"
            "*3a210987654321*3alog-group*3a*2faws*2flambda*2fbilling-sync*3a*2a)",
            FunctionRef("billing-sync", None, "us-west-2", "210987654321"),
        ),
        (f"{CLOUDWATCH}#logEventViewer:group=/aws/lambda/billing-sync;stream=2026", SYNC),
        (
            f"{CLOUDWATCH}#xray:traces?filter=service(id(name%3A%20%22billing-sync%22%2C%20type%3A%20"
            "%22AWS%3A%3ALambda%3A%3AFunction%22))",
            SYNC,
        ),
        (
            f"{CLOUDWATCH}#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fus-east-1.edge",
            FunctionRef("edge", None, "us-east-1"),
        ),
        (
            "https://app.datadoghq.com/functions?selection=aws-lambda-functions%2Bbilling-sync"
            "%2Bus-west-2%2B210987654321%2Baws",
            FunctionRef("billing-sync", None, "us-west-2", "210987654321"),
        ),
        (
            "https://app.datadoghq.eu/logs?query=functionname%3Abilling-sync%20region%3Aus-west-2",
            SYNC,
        ),
        (
            "https://app.serverless.com/acme/apps/shop/billing/live/us-west-2/functions/sync",
            FunctionRef("billing-live-sync", None, "us-west-2"),
        ),
        (
            "https://app.serverless.com/acme/explorer?globalFunctionName=billing-sync&region=us-west-2",
            SYNC,
        ),
        (
            "https://us-west-2.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/a",
            FunctionRef("a"),
        ),
        (
            f"{WEST}/lambda/home?from=mars-east-9#/functions/billing-sync",
            SYNC,
        ),
        (
            "https://cn-north-1.console.amazonaws.cn/lambda/home#/functions/a",
            FunctionRef("a", None, "cn-north-1"),
        ),
    ],
)
def test_link_tells_its_function(link, function):
    found = meaning(f"see {link}")

    assert found
    assert found.function == function
    assert found.what.startswith("a link")


@pytest.mark.parametrize(
    ("link", "what"),
    [
        (f"{CLOUDWATCH}#alarmsV2:alarm/billing-errors", "the alarm billing-errors"),
        (f"{CLOUDWATCH}#xray:traces/1-5759e988-bd862e3fe1be46a994272793", "a link to a trace"),
        (f"https://app.datadoghq.com/apm/trace/{STREAM}", "a link to a trace"),
        (f"{WEST}/lambda/home#/functions", "a link to a page of the AWS console that names"),
        ("https://example.com/", "a link that names no function"),
        ("https://abc.lambda-url.us-west-2.on.aws/", "a function URL"),
        ("https://abc.execute-api.us-west-2.amazonaws.com/live", "the address of an API"),
    ],
)
def test_link_without_a_function_is_said_to_be_what_it_is(link, what):
    found = meaning(link)

    assert found
    assert found.function is None
    assert what in found.what


def test_what_is_no_link():
    assert meaning("billing-sync") is None


def test_links_are_read_as_slack_hands_them_on():
    assert unwrapped("<https://a.b/c|label> &amp; <https://d.e>") == "https://a.b/c & https://d.e"
    assert unwrapped("<!channel> <@U1>") == "<!channel> <@U1>"


@pytest.mark.parametrize(
    ("link", "plain"),
    [
        ("$252Faws$252Flambda", "/aws/lambda"),
        ("%2Faws%252Flambda", "/aws/lambda"),
        ("~'*2faws*3a", "~'/aws:"),
        ("2026/08/30/[$LATEST]0", "2026/08/30/[$LATEST]0"),
    ],
)
def test_decoded(link, plain):
    assert decoded(link) == plain
