"""
JSON → a tree with places. The standard library decides what is valid; a pass over the tokens adds places.

Of a large document single items can be taken, so that the rest of it costs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.lint.refusals import Unparsed
from bot.lint.tree import Node, Place, Scalar
from bot.lint.yaml_tree import MOST_NODES

MOST_CONTAINERS = 400_000
_DEPTH = 100
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n', re.DOTALL)
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+', re.DOTALL)
Span = tuple[int, int]
"""Start and end in the text."""


def json_value(text: str, file: str) -> Any:
    """The document, as the standard library reads it. Unparsed where it is none, or too much."""
    if text.count(",") + text.count("[") + text.count("{") > MOST_NODES:
        raise Unparsed(file, 1, f"it holds more than {MOST_NODES:,} values")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unparsed(file, error.lineno, f"line {error.lineno} is not valid JSON") from error
    except (RecursionError, ValueError) as error:
        raise Unparsed(file, 1, "it is nested too deeply, or holds a number too long") from error


def json_tree(text: str, file: str) -> Node:
    """The document with places. Unparsed where it is none, or too much."""
    json_value(text, file)
    return _Placing(file, 1).tree(text)


def members(text: str, file: str) -> dict[str, Span]:
    """
    Where the values of the top level stand, by key.

    Nothing is parsed, so that a document costs no more than its text: its validity is not checked
    beyond what closes what.
    """
    if text.count("{") + text.count("[") > MOST_CONTAINERS:
        raise Unparsed(file, 1, f"it holds more than {MOST_CONTAINERS:,} lists and objects")
    spans = list(_parts(text, file, 0))
    return {
        str(value_at(text, file, key)): value
        for key, value in zip(spans[::2], spans[1::2], strict=False)
        if text[key[0]] == '"'
    }


def items(text: str, file: str, of: Span) -> Iterator[Span]:
    """Where the items of a list stand."""
    return _parts(text, file, of[0]) if text[of[0]] == "[" else iter(())


def value_at(text: str, file: str, span: Span | None) -> Any:
    """What stands there; None where nothing does."""
    if span is None:
        return None
    try:
        return json.loads(text[slice(*span)])
    except (ValueError, RecursionError) as error:
        line = text.count("\n", 0, span[0]) + 1
        raise Unparsed(file, line, f"what begins in line {line} is not valid JSON") from error


def _parts(text: str, file: str, start: int) -> Iterator[Span]:
    """The values (of a mapping also the keys) directly within the container at `start`."""
    depth, begun = 0, 0
    for match in _STRUCTURE.finditer(text, start):
        part = match[0]
        if part in "{[":
            begun = match.start() if depth == 1 else begun
            depth += 1
        elif part in "}]":
            depth -= 1
            if depth == 0:
                return
            if depth == 1:
                yield begun, match.end()
        elif depth == 1:
            yield match.span()
    raise Unparsed(file, 1, "it is cut off, or not valid JSON")


def tree_within(text: str, file: str, span: Span) -> Node:
    """The tree of a part of a document, which is valid by itself (`value_at`)."""
    start, end = span
    line = text.count("\n", 0, start) + 1
    return _Placing(file, line, start - text.rfind("\n", 0, start) - 1).tree(text[start:end])


class _Placing:
    """Makes nodes of the tokens of valid JSON, from a line on."""

    def __init__(self, file: str, line: int, column: int = 0) -> None:
        self.file, self.line, self.begin = file, line, -column
        self._open: list[tuple[dict[str, Node] | list[Node], Place]] = []
        self._keys: list[tuple[str, Place]] = []
        self._last: tuple[Scalar, Place] | None = None
        self._root: Node | None = None

    def tree(self, text: str) -> Node:
        """Of the whole text."""
        for match in _TOKEN.finditer(text):
            part = match[0]
            if part == "\n":
                self.line, self.begin = self.line + 1, match.end()
            else:
                self._take(part, Place(self.file, self.line, match.start() - self.begin + 1))
        self._flush()
        assert self._root is not None  # noqa: S101 - valid JSON has a value
        return self._root

    def _take(self, part: str, place: Place) -> None:
        match part:
            case "{" | "[":
                if len(self._open) >= _DEPTH:
                    raise Unparsed(self.file, place.line, "it is nested too deeply")
                self._open.append(({} if part == "{" else [], place))
            case "}" | "]":
                self._flush()
                content, begun = self._open.pop()
                self._put(Node(content if isinstance(content, dict) else tuple(content), begun))
            case ",":
                self._flush()
            case ":":
                assert self._last is not None  # noqa: S101 - a key comes before its colon
                self._keys.append((str(self._last[0]), self._last[1]))
                self._last = None
            case _:
                self._last = (json.loads(part), place)

    def _flush(self) -> None:
        """What was read last is a value, not a key."""
        if self._last is not None:
            value, place = self._last
            self._last = None
            self._put(Node(value, place))

    def _put(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        content = self._open[-1][0]
        if isinstance(content, list):
            content.append(node)
        else:
            key, place = self._keys.pop()
            content[key] = node.at(place)
