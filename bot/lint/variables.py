"""
The variables of a serverless.yml, resolved as far as the project's own files say them.

`${self:…}`, `${opt:…}`, `${sls:stage}`, `${param:…}` and `${file(…)}` of YAML and JSON inside the
repository are. All others are not known before the deploy; a default that stands behind one of
those is not taken, for it may not be what the deploy takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bot.lint.files import Files
from bot.lint.references import LITERAL, Source, references, sources
from bot.lint.tree import MOST_CHARACTERS, Node, Place, Unknown
from bot.text.redaction import redacted
from bot.text.visible import visible

_MOST_STEPS = 200_000
_DEPTH = 60
_SHOWN = 60


@dataclass
class References:
    """Of one service."""

    root: Node
    folder: Path
    files: Files
    options: Mapping[str, str]
    """Those of the command line that were given: stage."""
    stage: str = "dev"
    read: set[Path] = field(default_factory=set)
    """Files that were included."""
    _done: dict[int, Node] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _steps: int = 0

    def resolved(self, node: Node, depth: int = 0) -> Node:
        """The value without references; what cannot be resolved is Unknown."""
        known = self._done.get(id(node))
        if known is not None:
            return known
        self._steps += 1
        if id(node) in self._open:
            return Node(Unknown("the value refers to itself"), node.place)
        if depth > _DEPTH or self._steps > _MOST_STEPS:
            return Node(Unknown("there are too many references"), node.place)
        self._open.add(id(node))
        found = self._resolved(node, depth + 1)
        self._open.discard(id(node))
        self._done[id(node)] = found
        return found

    def _resolved(self, node: Node, depth: int) -> Node:
        if isinstance(node.value, str):
            return self._text(node.value, node.place, depth) if "${" in node.value else node
        if isinstance(node.value, dict):
            entries = {key: self.resolved(each, depth) for key, each in node.value.items()}
            return Node(entries, node.place)
        if isinstance(node.value, tuple):
            return Node(tuple(self.resolved(item, depth) for item in node.value), node.place)
        return node

    def _text(self, text: str, place: Place, depth: int) -> Node:
        spans = list(references(text))
        if spans == [(0, len(text))]:
            return self._reference(text[2:-1], place, depth)
        parts, at, unknown = [], 0, None
        for start, end in spans:
            found = self._reference(text[start + 2 : end - 1], place, depth)
            unknown = unknown or found.unknown
            partly = found.unknown.text if found.unknown else None
            parts += [text[at:start], found.text or partly or "${?}"]
            at = end
        whole = "".join([*parts, text[at:]])
        if len(whole) > MOST_CHARACTERS:
            return Node(Unknown("the value is too long"), place)
        return Node(Unknown(unknown.why, whole) if unknown else whole, place)

    def _reference(self, inner: str, place: Place, depth: int) -> Node:
        """What `${inner}` is; itself where it is no reference of the framework's."""
        if depth > _DEPTH:
            return Node(Unknown("there are too many references"), place)
        spelled = self._text(inner, place, depth + 1) if "${" in inner else Node(inner, place)
        if spelled.unknown:
            return Node(Unknown(spelled.unknown.why), place)
        text = spelled.text or ""
        named = sources(text)
        if named is None:
            return Node(f"${{{inner}}}", place)
        for source in named:
            found = self._source(source, place, depth + 1)
            if found is not None:
                return found
        return Node(Unknown(f"{shown(text)} leads to nothing in the project"), place)

    def _source(self, source: Source, place: Place, depth: int) -> Node | None:
        """None: there is no such value, and the next source is tried."""
        address = source.address or ""
        match source.kind:
            case "literal" if source.kind == LITERAL:
                return None if source.literal is None else Node(source.literal, place)
            case "self":
                return self._below(self.root, address, depth) if address else None
            case "opt":
                return Node(self.options[address], place) if address in self.options else None
            case "sls" if address == "stage":
                return Node(self.stage, place)
            case "file":
                return self._included(source.argument or "", address, place, depth)
            case "param":
                return self._parameter(address, place, depth)
            case "aws" if address == "region":
                return self._below(self.root, "provider.region", depth)
            case "strToBool":
                return Node((source.argument or "").strip() in {"true", "1"}, place)
        return Node(Unknown(f"{shown(_spelled(source))} is read at the deploy"), place)

    def _below(self, node: Node, address: str, depth: int) -> Node | None:
        """What a path of keys and indexes leads to, by way of references, too."""
        found: Node | None = node
        for key in address.split(".") if address else ():
            assert found is not None  # noqa: S101 - narrows: the loop ends where nothing is found
            if isinstance(found.value, str):
                found = self.resolved(found, depth)
            if found.unknown:
                return found
            found = self._step(found, key)
            if found is None:
                return None
        resolved = self.resolved(found, depth) if found else None
        return None if resolved is None or resolved.value is None else resolved

    @staticmethod
    def _step(node: Node, key: str) -> Node | None:
        if isinstance(node.value, tuple):
            return node.value[int(key)] if key.isdecimal() and int(key) < len(node.value) else None
        return node.entries.get(key)

    def _included(self, name: str, address: str, place: Place, depth: int) -> Node | None:
        """A part of another file, at its own place; the whole of one where it is used."""
        path = self.folder / name.strip()
        real = self.files.inside(path)
        if real is None:
            lies = "lies outside the repository" if path.exists() else ""
            return Node(Unknown(f"{shown(name)} {lies}"), place) if lies else None
        self.read.add(real)
        tree = self.files.tree(real)
        if tree is None:
            return Node(Unknown(f"{shown(name)} is not read: only YAML and JSON are"), place)
        found = self._below(tree, address, depth)
        return found.at(place) if found is not None and not address else found

    def _parameter(self, name: str, place: Place, depth: int) -> Node | None:
        """Of the stage, else of all stages; where Dashboard may hold one, it would come between."""
        for path in (f"params.{self.stage}", f"stages.{self.stage}.params"):
            if found := self._below(self.root, f"{path}.{name}", depth):
                return found
        if "app" in self.root.entries:
            return Node(Unknown(f"{shown(f'param:{name}')} is read at the deploy"), place)
        return self._below(self.root, f"params.default.{name}", depth) or self._below(
            self.root, f"stages.default.params.{name}", depth
        )


def _spelled(source: Source) -> str:
    argument = f"({source.argument})" if source.argument is not None else ""
    address = f":{source.address}" if source.address is not None else ""
    return f"{source.kind}{argument}{address}"


@lru_cache(maxsize=1024)
def shown(text: str) -> str:
    """A reference or a file's name, as it may be repeated: ${ssm:/orders/table}"""
    safe = visible(redacted(text[:_SHOWN]))
    return f"${{{safe}}}" if ":" in safe else safe
