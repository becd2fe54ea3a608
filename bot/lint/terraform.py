"""
The JSON of a Terraform plan (`terraform show -json`) → planned functions.

Its resources are read as those of a CloudFormation template would be. What `after_unknown` marks is
known after the apply only. A plan holds secrets in clear text: what is not a setting that lint
needs is not kept, and of variables only what may leave AWS is shown (bot/aws/evidence/variables.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.lint.cloudformation import planned_functions
from bot.lint.json_tree import Span, items, members, tree_within, value_at
from bot.lint.model import Doubt, PlannedFunction, Region
from bot.lint.refusals import Unparsed
from bot.lint.tree import Node, Place, Unknown

_KINDS = {
    "aws_lambda_function": "AWS::Lambda::Function",
    "aws_lambda_alias": "AWS::Lambda::Alias",
    "aws_lambda_provisioned_concurrency_config": "AWS::Lambda::Version",
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup",
    "aws_cloudwatch_log_subscription_filter": "AWS::Logs::SubscriptionFilter",
}
_SETTINGS = {
    "function_name": "FunctionName",
    "runtime": "Runtime",
    "handler": "Handler",
    "layers": "Layers",
    "package_type": "PackageType",
    "function_version": "FunctionVersion",
    "provisioned_concurrent_executions": "ProvisionedConcurrencyConfig",
    "log_group_name": "LogGroupName",
    "log_group_class": "LogGroupClass",
    "destination_arn": "DestinationArn",
    "filter_pattern": "FilterPattern",
}
_BLOCKS = {
    "environment": ("Environment", {"variables": "Variables"}),
    "logging_config": (
        "LoggingConfig",
        {
            "log_format": "LogFormat",
            "application_log_level": "ApplicationLogLevel",
            "log_group": "LogGroup",
        },
    ),
    "snap_start": ("SnapStart", {"apply_on": "ApplyOn"}),
    "capacity_provider_config": ("CapacityProviderConfig", {}),
    "durable_config": ("DurableConfig", {}),
}
"""Blocks are lists of at most one mapping."""
_NAMES = {
    "AWS::Logs::LogGroup": ("name", "LogGroupName"),
    "AWS::Logs::SubscriptionFilter": ("name", "FilterName"),
}
_LATER = "it is known after the apply"
_TYPE = re.compile(r'"type"\s*:\s*"aws_(?:lambda|cloudwatch_log)_')
_MOST_CHARACTERS = 1_000_000
"""Of one resource, or of the configuration."""
_FORMATS = ("0.", "1.")


def planned_by_terraform(
    text: str, file: str
) -> tuple[tuple[PlannedFunction, ...], tuple[Doubt, ...]]:
    """All that the plan creates or changes, or leaves as it is. May raise Unparsed."""
    spans = members(text, file)
    if not str(value_at(text, file, spans.get("format_version"))).startswith(_FORMATS):
        raise Unparsed(file, 1, "its format is not one that is known")
    configuration = _configuration(text, file, spans.get("configuration"))
    references = dict(_references(configuration))
    resources: dict[str, Node] = {}
    for span in items(text, file, spans["resource_changes"]) if "resource_changes" in spans else ():
        if span[1] - span[0] > _MOST_CHARACTERS or not _TYPE.search(text, *span):
            continue
        item = value_at(text, file, span)
        if _wanted(item):
            node = tree_within(text, file, span)
            resources[str(item["address"])] = _resource(str(item["type"]), node, references)
    place = Place(file, 1, 1)
    template = Node({"Resources": Node(dict(resources), place)}, place)
    region = _region(configuration)
    return planned_functions(template, Region(region, place) if region else None)


def _configuration(text: str, file: str, span: Span | None) -> Any:
    """Only of a size that is not a burden; what it says makes answers more exact."""
    if span is None or span[1] - span[0] > _MOST_CHARACTERS:
        return None
    return value_at(text, file, span)


def _wanted(item: Any) -> bool:
    """Managed, of a type that matters, and there after the apply."""
    if not isinstance(item, dict) or item.get("type") not in _KINDS or "address" not in item:
        return False
    change = item.get("change")
    actions = change.get("actions") if isinstance(change, dict) else None
    return item.get("mode") != "data" and actions != ["delete"]


def _resource(kind: str, node: Node, references: Mapping[str, str]) -> Node:
    after = node.get("change", "after") or Node({}, node.place)
    unknown = node.get("change", "after_unknown") or Node({}, node.place)
    address = node.get("address")
    known = _with_unknown(after, unknown)
    properties = dict(_properties(kind, known))
    led = references.get((address.text if address else None) or "")
    if led and (name := properties.get("FunctionName")) and name.unknown:
        properties["FunctionName"] = Node(Unknown(_LATER, f"${{{led}}}"), name.place)
    made = {"Type": Node(_KINDS[kind], node.place), "Properties": Node(properties, after.place)}
    return Node(made, after.place)


def _properties(kind: str, known: Node) -> Iterator[tuple[str, Node]]:
    name, setting = _NAMES.get(_KINDS[kind], ("", ""))
    if name and (named := known.get(name)):
        yield setting, named
    for key, node in known.entries.items():
        if node.value is None:
            continue
        if key in _SETTINGS:
            yield _SETTINGS[key], node
        elif key in _BLOCKS and (node.unknown or node.items):
            setting, names = _BLOCKS[key]
            yield setting, _block(node, names)


def _block(node: Node, names: Mapping[str, str]) -> Node:
    if node.unknown:
        return node
    entries = node.items[0].entries
    return Node(
        {names.get(key, key): each for key, each in entries.items() if each.value is not None},
        node.place,
    )


def _with_unknown(after: Node, unknown: Node) -> Node:
    """`after` has no entry, or null, for what `after_unknown` marks as true."""
    if unknown.value is True:
        return Node(Unknown(_LATER), after.place)
    if isinstance(unknown.value, dict):
        keys = dict.fromkeys((*after.entries, *unknown.value))
        nothing = Node(None, after.place)
        no = Node(False, after.place)
        merged = {
            key: _with_unknown(after.entries.get(key, nothing), unknown.value.get(key, no))
            for key in keys
        }
        return Node(merged, after.place)
    if isinstance(unknown.value, tuple) and isinstance(after.value, tuple):
        pairs = zip(after.value, unknown.value, strict=False)
        rest = after.value[len(unknown.value) :]
        return Node((*(_with_unknown(a, u) for a, u in pairs), *rest), after.place)
    return after


def _references(configuration: Any) -> Iterator[tuple[str, str]]:
    """By address, the function that a resource of the root module names by a reference."""
    resources = _below(configuration, "root_module", "resources")
    for resource in resources if isinstance(resources, list) else ():
        found = _below(resource, "expressions", "function_name", "references")
        for reference in found if isinstance(found, list) else ():
            parts = str(reference).split(".")
            if parts[0] == "aws_lambda_function" and len(parts) > 1:
                yield str(_below(resource, "address")), ".".join(parts[:2])


def _region(configuration: Any) -> str | None:
    region = _below(
        configuration, "provider_config", "aws", "expressions", "region", "constant_value"
    )
    return region if isinstance(region, str) else None


def _below(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
