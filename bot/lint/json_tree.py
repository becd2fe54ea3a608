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

_DEPTH = 100
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def json_tree(text: str, file: str) -> Node:
    """The document. Unparsed where it is none."""
    if text.count(",") + text.count("[") + text.count("{") > MOST_NODES:
        raise Unparsed(file, 1, f"it holds more than {MOST_NODES:,} values")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Unparsed(file, error.lineno, f"line {error.lineno} is not valid JSON") from error
    except (RecursionError, ValueError) as error:
        raise Unparsed(file, 1, "it is nested too deeply, or holds a number too long") from error
    return _Placing(file, 1).tree(text)


def items_of(text: str, file: str, key: str) -> Iterator[tuple[Any, int, int]]:
    """
    The items of the top-level list `key`, one at a time: value, start and end in `text`.

    Unparsed where the document is not valid up to there.
    """
    try:
        for name, start, _ in _members(text):
            if name == key:
                yield from _list_items(text, start)
    except (json.JSONDecodeError, IndexError) as error:
        line = getattr(error, "lineno", 1)
        raise Unparsed(file, line, f"line {line} is not valid JSON") from error
    except (RecursionError, ValueError) as error:
        raise Unparsed(file, 1, "it is nested too deeply, or holds a number too long") from error


def member_of(text: str, file: str, key: str) -> Any:
    """What stands at the top level under `key`; None where nothing does."""
    try:
        for name, start, _ in _members(text):
            if name == key:
                return _DECODER.raw_decode(text, start)[0]
    except (ValueError, IndexError, RecursionError) as error:
        raise Unparsed(file, 1, "it is not valid JSON") from error
    return None


def _members(text: str) -> Iterator[tuple[str, int, int]]:
    at = _blank(text, _blank(text, 0) + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _blank(text, _blank(text, at) + 1)
        _, end = _DECODER.raw_decode(text, start)
        yield str(name), start, end
        at = _blank(text, end)
        at = _blank(text, at + 1) if text[at] == "," else at


def _list_items(text: str, start: int) -> Iterator[tuple[Any, int, int]]:
    at = _blank(text, start + 1)
    while text[start] == "[" and text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        yield value, at, end
        at = _blank(text, end)
        at = _blank(text, at + 1) if text[at] == "," else at


def _blank(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def tree_within(text: str, file: str, start: int, end: int) -> Node:
    """The tree of a part of a document that is known to be valid."""
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
