"""How many functions report, of those that should: instrumented, and invoked in the last two weeks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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


def coverage(seen: Sequence[Seen]) -> Coverage:
    """Of these functions."""
    expected = [
        function for function in seen if function.invoked and function.kind not in _NOT_EXPECTED
    ]
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
    share = f" ({numbers.reporting / numbers.of * 100:.1f} %)"
    rest = f", {numbers.unverified:,} not verified" if numbers.unverified else share
    return f"Reporting: {numbers.reporting:,} of {numbers.of:,}{rest}."


def as_json(seen: Sequence[Seen]) -> dict[str, Any]:
    """As `scan --json` has it: of all, and by account and runtime; owners of the healthy ones are not read."""
    by: dict[str, Callable[[Seen], str]] = {
        "account": lambda function: function.account,
        "runtime": lambda function: function.runtime or IMAGE,
    }
    return {
        **_numbers(coverage(seen)),
        "by": {"owner": [], "ou": [], **{name: _by(seen, named) for name, named in by.items()}},
    }


def _by(seen: Sequence[Seen], named: Callable[[Seen], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[Seen]] = defaultdict(list)
    for function in seen:
        groups[named(function)].append(function)
    counted = ((name, coverage(groups[name])) for name in sorted(groups))
    return [{"name": name, **_numbers(numbers)} for name, numbers in counted if numbers.of]


def _numbers(numbers: Coverage) -> dict[str, int]:
    return {
        "reporting": numbers.reporting,
        "unverified": numbers.unverified,
        "of": numbers.of,
    }
