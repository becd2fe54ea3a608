"""Values of a YAML or JSON file, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST_CHARACTERS = 65_536
"""Of a text that is put together of others: no setting of a function is longer."""
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; line and column from 1."""

    file: str
    """An absolute path."""
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known before the deploy."""

    why: str
    """A phrase: the parameter Stage is given at the deploy."""
    text: str | None = None
    """Of text that is known in part: the parts that are not stand there as ${Name}."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value. Anchors make one node stand in several places, so trees are not copied."""

    value: Value
    place: Place

    @property
    def entries(self) -> Mapping[str, Node]:
        """Of a mapping, each at the place of its key; empty for all else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """Of a list; empty for all else."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def text(self) -> str | None:
        """Of a scalar, as both frameworks write it into a variable; None for all else."""
        if self.value is None or isinstance(self.value, dict | tuple | Unknown | Choice):
            return None
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)

    @property
    def unknown(self) -> Unknown | None:
        """Why it is not known, where it is not."""
        return self.value if isinstance(self.value, Unknown) else None

    def get(self, *path: str) -> Node | None:
        """What a path of keys leads to; what is unknown on the way stands for all below it."""
        found: Node | None = self
        for key in path:
            if found is None or found.unknown:
                return found
            found = found.entries.get(key)
        return found

    def at(self, place: Place) -> Node:
        """The same value in another place."""
        return Node(self.value, place)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several values, by a condition that only the deploy decides."""

    why: str
    options: tuple[Node | None, ...]
    """None: no value."""


Value = Scalar | dict[str, Node] | tuple[Node, ...] | Unknown | Choice


def options_of(node: Node | None) -> Iterator[Node | None]:
    """What a value may turn out to be."""
    if node is not None and isinstance(node.value, Choice):
        for option in node.value.options:
            yield from options_of(option)
    else:
        yield node
