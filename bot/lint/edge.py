"""Which functions CloudFront runs (Lambda@Edge), by what a template says. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.lint.intrinsics import Template
from bot.lint.log_groups import spelled, type_of
from bot.lint.tree import Node, Place

_DISTRIBUTION = "AWS::CloudFront::Distribution"
_PRINCIPAL = "edgelambda.amazonaws.com"
_ROLE = "AWS::IAM::Role"
_VERSION = "AWS::Lambda::Version"
_MOST_NODES = 2_000


def edges(template: Template) -> Mapping[str, Place]:
    """Where each is said, by what a function or its role is referred to as: ${Id}, ${Role.Arn}."""
    resources = template.entries("Resources")
    versions = {
        f"${{{name}}}": spelled(template.resolved(node.get("Properties", "FunctionName")))
        for name, node in resources.items()
        if type_of(node) == _VERSION
    }
    found: dict[str, Place] = {}
    for name, node in resources.items():
        if type_of(node) == _DISTRIBUTION:
            for leads_to, place in _associations(template, node):
                found[versions.get(leads_to) or leads_to.replace(".Version}", "}")] = place
        elif type_of(node) == _ROLE and (trusted := _trusted(node)):
            found[f"${{{name}.Arn}}"] = trusted
    return found


def _associations(template: Template, node: Node) -> Iterator[tuple[str, Place]]:
    for key, each in _walked(node.get("Properties", "DistributionConfig")):
        if key == "LambdaFunctionARN" and (leads_to := spelled(template.resolved(each))):
            yield leads_to, each.place


def _trusted(node: Node) -> Place | None:
    policy = node.get("Properties", "AssumeRolePolicyDocument")
    return next((each.place for _, each in _walked(policy) if each.text == _PRINCIPAL), None)


def _walked(node: Node | None) -> Iterator[tuple[str, Node]]:
    """All that is below, with its key; not endlessly."""
    waiting = [("", node)] if node else []
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        key, each = waiting.pop()
        yield key, each
        waiting += [(name, below) for name, below in each.entries.items()]
        waiting += [(key, below) for below in each.items]
