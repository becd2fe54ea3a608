"""The function's parts: configuration, log group, filters, invocations, traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks.evidence.missing import Missing
from checks.evidence.region import LOG_FIREHOSE
from checks.facts.log_classes import STANDARD, TAKES_FILTERS
from checks.function_ref import FunctionRef

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
    error_code: str | None = None
    """The code of a failed update or state, "Failed" where Lambda gives none."""
    code_size: int | None = None
    """Zipped bytes of code and layers together; AWS does not tell the unzipped size."""
    read_on: date | None = None
    """The day it was read, by which AWS's dates for runtimes are judged."""
    managed_instances: bool = False
    """It runs on Lambda Managed Instances: what names no version goes to $LATEST.PUBLISHED."""
    durable: bool = False
    """A durable function, which AWS invokes by a version or an alias only."""
    at_the_edge: bool = False
    """Its role trusts edgelambda.amazonaws.com: CloudFront runs it (Lambda@Edge)."""

    @property
    def ref(self) -> FunctionRef:
        """Which function, and which version was asked for."""
        return FunctionRef(self.name, self.qualifier, self.region, self.account)

    @property
    def frozen(self) -> bool:
        """Whether this is a published version, which nothing can change."""
        return self.version != "$LATEST"

    @property
    def newest_runtimes_only(self) -> bool:
        """Whether AWS runs it on Node.js 22, Python 3.13 or later only."""
        return self.managed_instances or self.durable

    @property
    def partition(self) -> str:
        """aws, aws-cn, aws-us-gov."""
        return self.arn.split(":")[1]


@dataclass(frozen=True, slots=True)
class LogGroup:
    """Where the function's log goes."""

    name: str
    log_class: str = STANDARD
    """CloudWatch's word: STANDARD, INFREQUENT_ACCESS, DELIVERY, ESSENTIALS."""

    @property
    def takes_filters(self) -> bool | None:
        """Whether its class takes subscription filters; None where that is not known."""
        return TAKES_FILTERS.value.get(self.log_class)


@dataclass(frozen=True, slots=True)
class Filter:
    """A subscription filter on the log group, or a policy of the account's that acts as one."""

    name: str
    destination: str
    pattern: str = ""
    """Which lines it forwards; all of them where it is empty."""
    created_at: datetime | None = None
    last_forwarded: datetime | None = None
    """The start of the newest hour in which it forwarded a line, where that was read."""
    idle_since: datetime | None = None
    """It has forwarded nothing since then at least; None where that was not read."""

    @property
    def reaches_us(self) -> bool:
        """Whether it leads to the platform's Firehose, whatever it is called."""
        return self.destination.endswith(f":deliverystream/{LOG_FIREHOSE}")

    @property
    def ours(self) -> bool:
        """Whether it is the platform's, wherever it leads."""
        return self.reaches_us or self.name == FILTER_NAME


def our_filter(filters: Sequence[Filter]) -> Filter | None:
    """The one that leads to the platform, else the one of that name."""
    ours = [filter_ for filter_ in filters if filter_.ours]
    return next((filter_ for filter_ in ours if filter_.reaches_us), ours[0] if ours else None)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What our filter did with the log group's lines lately, by CloudWatch's sums."""

    forwarded: int
    errors: int
    """Deliveries that its destination refused."""


@dataclass(frozen=True, slots=True)
class Invocations:
    """
    Invocations by CloudWatch's sums, newest known first.

    `sums` are (start of the period, seconds, count), only periods with a count above zero.
    `looked_from` is how far back was looked.
    """

    sums: tuple[tuple[datetime, int, int], ...]
    looked_from: datetime
    errors: tuple[tuple[datetime, int, int], ...] = ()
    """Those that failed, likewise, of the last day."""


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
    by_number: Missing | None = None
    """Why it is not known which versions are invoked by their own numbers."""
