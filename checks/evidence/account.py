"""The account's parts: the integration's stack and its roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

STACK_NAME = "Serverless-Inc-Role-Stack"
STACK_REGION = "us-east-1"
ROLE_NAME = "ServerlessRole"


@dataclass(frozen=True, slots=True)
class IntegrationStack:
    """The stack in us-east-1."""

    status: str
    """CloudFormation's word, as CREATE_COMPLETE."""
    created_at: datetime
    reason: str | None = None
    """CloudFormation's reason for a failed status, escaped text from AWS."""
    deleted_before: datetime | None = None
    """When the last one of that name was deleted, if that was seen."""
    deletions_seen: bool = True
    """False: whether one was deleted before could not be seen (or was not asked)."""


@dataclass(frozen=True, slots=True)
class StackElsewhere:
    """No stack in us-east-1, but one in another region."""

    region: str
    status: str
    reason: str | None = None
    unreadable: tuple[str, ...] = ()
    """Regions that could not be looked at."""


@dataclass(frozen=True, slots=True)
class NoStack:
    """No stack in us-east-1 nor in any other region that could be read."""

    deleted_at: datetime | None = None
    """When the last one was deleted, if CloudFormation still knows (it keeps 90 days)."""
    searched: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    """Regions that could not be looked at."""


@dataclass(frozen=True, slots=True)
class IntegrationRole:
    """The role `ServerlessRole`, by which the platform enters the account."""

    arn: str
