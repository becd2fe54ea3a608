"""
Records as JSON, with the number of the schema they were written in.

A record of a schema that this release does not know is left as it is: a newer release
wrote it, and will read it.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

SCHEMA = 1

T = TypeVar("T")


class UnknownSchema(Exception):
    """Another release wrote the record."""

    def __init__(self, name: str, schema: object) -> None:
        """`name` is the record's type."""
        super().__init__(
            f"A {name} in the store has schema {schema!r}, and this release reads {SCHEMA}: "
            "run the release that wrote it."
        )


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], kind))


def prepare(*kinds: type[Any]) -> None:
    """Build what reads and writes these, before somebody waits for it: tens of milliseconds."""
    for kind in kinds:
        _adapter(cast(Hashable, kind))


def encode(value: object) -> str:
    """A dataclass as text."""
    document = {
        "schema": SCHEMA,
        "value": _adapter(cast(Hashable, type(value))).dump_python(value, mode="json"),
    }
    return json.dumps(document, separators=(",", ":"))


def decode(kind: type[T], text: str) -> T:
    """The dataclass again, or UnknownSchema."""
    document = json.loads(text)
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise UnknownSchema(kind.__name__.lower(), schema)
    value: T = _adapter(cast(Hashable, kind)).validate_python(document["value"])
    return value
