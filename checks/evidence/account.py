"""The account's parts: the integration's stack and its roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.evidence.missing import Missing
from checks.facts.stack_states import StackState, state_of

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
    """False: whether one was deleted before could not be seen (or was not read)."""
    name: str = STACK_NAME
    """Another one where the stack was made otherwise, as by a StackSet."""
    failed_resource: str | None = None
    """The resource that `reason` is about."""

    @property
    def region(self) -> str:
        """Where it is."""
        return STACK_REGION

    @property
    def state(self) -> StackState | None:
        """What its status comes to; None for a status that is not known."""
        return state_of(self.status)


@dataclass(frozen=True, slots=True)
class StackElsewhere:
    """No stack in us-east-1, but one in another region."""

    region: str
    status: str
    reason: str | None = None
    unreadable: tuple[str, ...] = ()
    """Regions that could not be read."""
    failed_resource: str | None = None
    """The resource that `reason` is about."""

    @property
    def name(self) -> str:
        """Other names are not searched for outside us-east-1."""
        return STACK_NAME

    @property
    def state(self) -> StackState | None:
        """What its status comes to; None for a status that is not known."""
        return state_of(self.status)


@dataclass(frozen=True, slots=True)
class NoStack:
    """No stack in us-east-1 nor in any other region that could be read."""

    deleted_at: datetime | None = None
    """When the last one was deleted, if CloudFormation still lists it (it does for 90 days)."""
    searched: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    """Regions that could not be read."""
    reasons: tuple[Missing, ...] = ()
    """Why they could not be read, each reason once."""
    other_names_seen: bool = True
    """False: whether one of another name is in us-east-1 could not be seen."""


@dataclass(frozen=True, slots=True)
class IntegrationRole:
    """The role `ServerlessRole`, by which the platform enters the account."""

    arn: str
    created_at: datetime | None = None
