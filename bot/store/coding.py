"""
Records as JSON, with the number of the schema they were written in.

Within one schema a newer release may only add fields that have a default: an older one, which
runs beside it during a rollout, ignores what it does not know (and drops it where it saves the
record), so such a field must say no more than its default does when it is lost. Anything else,
a new word of an enumeration included, is a new SCHEMA with a row in MIGRATIONS.

A record of a schema that this release does not know is `Unreadable`: it is put aside as it is
(`Due.put_aside`), and the release that knows it takes it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

SCHEMA = 1
Document = dict[str, Any]
Migration = Callable[[str, Document], Document]
MIGRATIONS: Mapping[int, Migration] = {}
"""Schema → what turns a record of it (the type's name, the value) into one of the next."""

T = TypeVar("T")


class Unreadable(Exception):
    """The record cannot be read by this release; `schema` is None where it tells none."""

    def __init__(self, name: str, schema: int | None, why: str) -> None:
        """`name` is the record's type."""
        super().__init__(f"A {name} in the store {why}")
        self.schema = schema


class UnknownSchema(Unreadable):
    """Another release wrote the record."""

    def __init__(self, name: str, schema: object) -> None:
        """`name` is the record's type."""
        number = schema if type(schema) is int else None
        why = f"has schema {schema!r}, and this release reads {known()[0]} to {SCHEMA}: "
        super().__init__(name, number, why + "run the release that wrote it.")


def known() -> tuple[int, int]:
    """The oldest and the newest schema that this release reads."""
    oldest = SCHEMA
    while oldest - 1 in MIGRATIONS:
        oldest -= 1
    return oldest, SCHEMA


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
    """The dataclass again, or Unreadable."""
    name = kind.__name__.lower()
    schema, document = _taken_apart(name, text)
    for number in range(schema, SCHEMA):
        document = MIGRATIONS[number](name, document)
    try:
        value: T = _adapter(cast(Hashable, kind)).validate_python(document)
    except ValidationError:
        # pydantic's own words repeat what was read
        raise Unreadable(name, None, f"of schema {schema} does not fit its type.") from None
    return value


def _taken_apart(name: str, text: str) -> tuple[int, Document]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Unreadable(name, None, "is no JSON.") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    oldest, newest = known()
    if type(schema) is not int or not oldest <= schema <= newest:
        raise UnknownSchema(name, schema)
    return schema, found.get("value")
