"""All facts that slsdiag goes by, found in this folder, for people and programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import checks.facts
from checks.facts.fact import Fact


def catalog() -> tuple[Fact[Any], ...]:
    """Each fact once, by module and in the order of its lines."""
    facts: dict[int, Fact[Any]] = {}
    for module in sorted(iter_modules(checks.facts.__path__), key=lambda info: info.name):
        values = vars(import_module(f"{checks.facts.__name__}.{module.name}")).values()
        facts.update({id(fact): fact for fact in values if isinstance(fact, Fact)})
    return tuple(facts.values())


def plain(value: object) -> Any:
    """`value` of what JSON knows; of dataclasses what is set."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: plain(item) for name, item in fields.items() if item not in (None, (), "")}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} minutes"
    return value.isoformat() if isinstance(value, date) else value


def lines(value: object) -> Iterator[str]:
    """`value` for people: one line, or one for each of its parts."""
    match plain(value):
        case dict() as parts:
            yield from (f"{name}: {_short(part)}" for name, part in parts.items())
        case [dict(), *_] as rows:
            yield from map(_short, rows)
        case other:
            yield _short(other)


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_short(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    if value is None:
        return "not known"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
