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
_MOST_NODES = 50_000


def edges(template: Template) -> Mapping[str, Place]:
    """Where each is said, by what a function or its role is referred to as: ${Id}, ${Role.Arn}."""
    resources = template.entries("Resources")
    versions = {
        f"${{{name}}}": spelled(template.resolved(node.get("Properties", "FunctionName")))
        for name, node in resources.items()
        if type_of(node) == _VERSION
    }
    found: dict[str, Place] = {}
    seen: set[int] = set()
    for name, node in resources.items():
        if type_of(node) == _DISTRIBUTION:
            for leads_to, place in _associations(template, node, seen):
                found[versions.get(leads_to) or leads_to.replace(".Version}", "}")] = place
        elif type_of(node) == _ROLE and (trusted := _trusted(node, set())):
            found[f"${{{name}.Arn}}"] = trusted
    return found


def _associations(template: Template, node: Node, seen: set[int]) -> Iterator[tuple[str, Place]]:
    for key, each in _walked(node.get("Properties", "DistributionConfig"), seen):
        if key == "LambdaFunctionARN" and (leads_to := spelled(template.resolved(each))):
            yield leads_to, each.place


def _trusted(node: Node, seen: set[int]) -> Place | None:
    policy = node.get("Properties", "AssumeRolePolicyDocument")
    return next((each.place for _, each in _walked(policy, seen) if each.text == _PRINCIPAL), None)


def _walked(node: Node | None, seen: set[int]) -> Iterator[tuple[str, Node]]:
    """All that is below and was not seen yet, with its key."""
    waiting = [("", node)] if node else []
    while waiting and len(seen) < _MOST_NODES:
        key, each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield key, each
        waiting += [(name, below) for name, below in each.entries.items()]
        waiting += [(key, below) for below in each.items]
