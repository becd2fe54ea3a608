"""
YAML → a tree, from the parser's events, so that nothing is constructed and aliases cost nothing.

Plain scalars are typed by YAML 1.2's core rule, as the frameworks' own parser (js-yaml) does:
`off` and `1:30` are text. CloudFormation's short tags (`!Ref X`) become their long form.
"""

from __future__ import annotations

import re
from typing import Any

from bot.lint.refusals import Unparsed
from bot.lint.tree import Node, Place, Scalar, Value

MOST_NODES = 120_000
_DEPTH = 100
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MERGE = "<<"
_STANDARD = "tag:yaml.org,2002:"


def yaml_tree(text: str, file: str, *, strict: bool = False) -> Node | None:
    """
    The file's one document; None of an empty file. Unparsed where it is none.

    `strict`: a key may not be repeated in a mapping, as for the frameworks; for CloudFormation the
    last one counts.
    """
    import yaml  # noqa: PLC0415 - takes 10 ms

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    building = _Building(file, strict=strict)
    try:
        for event in yaml.parse(text, Loader=loader):
            building.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Unparsed(file, line, f"line {line} is not valid YAML") from error
    except RecursionError as error:
        raise Unparsed(file, 1, "it is nested too deeply") from error
    return building.document


class _Open:
    """A container under construction."""

    __slots__ = ("anchor", "entries", "items", "key", "merged", "place", "tag")

    def __init__(self, place: Place, event: Any, *, mapping: bool) -> None:
        self.place, self.tag, self.anchor = place, event.tag, event.anchor
        self.entries: dict[str, Node] | None = {} if mapping else None
        self.items: list[Node] = []
        self.merged: list[Node] = []
        self.key: Node | None = None


class _Building:
    """Containers under construction, the innermost last."""

    def __init__(self, file: str, *, strict: bool) -> None:
        self.file, self.strict = file, strict
        self.document: Node | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = self._nodes = 0

    def take(self, event: Any) -> None:
        """One event of the parser."""
        kind = type(event).__name__
        mark = event.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1)
        match kind:
            case "ScalarEvent":
                value = _scalar(event)
                self._put(_long_form(event.tag, Node(value, place)), event.anchor)
            case "MappingStartEvent" | "SequenceStartEvent":
                self._begin(_Open(place, event, mapping=kind == "MappingStartEvent"))
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "AliasEvent":
                self._put(self._aliased(event.anchor, place), None, aliased=True)
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    raise Unparsed(self.file, place.line, "it holds more than one document")

    def _begin(self, opened: _Open) -> None:
        if len(self._open) >= _DEPTH:
            raise Unparsed(self.file, opened.place.line, "it is nested too deeply")
        self._open.append(opened)

    def _end(self) -> None:
        closed = self._open.pop()
        value: Value = tuple(closed.items)
        if closed.entries is not None:
            value = {**_merged(closed.merged), **closed.entries}
        self._put(_long_form(closed.tag, Node(value, closed.place)), closed.anchor)

    def _aliased(self, anchor: str, place: Place) -> Node:
        """An anchor is known once its value is complete, so that no value can hold itself."""
        if anchor not in self._anchors:
            raise Unparsed(self.file, place.line, f"the alias in line {place.line} leads nowhere")
        return self._anchors[anchor]

    def _put(self, node: Node, anchor: str | None, *, aliased: bool = False) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise Unparsed(self.file, 1, f"it holds more than {MOST_NODES:,} values")
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.document = node
        elif (parent := self._open[-1]).entries is None:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            key, parent.key = parent.key, None
            self._enter(parent, key, node, aliased=aliased)

    def _enter(self, parent: _Open, key: Node, node: Node, *, aliased: bool) -> None:
        """A value stands where its key does; an alias where its anchor does."""
        assert parent.entries is not None  # noqa: S101 - narrows: it is a mapping
        name = key.text or ""
        if name == _MERGE:
            parent.merged += node.items or (node,)
        elif self.strict and name in parent.entries:
            line = key.place.line
            raise Unparsed(self.file, line, f"line {line} repeats a key of the same mapping")
        else:
            parent.entries[name] = node if aliased else node.at(key.place)


def _merged(nodes: list[Node]) -> dict[str, Node]:
    """Of several the first one wins."""
    merged: dict[str, Node] = {}
    for node in reversed(nodes):
        merged |= node.entries
    return merged


def _scalar(event: Any) -> Scalar:
    text = str(event.value)
    if not event.implicit[0] or (event.tag or "").startswith(_STANDARD):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _number(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _number(text: str) -> int | str:
    """As text where it is longer than any number that a template may hold."""
    if len(text) > 20:  # noqa: PLR2004 - digits
        return text
    return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)


def _long_form(tag: str | None, node: Node) -> Node:
    """`!Ref X` → {"Ref": "X"}; `!GetAtt a.b` → {"Fn::GetAtt": ["a", "b"]}. Other tags say nothing."""
    if tag is None or not tag.startswith("!") or len(tag) == 1:
        return node
    name = tag[1:]
    if name == "GetAtt" and isinstance(node.value, str):
        parts = node.value.partition(".")[::2]
        node = Node(tuple(Node(part, node.place) for part in parts), node.place)
    key = name if name in {"Ref", "Condition"} else f"Fn::{name}"
    return Node({key: node}, node.place)
