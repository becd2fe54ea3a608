"""What is in a fake account: plain values, seeded by method calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.playground.account.queue import Queue
from bot.playground.account.trail import Trail

STACK = "Serverless-Inc-Role-Stack"
KEY_PREFIX = "FAKE"
"""An access key from AssumeRole is this and the account's number."""


@dataclass
class Stack:
    """A CloudFormation stack, alive or deleted."""

    status: str
    created_at: datetime
    deleted_at: datetime | None = None
    reason: str | None = None
    name: str = STACK
    failures: Sequence[tuple[str, str, str]] = ()
    """Resources that failed, the first one first: logical id, status, reason."""


@dataclass
class Group:
    """A log group: events are (time, message, stream)."""

    events: list[tuple[datetime, str, str]] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    """By a filter's name, where its pattern is not empty."""
    refused: int = 0
    """Deliveries lately that the filters' destinations refused; then nothing is forwarded."""
    log_class: str = "STANDARD"
    empty_pages: int = 1
    """Pages without events, but with a token, that a search begins with, as AWS's may."""


_UPDATED = {"CodeSize": 1_200_000, "State": "Active", "LastUpdateStatus": "Successful"}


@dataclass
class EventRule:
    """A rule of EventBridge."""

    targets: list[str] = field(default_factory=list)
    """ARNs."""
    enabled: bool = True


@dataclass
class Region:
    """One region of an account."""

    name: str
    account: str
    functions: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Configurations, as Lambda answers them, by name and version."""
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    weights: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    """Shares of other versions, by (function, alias)."""
    groups: dict[str, Group] = field(default_factory=dict)
    stacks: list[Stack] = field(default_factory=list)
    account_filters: dict[str, dict[str, str]] = field(default_factory=dict)
    """Account-level subscription filter policies: document and, where given, selectionCriteria."""
    firehoses: dict[str, str] = field(default_factory=dict)
    delivered: float | None = None
    metric_streams: dict[str, str] = field(default_factory=dict)
    sums: dict[tuple[str, str], list[tuple[datetime, int]]] = field(default_factory=dict)
    """Invocations by (function, resource), resource "" for all of them."""
    errors: dict[tuple[str, str], list[tuple[datetime, int]]] = field(default_factory=dict)
    """Those of them that failed, likewise."""
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """By function."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Texts in Secrets Manager, by their whole ARN."""
    queues: dict[str, Queue] = field(default_factory=dict)
    rules: dict[str, EventRule] = field(default_factory=dict)
    """EventBridge's, by name."""

    def function(
        self,
        name: str,
        *,
        modified_at: datetime,
        runtime: str | None = "nodejs22.x",
        version: str = "$LATEST",
        layers: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Make or replace a function; `more` are keys of Lambda's own answer."""
        answer: dict[str, Any] = _UPDATED | {
            "FunctionName": name,
            "FunctionArn": f"arn:aws:lambda:{self.name}:{self.account}:function:{name}",
            "Role": f"arn:aws:iam::{self.account}:role/service/{name}-role",
            "Version": version,
            "LastModified": f"{modified_at:%Y-%m-%dT%H:%M:%S}.000+0000",
            "Layers": [{"Arn": arn, "CodeSize": 110_000} for arn in layers],
            "Environment": {"Variables": dict(environment or {})},
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        }
        answer |= _packaged(runtime) | more
        self.functions.setdefault(name, {})[version] = answer
        return answer

    def group(self, name: str) -> Group:
        """The log group, made where it is not there."""
        return self.groups.setdefault(name, Group())

    def invoked(
        self, name: str, at: datetime, count: int = 1, resource: str = "", *, errors: int = 0
    ) -> None:
        """Add to the sums, of the function and, where given, of "name:alias"."""
        for one in {"", resource}:
            self.sums.setdefault((name, one), []).append((at, count))
            if errors:
                self.errors.setdefault((name, one), []).append((at, errors))


def _packaged(runtime: str | None) -> dict[str, Any]:
    """A container image names no runtime."""
    if runtime is None:
        return {"PackageType": "Image"}
    return {"PackageType": "Zip", "Runtime": runtime, "Handler": "index.handler"}


@dataclass
class FakeMember:
    """An account of an organization, as Organizations describes it."""

    name: str
    unit: str
    state: str = "ACTIVE"
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeOrganization:
    """An organization; the management account has it."""

    root: str = "r-fake"
    units: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name and parent, by id."""
    members: dict[str, FakeMember] = field(default_factory=dict)
    """By number."""
    delegated: set[str] = field(default_factory=set)
    """Numbers of delegated administrators."""

    def unit(self, name: str, parent: str | None = None) -> str:
        """Make a unit, below the root unless `parent` is given; its id."""
        id_ = f"ou-fake-{len(self.units):08}"
        self.units[id_] = (name, parent or self.root)
        return id_

    def join(self, number: str, unit: str | None = None, **more: Any) -> None:
        """Put the account there, in the root unless a unit is given."""
        self.members[number] = FakeMember(f"account-{number}", unit or self.root, **more)


@dataclass
class AwsAccount:
    """An account with its regions."""

    id: str
    regions: dict[str, Region] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    trusts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Services that may assume a function's role, by the role's name."""
    roles_made_at: datetime | None = None
    """When those roles were made; None: long ago."""
    trusted: dict[str, str | None] = field(default_factory=dict)
    """The external id that each role wants of whoever assumes it, by the role's name."""
    assumed_by: list[str] = field(default_factory=list)
    """Session names, as CloudTrail would show them."""
    organization: FakeOrganization | None = None
    """Of a management account."""
    trail: Trail = field(default_factory=Trail)
    """What CloudTrail shows of changes."""
    repairs_after: timedelta | None = None
    """How soon Dashboard puts back what a deployment took, if it hears of it; None: never."""

    def region(self, name: str) -> Region:
        """The region, empty at first."""
        return self.regions.setdefault(name, Region(name, self.id))

    def trust(self, role: str, external_id: str | None = None) -> str:
        """Let the bot assume `role`; its ARN."""
        self.trusted[role] = external_id
        return f"arn:aws:iam::{self.id}:role/{role}"

    def stack(
        self,
        created_at: datetime,
        status: str = "CREATE_COMPLETE",
        *,
        region: str = "us-east-1",
        deleted_at: datetime | None = None,
        reason: str | None = None,
        name: str = STACK,
        failures: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """Put a stack there; with `deleted_at` one that is gone."""
        made = Stack(status, created_at, deleted_at, reason, name, failures)
        self.region(region).stacks.append(made)
