"""The queue's files are what CloudFormation and Terraform take, and fill the queue with what the bot reads."""

from __future__ import annotations

import json
import re

import pytest
from cfnlint import lint
from cfnlint.config import ManualArgs
from deployed_roles import configuration, template

from bot.setup import queue_configuration, queue_template
from bot.setup.events import RULES

TEMPLATE, CONFIGURATION = queue_template.template(), queue_configuration.configuration()


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_cfn_lint_reports_nothing(region):
    everything = ManualArgs(include_checks=["I"], regions=[region])

    assert lint(TEMPLATE, config=everything) == []


def test_cfn_lint_would_report_a_mistake():
    assert lint(TEMPLATE.replace("EventPattern", "Patterns"), config=ManualArgs())


def test_terraform_names_what_it_uses():
    """Each reference leads to a block that is there, and each block but the output is used."""
    blocks = configuration(CONFIGURATION)
    there = {
        (kind == "data", label, inner.strip('"'))
        for kind in ("data", "resource")
        for label, labels in blocks[kind].items()
        for each in labels
        for inner in each
    }
    found = re.findall(r"\b(data\.)?(aws_\w+)\.(\w+)\.\w+", CONFIGURATION)
    used = {(bool(data), kind, label) for data, kind, label in found}

    assert used <= there
    assert {kind for _, kind, _ in there - used} == {
        "aws_cloudwatch_event_target",
        "aws_sqs_queue_policy",
    }


def test_both_have_the_same_rules():
    resources = template(TEMPLATE)["Resources"].values()
    in_template = [
        each["Properties"]["EventPattern"]
        for each in resources
        if each["Type"] == "AWS::Events::Rule"
    ]
    texts = re.findall(r"event_pattern = jsonencode\((\{.*?\n  \})\)", CONFIGURATION, re.DOTALL)

    assert in_template == list(map(json.loads, texts)) == [rule.pattern for rule in RULES]


def test_only_the_rules_may_send():
    """To both queues: what cannot be delivered goes to the dead letters."""
    resources = template(TEMPLATE)["Resources"]
    rules = [("GetAtt", f"{rule.title}.Arn") for rule in RULES]

    for queue, policy in (("Queue", "Senders"), ("DeadLetters", "DeadLetterSenders")):
        properties = resources[policy]["Properties"]
        (statement,) = properties["PolicyDocument"]["Statement"]
        assert properties["Queues"] == [("Ref", queue)]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Resource"] == ("GetAtt", f"{queue}.Arn")
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rules}}


@pytest.mark.parametrize("text", [TEMPLATE, CONFIGURATION], ids=["CloudFormation", "Terraform"])
def test_no_blank_is_left(text):
    assert not re.search(r"%\w|[ \t]$", text.rstrip("\n"), re.MULTILINE)
    assert text.startswith("# The queue")
