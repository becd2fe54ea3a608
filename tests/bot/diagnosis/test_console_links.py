"""Links into the AWS console: https, of the right partition, with every part encoded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest

from bot.diagnosis import card
from bot.diagnosis.summary import summary
from bot.regions import REGIONS, partition_of
from checks.model import Action, Overall, Page, Verdict
from checks.report import Line, Report, Subject
from checks.runbook import RUNBOOK, step_named

FIREHOSE_GONE = "firehose_missing"


def line(step, code=""):
    made = step_named(step)
    return Line(
        step,
        "T",
        "S",
        Verdict.PROBLEM,
        None,
        "…",
        "Do.",
        False,
        None,
        None,
        (),
        page=made.pages.get(code, made.page),
    )


def report(*lines, name="checkout", qualifier=None, region="eu-west-1"):
    partition = partition_of(region) or "aws"
    about = Subject(name, qualifier, region, "123456789012", "nodejs22.x", partition)
    now = datetime(2026, 11, 27, tzinfo=UTC)
    return Report(about, now, Overall.PROBLEM, lines[0].step if lines else None, None, "", lines)


def link(step, code="", **where):
    found = report(**where).link(line(step, code).page)
    return found.url if found else None


LAMBDA = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout"


@pytest.mark.parametrize(
    ("step", "code", "where"),
    [
        ("wrapper_set", "", f"{LAMBDA}?subtab=envVars&tab=configure"),
        ("layer_attached", "", f"{LAMBDA}?tab=code"),
        ("telemetry_payload_logged", "", f"{LAMBDA}?tab=monitoring"),
        ("traces_reach_the_log_pipe", "no_filter", f"{LAMBDA}?tab=monitoring"),
        (
            "traces_reach_the_log_pipe",
            FIREHOSE_GONE,
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
def test_page_of_a_finding(step, code, where):
    assert link(step, code) == where


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
        if domain is None or step_named(step).page is None:
            assert url is None
        else:
            parts = urlsplit(url)
            assert parts.scheme == "https"
            assert parts.hostname.endswith(f"console.{domain}")


def test_hostile_name_stays_inside_its_place():
    name = "a|b>c<!channel> /?&#%"
    url = link("wrapper_set", name=name)

    assert unquote(url.partition("/functions/")[2].partition("?subtab=")[0]) == name
    assert not set(url) & set("|<> ")


def test_card_and_summary_link_the_place_of_an_action():
    shown = replace(line("wrapper_set"), actions=(Action("Set it", Page.VARIABLES),))
    with_both = report(
        shown, replace(line("layer_attached"), actions=(Action("Add it", Page.CODE),))
    )
    first, both = (
        str(each(with_both)["blocks"]) for each in (lambda r: card.card(r, "id:1"), summary)
    )

    assert f"{LAMBDA}?subtab=envVars&tab=configure" in first
    assert f"{LAMBDA}?subtab=envVars&tab=configure" in both
    assert f"{LAMBDA}?tab=code" in both


def test_check_without_a_linked_action_links_the_page_where_it_is_seen():
    assert f"{LAMBDA}?tab=code" in str(summary(report(line("layer_attached")))["blocks"])
