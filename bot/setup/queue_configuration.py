"""What makes the queue of an account and region, as a Terraform configuration."""

from __future__ import annotations

import json
from textwrap import indent

from bot.setup import instructions
from bot.setup.events import (
    DEAD_QUEUE,
    HIDDEN,
    KEPT,
    KEPT_DEAD,
    LONG_POLL,
    QUEUE,
    RULES,
    TRIES,
    Rule,
)
from bot.setup.hcl import Hcl

_QUEUES = Hcl("""\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "%dead"
  message_retention_seconds = %kept_dead
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "events" {
  name                       = "%queue"
  message_retention_seconds  = %kept
  receive_wait_time_seconds  = %wait
  visibility_timeout_seconds = %hidden
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = %tries
  })
}
""")
_RULE = Hcl("""\
resource "aws_cloudwatch_event_rule" "%label" {
  name        = "%name"
  description = "%description"

  event_pattern = jsonencode(%pattern)
}

resource "aws_cloudwatch_event_target" "%label" {
  rule = aws_cloudwatch_event_rule.%label.name
  arn  = aws_sqs_queue.events.arn

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}
""")
_SENDERS = Hcl("""\
data "aws_iam_policy_document" "%queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.%queue.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values = [
%rules      ]
    }
  }
}

resource "aws_sqs_queue_policy" "%queue" {
  queue_url = aws_sqs_queue.%queue.url
  policy    = data.aws_iam_policy_document.%queue.json
}
""")
_OUTPUT = """\
output "queue_url" {
  value = aws_sqs_queue.events.url
}
"""


def configuration() -> str:
    """The queue, its dead letters, its rules, and who may send to it."""
    figures = {"kept": KEPT, "kept_dead": KEPT_DEAD, "wait": LONG_POLL, "hidden": HIDDEN}
    queues = _QUEUES.substitute(figures, queue=QUEUE, dead=DEAD_QUEUE, tries=TRIES)
    senders = [_senders(queue) for queue in ("events", "dead_letters")]
    parts = [queues, *map(_rule, RULES), *senders, _OUTPUT]
    return instructions.queue_configuration() + "\n".join(parts)


def _rule(rule: Rule) -> str:
    pattern = indent(json.dumps(rule.pattern, indent=2), "  ").lstrip()
    description, label = rule.description, _label(rule)
    return _RULE.substitute(label=label, name=rule.name, description=description, pattern=pattern)


def _senders(queue: str) -> str:
    rules = (f"        aws_cloudwatch_event_rule.{_label(rule)}.arn,\n" for rule in RULES)
    return _SENDERS.substitute(queue=queue, rules="".join(rules))


def _label(rule: Rule) -> str:
    return rule.title.lower()
