"""Links into the AWS console: https, of the right partition, with every part encoded."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest

from bot.regions import REGIONS, partition_of
from bot.render import card
from bot.render.console import page
from checks.model import Overall, Verdict
from checks.report import Line, Report, Subject
from checks.runbook import RUNBOOK

NO_PAGE = {"region_supported"}


def line(step, saw="…"):
    return Line(step, "T", "S", Verdict.PROBLEM, None, saw, "Do.", False, None, None, ())


def report(*lines, name="checkout", qualifier=None, region="eu-west-1"):
    about = Subject(name, qualifier, region, "123456789012", "nodejs20.x")
    now = datetime(2026, 11, 27, tzinfo=UTC)
    return Report(about, now, Overall.PROBLEM, lines[0].step if lines else None, None, "", lines)


def link(step, saw="…", **where):
    return page(report(**where), line(step, saw))


LAMBDA = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout"


@pytest.mark.parametrize(
    ("step", "saw", "where"),
    [
        ("wrapper_set", "", f"{LAMBDA}?tab=configuration"),
        ("layer_attached", "", f"{LAMBDA}?tab=code"),
        ("telemetry_payload_logged", "", f"{LAMBDA}?tab=monitoring"),
        ("traces_reach_the_log_pipe", "The log group has no filter", f"{LAMBDA}?tab=monitoring"),
        (
            "traces_reach_the_log_pipe",
            "The Firehose stream serverless_logs-firehose is missing in this region.",
            "https://eu-west-1.console.aws.amazon.com/firehose/home?region=eu-west-1"
            "#/details/serverless_logs-firehose/monitoring",
        ),
        (
            "metrics_reach_the_metric_stream",
            "",
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
            "#metric-streams:streamsList/serverless_metrics-stream",
        ),
        (
            "integration_stack_exists",
            "",
            "https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1"
            "#/stacks?filteringText=Serverless-Inc-Role-Stack&filteringStatus=active&viewNested=true",
        ),
        (
            "no_account_integration_errors",
            "",
            "https://console.aws.amazon.com/iam/home#/roles/details/ServerlessRole",
        ),
    ],
)
def test_page_of_a_finding(step, saw, where):
    assert link(step, saw) == where


@pytest.mark.parametrize(
    ("qualifier", "part"),
    [("7", "checkout/versions/7"), ("live", "checkout/aliases/live"), ("$LATEST", "checkout?")],
)
def test_version_and_alias_have_pages_of_their_own(qualifier, part):
    assert f"/functions/{part}" in link("wrapper_set", qualifier=qualifier)


@pytest.mark.parametrize("step", [each.slug for each in RUNBOOK])
def test_every_step_leads_to_aws_and_nowhere_else(step):
    domains = {
        "aws": "aws.amazon.com",
        "aws-cn": "amazonaws.cn",
        "aws-us-gov": "amazonaws-us-gov.com",
    }
    for region in REGIONS:
        domain = domains.get(partition_of(region))
        url = link(step, region=region)
        if domain is None or step in NO_PAGE:
            assert url is None
        else:
            parts = urlsplit(url)
            assert parts.scheme == "https"
            assert parts.hostname.endswith(f"console.{domain}")


def test_hostile_name_stays_inside_its_place():
    name = "a|b>c<!channel> /?&#%"
    url = link("wrapper_set", name=name)

    assert unquote(url.partition("/functions/")[2].partition("?tab=")[0]) == name
    assert not set(url) & set("|<> ")


def test_card_and_thread_link_what_is_not_well():
    told = report(line("wrapper_set"), line("layer_attached"))
    blocks = card.card(told, "id:1")["blocks"]
    links = [b["elements"][0]["text"] for b in blocks if b["type"] == "context"]

    assert f"<{LAMBDA}?tab=configuration|Open it in the AWS console>" in links
