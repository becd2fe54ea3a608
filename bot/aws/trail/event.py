"""What is known of one CloudTrail event outside the AWS door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checks.change import Actor, Means


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it was."""

    actor: Actor
    name: str
    """Of a role or permission set, of an IAM user where names were wanted; else words."""


@dataclass(frozen=True, slots=True)
class Way:
    """How it was made, by one event alone."""

    means: Means
    provider: str | None = None
    """The CI: "GitHub Actions"."""
    delegated: bool = False
    """CloudFormation acted by a role of its own; who started it is in another event."""


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """
    One event, of LookupEvents or of EventBridge; times aware, UTC.

    `name` has no date: UpdateFunctionConfiguration, not …20150331v2. `id` is CloudTrail's
    eventID, the same on both ways.
    """

    id: str
    source: str
    """The service: lambda, logs, cloudformation, firehose, monitoring, iam."""
    name: str
    at: datetime
    """When the request was completed, in whole seconds."""
    region: str
    account: str
    resource: str
    """The bare name of the function, log group, stack, stream or role; empty where not named."""
    identity: Identity
    way: Way
    detail: str = ""
    """The filter, alias or version that it is about."""
    sent: tuple[str, ...] = ()
    """What of a function the request set, in words: layers, handler, runtime, role, logging …"""
    after: Mapping[str, str] = field(default_factory=dict)
    """A fingerprint of each of these afterwards; only to be compared."""
    modified_at: datetime | None = None
    """A function's lastModified, as the answer had it."""
    failed: bool = False
    read_only: bool = False
