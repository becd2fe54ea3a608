"""
Records as JSON, with the number of the schema they were written in.

Within one schema a newer release may only add fields that have a default: an older one, which
runs beside it during a rollout, ignores what it does not know (and drops it where it saves the
record), so such a field must say no more than its default does when it is lost. Anything else,
a new word of an enumeration included, is a new SCHEMA with a row in MIGRATIONS.

A record of a schema that this release does not know is `Unreadable`: it is set aside as it is
(`Quarantine.set_aside`), and the release that knows it takes it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

SCHEMA = 3
Document = dict[str, Any]
Migration = Callable[[str, Document], Document]


def _had_its_card(name: str, document: Document) -> Document:
    """Before schema 3 the card was posted before anything was read of the function."""
    return document | {"confirmed": True} if name == "diagnosis" else document


MIGRATIONS: Mapping[int, Migration] = {
    1: lambda _, value: value,  # since 2 a report's impact may be "partial"
    2: _had_its_card,
}
"""Schema → what turns a record of it (the type's name, the value) into one of the next."""

T = TypeVar("T")


class Unreadable(Exception):
    """A record that this release cannot read; `schema` is None where it has none."""

    def __init__(self, name: str, schema: int | None, why: str) -> None:
        """`name` is the record's type."""
        super().__init__(f"A {name} in the store {why}")
        self.schema = schema


class UnknownSchema(Unreadable):
    """Another release wrote the record."""

    def __init__(self, name: str, schema: object) -> None:
        """`name` is the record's type."""
        number = schema if type(schema) is int else None
        why = f"has schema {schema!r}, and this release reads {schemas()[0]} to {SCHEMA}: "
        super().__init__(name, number, why + "run the release that wrote it.")


def is_wrong_type(error: Exception) -> bool:
    """Whether the store refused because a key holds another type than this release expects."""
    from redis.exceptions import ResponseError  # noqa: PLC0415 - files are decoded without a store

    return isinstance(error, ResponseError) and "WRONGTYPE" in str(error)


@contextmanager
def right_type(name: str) -> Iterator[None]:
    """What another release stores as another type is Unreadable, too: the store is not away."""
    try:
        yield
    except Exception as error:
        if not is_wrong_type(error):
            raise
        raise Unreadable(name, None, "is stored as another type.") from None


def schemas() -> tuple[int, int]:
    """The oldest and the newest schema that this release reads."""
    oldest = SCHEMA
    while oldest - 1 in MIGRATIONS:
        oldest -= 1
    return oldest, SCHEMA


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], kind))


def prepare(*kinds: type[Any]) -> None:
    """Build what reads and writes these, before somebody waits for it: it takes tens of milliseconds."""
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
    schema, document = _opened(name, text)
    if not isinstance(document, dict):
        raise Unreadable(name, None, "does not fit its type.")
    for number in range(schema, SCHEMA):
        document = MIGRATIONS[number](name, document)
    return fitting(kind, document)


def fitting(kind: type[T], value: object) -> T:
    """The value as that type, or Unreadable."""
    try:
        fits: T = _adapter(cast(Hashable, kind)).validate_python(value)
    except ValidationError:
        # pydantic's own words repeat what was read
        raise Unreadable(kind.__name__.lower(), None, "does not fit its type.") from None
    return fits


def _opened(name: str, text: str) -> tuple[int, object]:
    try:
        stored = json.loads(text)
    except ValueError:
        raise Unreadable(name, None, "is no JSON.") from None
    schema = stored.get("schema") if isinstance(stored, dict) else None
    oldest, newest = schemas()
    if type(schema) is not int or not oldest <= schema <= newest:
        raise UnknownSchema(name, schema)
    return schema, stored.get("value")
