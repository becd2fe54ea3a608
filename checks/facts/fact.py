"""A fact that slsdiag goes by, with where it comes from and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

Value = TypeVar("Value")
READ_ON = date(2026, 11, 29)
"""When most sources were read."""


class Certainty(StrEnum):
    """How sure a fact is, surest first."""

    TRIED = "tried"
    """Run by us."""
    READ = "read in the source"
    """In code or in an API's model."""
    DOCUMENTED = "documented"
    INFERRED = "inferred"
    CONTESTED = "contested"
    """Sources disagree: never the only reason for a remedy that destroys something."""
    FROM_MEMORY = "from memory"


@dataclass(frozen=True, slots=True)
class Fact(Generic[Value]):
    """One fact; `name` says what it is about."""

    name: str
    value: Value
    source: str
    certainty: Certainty
    read_on: date = READ_ON
