"""
What the steps judge by: facts gathered once, never changed.

The parts come in three scopes, each fetched and cached once: the account
(`account.py`), the region (`region.py`) and the function (`function.py`).
A part that could not be read is `Missing`, never an empty value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checks.evidence.account import IntegrationRole, IntegrationStack, NoStack, StackElsewhere
from checks.evidence.function import (
    Alias,
    Filter,
    Invocations,
    LambdaFunction,
    LogGroup,
    Traffic,
    Withheld,
)
from checks.evidence.missing import Missing
from checks.evidence.region import DeliveryStream, MetricPipe
from checks.log_sample import LogSample

__all__ = [
    "Alias",
    "DeliveryStream",
    "Environment",
    "Evidence",
    "Expected",
    "Filter",
    "IntegrationRole",
    "IntegrationStack",
    "Invocations",
    "LambdaFunction",
    "LogGroup",
    "LogSample",
    "MetricPipe",
    "Missing",
    "NoStack",
    "StackElsewhere",
    "Traffic",
    "Withheld",
    "readable",
]

Environment = Mapping[str, str | Withheld]


def readable(environment: Environment, name: str) -> str | None:
    """The value of a variable that may leave AWS; None where it is absent, "" where empty."""
    value = environment.get(name)
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Expected:
    """What this installation expects of a function; not read from AWS."""

    org_id: str | None = None
    filter_limit: int = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One function's facts, all read at about `now` (aware, UTC)."""

    now: datetime
    function: LambdaFunction
    environment: Environment | Missing
    environment_size: int | Missing
    """Bytes of all variables as compact JSON, names included: what AWS's 4 KB limit measures."""

    stack: IntegrationStack | StackElsewhere | NoStack | Missing
    role: IntegrationRole | Missing | None
    """None: the role `ServerlessRole` does not exist."""

    log_firehose: DeliveryStream | Missing | None
    metric_pipe: MetricPipe | Missing

    log_group: LogGroup | Missing | None
    """None: the log group does not exist (yet)."""
    filters: tuple[Filter, ...] | Missing
    """Empty also while there is no log group."""
    invocations: Invocations | Missing
    log: LogSample | Missing
    traffic: Traffic | Missing

    expected: Expected = Expected()
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a person answered, by the slug of the step that asked."""
