"""The function's parts: configuration, log group, filters, invocations, traffic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FILTER_NAME = "serverless_logs-filter"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A variable whose value stays in AWS; only whether it was empty is kept."""

    empty: bool


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """The configuration, of $LATEST or of the version that `qualifier` names."""

    name: str
    arn: str
    """Without a qualifier."""
    region: str
    account: str
    runtime: str | None
    """None for a container image."""
    handler: str | None
    layers: tuple[str, ...]
    """Layer version ARNs, in order."""
    modified_at: datetime
    """When this configuration was last changed (a version: when it was published)."""
    qualifier: str | None = None
    """What the person asked for: an alias or a version number."""
    version: str = "$LATEST"
    """The version that `qualifier` leads to."""
    update_status: str | None = None
    """LastUpdateStatus: Successful, Failed, InProgress."""
    error: str | None = None
    """LastUpdateStatusReason or StateReason, when there is one."""
    code_size: int | None = None
    """Zipped bytes of code and layers together; AWS does not tell the unzipped size."""

    @property
    def partition(self) -> str:
        """aws, aws-cn, aws-us-gov."""
        return self.arn.split(":")[1]


@dataclass(frozen=True, slots=True)
class LogGroup:
    """Where the function's log goes."""

    name: str
    log_class: str = "STANDARD"
    """CloudWatch's word: STANDARD, INFREQUENT_ACCESS, DELIVERY."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A subscription filter on the function's log group."""

    name: str
    destination: str


@dataclass(frozen=True, slots=True)
class Invocations:
    """
    Invocations by CloudWatch's sums, newest known first.

    `sums` are (start of the period, seconds, count), only periods with a count above zero.
    `looked_from` is how far back was looked.
    """

    sums: tuple[tuple[datetime, int, int], ...]
    looked_from: datetime


@dataclass(frozen=True, slots=True)
class Alias:
    """A published version that gets traffic, through an alias or by its own number."""

    qualifier: str
    """The alias's name, or the version number."""
    version: str
    invocations: int
    instrumented: bool | None
    """None: its configuration could not be read."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Who is invoked: published versions with invocations lately."""

    published: tuple[Alias, ...]
    unread: tuple[str, ...] = ()
    """Qualifiers left out by the bound of how many are looked at, or not readable."""
