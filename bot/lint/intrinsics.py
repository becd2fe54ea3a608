"""
What CloudFormation's functions come to, as far as a template alone says it. Pure.

Parameters are given at the deploy, so they are not known, whatever their default is. What a resource
will be called or have for an ARN is not known either, but its logical id stands for it: `Ref: Orders`
is `${Orders}`, so that what belongs together is found. Region and account stand in as some that exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lint.tree import MOST_CHARACTERS, Choice, Node, Unknown, Value

ACCOUNT = "000000000000"
ANY_REGION = "us-east-1"
"""Where the region is not known, and only a layer's name matters."""
_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]{0,300})\}")
_MOST_STEPS = 200_000
_DEPTH = 60
_KNOWN_AFTER = "{} is known after the deploy"


@dataclass
class Template:
    """One template, whose values are resolved when they are asked for."""

    root: Node
    region: str | None = None
    _steps: int = field(default=0)

    def resolved(self, node: Node | None, depth: int = 0) -> Node | None:
        """The value without functions; None where it comes to no value."""
        self._steps += 1
        if node is None or node.unknown or isinstance(node.value, Choice):
            return node
        if depth > _DEPTH or self._steps > _MOST_STEPS:
            return Node(Unknown("the value is nested too deeply"), node.place)
        if function := function_of(node):
            return self._called(function, node, depth + 1)
        if isinstance(node.value, dict):
            entries = {key: self.resolved(each, depth + 1) for key, each in node.value.items()}
            return Node({key: each for key, each in entries.items() if each}, node.place)
        if isinstance(node.value, tuple):
            items = [self.resolved(item, depth + 1) for item in node.value]
            return Node(tuple(item for item in items if item), node.place)
        return node

    def _called(self, function: str, node: Node, depth: int) -> Node | None:
        argument = node.entries[function]
        match function:
            case "Ref":
                return self._reference(argument.text or "", node)
            case "Fn::GetAtt":
                return Node(self._attribute(argument, depth), node.place)
            case "Fn::Sub":
                return Node(self._substituted(argument, depth), node.place)
            case "Fn::Join":
                return Node(self._joined(argument, depth), node.place)
            case "Fn::If":
                return self._chosen(argument, node, depth)
            case "Fn::FindInMap":
                return self._mapped(argument, node, depth)
            case "Fn::Select":
                return self._selected(argument, node, depth)
            case "Fn::Split":
                return self._split(argument, node, depth)
        why = f"{function} is resolved at the deploy"
        return Node(Unknown(why), node.place)

    def _reference(self, name: str, node: Node) -> Node | None:
        if name == "AWS::NoValue":
            return None
        return Node(self.named(name), node.place)

    def named(self, name: str) -> Value:
        """What `Ref` gives: a pseudo parameter's stand-in, or the name itself as a placeholder."""
        region = self.region or ANY_REGION
        pseudo = {
            "AWS::Region": region,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": partition_of(region),
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.entries("Parameters"):
            return Unknown(f"the parameter {name} is given at the deploy", f"${{{name}}}")
        return Unknown(_KNOWN_AFTER.format(name), f"${{{name}}}")

    def entries(self, section: str) -> Mapping[str, Node]:
        """A section of the template: Parameters, Resources, Mappings."""
        found = self.root.get(section)
        return found.entries if found else {}

    def _attribute(self, argument: Node, depth: int) -> Value:
        parts = [self._text(item, depth) or "" for item in argument.items]
        name = ".".join(parts) if parts else argument.text or ""
        return Unknown(_KNOWN_AFTER.format(name), f"${{{name}}}")

    def _text(self, node: Node, depth: int) -> str | None:
        found = self.resolved(node, depth)
        return found.text if found else None

    def _substituted(self, argument: Node, depth: int) -> Value:
        template = argument.items[0].text if argument.items else argument.text
        given = argument.items[1].entries if len(argument.items) > 1 else {}
        if template is None:
            return Unknown("Fn::Sub is resolved at the deploy")
        values: list[Value] = []

        def filled(match: re.Match[str]) -> str:
            if match[1]:
                return f"${{{match[2]}}}"
            name = match[2].strip()
            found = self.resolved(given[name], depth) if name in given else None
            value = found.value if found else self.named(name)
            values.append(value)
            return _spelled(value)

        return _text_of(_PLACEHOLDER.sub(filled, template), values)

    def _joined(self, argument: Node, depth: int) -> Value:
        if len(argument.items) != 2:  # noqa: PLR2004 - delimiter and list
            return Unknown("Fn::Join is resolved at the deploy")
        between = argument.items[0].text or ""
        listed = self.resolved(argument.items[1], depth)
        if listed is None or listed.unknown or not isinstance(listed.value, tuple):
            return Unknown("Fn::Join is resolved at the deploy")
        values = [item.value for item in listed.items]
        return _text_of(between.join(map(_spelled, values)), values)

    def _chosen(self, argument: Node, node: Node, depth: int) -> Node | None:
        if len(argument.items) != 3:  # noqa: PLR2004 - condition and two values
            return Node(Unknown("Fn::If is resolved at the deploy"), node.place)
        condition = argument.items[0].text or "a condition"
        options = tuple(self.resolved(item, depth) for item in argument.items[1:])
        return Node(Choice(f"it depends on the condition {condition}", options), node.place)

    def _mapped(self, argument: Node, node: Node, depth: int) -> Node | None:
        keys = [self._text(item, depth) for item in argument.items[:3]]
        uses_region = any(
            function_of(item) == "Ref" and item.entries["Ref"].text == "AWS::Region"
            for item in argument.items
        )
        if None in keys or not keys or (uses_region and self.region is None):
            return Node(Unknown("Fn::FindInMap is resolved at the deploy"), node.place)
        found = self.root.get("Mappings", *(key for key in keys if key is not None))
        if found is None:
            return Node(Unknown("Fn::FindInMap is resolved at the deploy"), node.place)
        return self.resolved(found, depth)

    def _selected(self, argument: Node, node: Node, depth: int) -> Node | None:
        index = self._text(argument.items[0], depth) if argument.items else None
        listed = self.resolved(argument.items[1], depth) if len(argument.items) > 1 else None
        if index and index.isdigit() and listed and int(index) < len(listed.items):
            return listed.items[int(index)]
        return Node(Unknown("Fn::Select is resolved at the deploy"), node.place)

    def _split(self, argument: Node, node: Node, depth: int) -> Node | None:
        texts = [self._text(item, depth) for item in argument.items]
        if len(texts) == 2 and texts[0] and texts[1]:  # noqa: PLR2004 - delimiter and text
            parts = texts[1].split(texts[0])
            return Node(tuple(Node(part, node.place) for part in parts), node.place)
        return Node(Unknown("Fn::Split is resolved at the deploy"), node.place)


def function_of(node: Node) -> str | None:
    """The one key of a mapping that is a function's call; None of all else."""
    if not isinstance(node.value, dict) or len(node.value) != 1:
        return None
    (key,) = node.value
    return key if key in {"Ref", "Condition"} or key.startswith("Fn::") else None


def _spelled(value: Any) -> str:
    """As part of a text; what is not known is a placeholder."""
    if isinstance(value, Unknown):
        return value.text or "${?}"
    if isinstance(value, str | int | float):
        return str(value)
    return "${?}"


def _text_of(text: str, values: list[Value]) -> Value:
    """Known where all of its parts are."""
    if len(text) > MOST_CHARACTERS:
        return Unknown("the value is too long")
    for value in values:
        if isinstance(value, Unknown):
            return Unknown(value.why, text)
        if isinstance(value, Choice):
            return Unknown(value.why, text)
    return text


def partition_of(region: str) -> str:
    """aws, aws-cn, aws-us-gov."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
