"""How many functions report, of those that should: instrumented, and invoked in the last two weeks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.organization import Unit
from bot.scan.model import UNVERIFIED, ProblemClass, Seen
from checks.model import Overall

_NOT_EXPECTED = frozenset({ProblemClass.NOT_INSTRUMENTED, ProblemClass.QUIET})
_REPORTING = frozenset({Overall.HEALTHY.value, Overall.NOTICE.value})
_UNKNOWN = frozenset({UNVERIFIED, Overall.UNDETERMINED.value})
IMAGE = "container image"
"""In place of a runtime."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of functions."""

    reporting: int
    """Who reports only in part does not count."""
    unverified: int
    """Who may report or not."""
    of: int


def counts(function: Seen) -> bool:
    """Whether it should report."""
    return bool(function.invoked) and function.kind not in _NOT_EXPECTED


def coverage(seen: Sequence[Seen]) -> Coverage:
    """Of these functions."""
    expected = [function for function in seen if counts(function)]
    reporting = sum(
        function.verdict in _REPORTING and function.impact != "partial" for function in expected
    )
    unverified = sum(function.verdict in _UNKNOWN for function in expected)
    return Coverage(reporting, unverified, len(expected))


def sentence(seen: Sequence[Seen]) -> str:
    """
    Reporting: 1,988 of 2,000 (99.4 %). Reporting: 75 of 2,000, 1,877 not verified.

    No share is said where some are not verified: those that are suspicious were verified first.
    """
    numbers = coverage(seen)
    if not numbers.of:
        return ""
    share = f" ({percent(numbers.reporting, numbers.of)})"
    rest = f", {numbers.unverified:,} not verified" if numbers.unverified else share
    return f"Reporting: {numbers.reporting:,} of {numbers.of:,}{rest}."


def percent(part: int, of: int) -> str:
    """As in 99.4 %; never 100 where it is not all."""
    rounded = f"{part / of * 100:.1f}"
    return "99.9 %" if rounded == "100.0" and part < of else f"{rounded} %"


def as_json(seen: Sequence[Seen], units: Mapping[str, Unit] = {}) -> dict[str, Any]:
    """
    As `scan --json` has it: of all, and by account, owner, runtime and organizational unit.

    By owner only where tags were read; a function without the tag counts under null. `units` are
    those that accounts are in directly, by the account's number.
    """
    owned = seen if any(function.owner for function in seen) else ()
    placed = [function for function in seen if function.account in units]
    by_unit = _by(placed, lambda function: units[function.account].id)
    paths = {unit.id: unit.path for unit in units.values()}
    return {
        **_numbers(coverage(seen)),
        "by": {
            "account": _by(seen, lambda function: function.account),
            "owner": _by(owned, lambda function: function.owner),
            "runtime": _by(seen, lambda function: function.runtime or IMAGE),
            "ou": [{**group, "path": paths[group["name"]]} for group in by_unit],
        },
    }


def _by(seen: Sequence[Seen], named: Callable[[Seen], str | None]) -> list[dict[str, Any]]:
    groups: dict[str | None, list[Seen]] = defaultdict(list)
    for function in seen:
        groups[named(function)].append(function)
    ordered = sorted(groups, key=lambda name: (name is None, name or ""))
    counted = ((name, coverage(groups[name])) for name in ordered)
    return [{"name": name, **_numbers(numbers)} for name, numbers in counted if numbers.of]


def _numbers(numbers: Coverage) -> dict[str, int]:
    return {
        "reporting": numbers.reporting,
        "unverified": numbers.unverified,
        "of": numbers.of,
    }
