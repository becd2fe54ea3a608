"""
AWS's dates for Lambda's runtimes, and which of them the SDK was tried on.

The dates are of the table that cfn-lint 1.58.0 carries (September 2026), read 2026-11-29. AWS
has moved such dates several times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checks.facts.fact import READ_ON, Certainty, Fact

_RECOMMENDED = {"nodejs": "nodejs22.x or nodejs24.x", "python": "python3.11 or python3.12"}
RECOMMENDED = ", ".join(_RECOMMENDED.values())
"""Not deprecated by AWS, and the SDK works on them (tried: Node.js 24, Python 3.12)."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """When AWS deprecates a runtime, and when it refuses to update functions that use it."""

    deprecated: date
    updates_blocked: date


_BLOCKED_LONG_AGO = Lifecycle(date(2023, 4, 30), date(2023, 5, 31))
"""The dates are past; which days they were does not matter any more (from memory)."""
_MARCH_2027 = date(2027, 3, 3)
LIFECYCLES: Fact[Mapping[str, Lifecycle]] = Fact(
    "AWS's dates for runtimes that the SDK has a language for",
    {
        **dict.fromkeys(
            (
                "nodejs",
                "nodejs4.3",
                "nodejs6.10",
                "nodejs8.10",
                "nodejs10.x",
                "nodejs12.x",
                "python2.7",
                "python3.6",
            ),
            _BLOCKED_LONG_AGO,
        ),
        "nodejs14.x": Lifecycle(date(2023, 12, 4), _MARCH_2027),
        "python3.7": Lifecycle(date(2023, 12, 4), _MARCH_2027),
        "nodejs16.x": Lifecycle(date(2024, 6, 12), _MARCH_2027),
        "nodejs18.x": Lifecycle(date(2025, 9, 1), _MARCH_2027),
        "nodejs20.x": Lifecycle(date(2026, 4, 30), _MARCH_2027),
        "python3.8": Lifecycle(date(2024, 10, 14), _MARCH_2027),
        "python3.9": Lifecycle(date(2025, 12, 15), _MARCH_2027),
        "python3.10": Lifecycle(date(2026, 10, 31), _MARCH_2027),
        "nodejs22.x": Lifecycle(date(2027, 4, 30), date(2027, 7, 1)),
        "python3.11": Lifecycle(date(2027, 6, 30), date(2027, 8, 31)),
        "nodejs24.x": Lifecycle(date(2028, 4, 30), date(2028, 7, 1)),
        "python3.12": Lifecycle(date(2028, 10, 31), date(2029, 1, 10)),
    },
    "cfn-lint 1.58.0, LmbdRuntimeLifecycle.json, September 2026; AWS has moved such dates several "
    "times",
    Certainty.DOCUMENTED,
)
UNDATED: Fact[frozenset[str]] = Fact(
    "Runtimes of Lambda whose dates no step goes by: the SDK has no language for them, or they are "
    "newer than what was read",
    frozenset(
        {
            "nodejs26.x",
            "python3.13",
            "python3.14",
            "python3.15",
            "nodejs4.3-edge",
            "java8",
            "java8.al2",
            "java8.al2023",
            "java11",
            "java11.al2023",
            "java17",
            "java17.al2023",
            "java21",
            "java25",
            "dotnetcore1.0",
            "dotnetcore2.0",
            "dotnetcore2.1",
            "dotnetcore3.1",
            "dotnet6",
            "dotnet8",
            "dotnet10",
            "go1.x",
            "ruby2.5",
            "ruby2.7",
            "ruby3.2",
            "ruby3.3",
            "ruby3.4",
            "ruby4.0",
            "provided",
            "provided.al2",
            "provided.al2023",
            "custom",
        }
    ),
    "botocore 1.44.5, Lambda Runtime",
    Certainty.READ,
)


def recommended(runtime: str | None) -> str:
    """Those of the runtime's own language; all where the SDK has none for it."""
    own = (names for begin, names in _RECOMMENDED.items() if (runtime or "").startswith(begin))
    return next(own, RECOMMENDED)


def updates_blocked(runtime: str | None, today: date | None) -> bool:
    """Whether AWS refuses to change the configuration of functions of this runtime."""
    lifecycle = LIFECYCLES.value.get(runtime or "")
    return lifecycle is not None and lifecycle.updates_blocked <= (today or READ_ON)


def dates_of(runtime: str, today: date) -> str:
    """AWS's dates in a sentence; empty for a runtime that is neither deprecated nor soon to be."""
    lifecycle = LIFECYCLES.value.get(runtime)
    if lifecycle is None or lifecycle.deprecated > today:
        return ""
    verb = "refuses updates since" if lifecycle.updates_blocked <= today else "refuses updates from"
    return (
        f" AWS deprecated it on {_shown(lifecycle.deprecated)} and {verb} "
        f"{_shown(lifecycle.updates_blocked)}."
    )


def _shown(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
