"""
What the steps judge by: facts gathered once, never changed.

The parts come in three scopes, each fetched and cached once: the account
(`account.py`), the region (`region.py`) and the function (`function.py`).
A part that could not be read is `Missing`, never an empty value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks.evidence.account import IntegrationRole, IntegrationStack, NoStack, StackElsewhere
from checks.evidence.function import (
    Alias,
    Filter,
    Forwarding,
    Invocations,
    LambdaFunction,
    LogGroup,
    Traffic,
    Withheld,
)
from checks.evidence.missing import Missing
from checks.evidence.region import DeliveryStream, DeploymentEvents, MetricPipe
from checks.log.sample import LogSample

__all__ = [
    "Alias",
    "DeliveryStream",
    "DeploymentEvents",
    "Environment",
    "Evidence",
    "Expected",
    "Filter",
    "Forwarding",
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


def readable(environment: Environment | Missing, name: str) -> str | None:
    """The value of a variable that may leave AWS; "" where empty, None where absent or not read."""
    value = None if isinstance(environment, Missing) else environment.get(name)
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Expected:
    """What this installation expects of a function; not read from AWS."""

    org_id: str | None = None
    filter_limit: int | None = None
    """Subscription filters a log group; None: not known, see `checks/filter_slots.py`."""
    repaired_within: timedelta = timedelta(seconds=120)
    """So long Dashboard may take to put back what a deployment took (interface: Walk)."""


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

    forwarding: Forwarding | Missing | None = None
    """None: not asked for."""
    edge_unread: Missing | None = None
    """Why it could not be read whether CloudFront runs the function, where that may be."""
    account_filters: tuple[Filter, ...] | Missing | None = None
    """The account's policies that forward this log group's lines, too; None: not asked for."""
    most_filters: int | Missing | None = None
    """The most filters seen on one log group of the region; None: not asked for."""
    deployment_events: DeploymentEvents | Missing | None = None
    """Whether Dashboard can hear of deployments; None: not asked for."""

    expected: Expected = Expected()
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a person answered, by the slug of the step that asked."""
