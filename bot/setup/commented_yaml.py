"""
YAML with comments above items of lists, and with CloudFormation's short forms.

PyYAML writes no comments: until the text is written, an item and its comment are one scalar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_BETWEEN = " ## "
_QUOTE, _TWO_QUOTES = "'", "''"
_NAMED = re.compile(r"(!(?:Ref|GetAtt)) '([\w.:]+)'")
_COMMENTED = re.compile(rf"^( *)- '(\S+){_BETWEEN}(.*)'$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Short:
    """A function of CloudFormation in its short form, as in !Ref Name."""

    name: str
    value: Any


def commented(item: str, comment: str) -> str:
    """An item without spaces, for a list that `written` writes."""
    return f"{item}{_BETWEEN}{comment}"


def written(value: Any) -> str:
    """`value` as YAML, in the order that it has."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=float("inf"))
    return _COMMENTED.sub(_apart, _NAMED.sub(r"\1 \2", text))


def _apart(match: re.Match[str]) -> str:
    indent, item, comment = match.groups()
    return f"{indent}# {comment.replace(_TWO_QUOTES, _QUOTE)}\n{indent}- {item}"


class _Dumper(yaml.SafeDumper):
    """Lists are indented, and nothing is written by reference."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001 - PyYAML's
        """Of lists, too."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's
        """All of them."""
        return True


def _short(dumper: yaml.SafeDumper, short: Short) -> yaml.Node:
    tag = f"!{short.name}"
    if isinstance(short.value, str):
        return dumper.represent_scalar(tag, short.value)
    return dumper.represent_sequence(tag, short.value, flow_style=True)


_Dumper.add_representer(Short, _short)
