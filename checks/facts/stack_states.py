"""What each state of a CloudFormation stack means for the integration."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from checks.facts.fact import Certainty, Fact


class StackState(StrEnum):
    """What a state comes to."""

    READY = "ready"
    CHANGING = "being created or updated"
    UPDATE_UNDONE = "its last update was undone"
    NEVER_MADE = "its creation failed"
    BEING_UNDONE = "its creation failed and is being undone"
    UPDATE_STUCK = "its last update failed and was not undone"
    NOT_EXECUTED = "a change set that nobody executed"
    BEING_DELETED = "being deleted"
    NOT_DELETED = "its deletion failed"
    DELETED = "deleted"


STACK_STATES: Fact[Mapping[str, StackState]] = Fact(
    "States of a CloudFormation stack",
    {
        "CREATE_COMPLETE": StackState.READY,
        "UPDATE_COMPLETE": StackState.READY,
        "IMPORT_COMPLETE": StackState.READY,
        "IMPORT_ROLLBACK_COMPLETE": StackState.READY,
        "CREATE_IN_PROGRESS": StackState.CHANGING,
        "UPDATE_IN_PROGRESS": StackState.CHANGING,
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": StackState.CHANGING,
        "UPDATE_ROLLBACK_IN_PROGRESS": StackState.CHANGING,
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": StackState.CHANGING,
        "IMPORT_IN_PROGRESS": StackState.CHANGING,
        "IMPORT_ROLLBACK_IN_PROGRESS": StackState.CHANGING,
        "UPDATE_ROLLBACK_COMPLETE": StackState.UPDATE_UNDONE,
        "CREATE_FAILED": StackState.NEVER_MADE,
        "ROLLBACK_COMPLETE": StackState.NEVER_MADE,
        "ROLLBACK_FAILED": StackState.NEVER_MADE,
        "ROLLBACK_IN_PROGRESS": StackState.BEING_UNDONE,
        "UPDATE_FAILED": StackState.UPDATE_STUCK,
        "UPDATE_ROLLBACK_FAILED": StackState.UPDATE_STUCK,
        "IMPORT_ROLLBACK_FAILED": StackState.UPDATE_STUCK,
        "REVIEW_IN_PROGRESS": StackState.NOT_EXECUTED,
        "DELETE_IN_PROGRESS": StackState.BEING_DELETED,
        "DELETE_FAILED": StackState.NOT_DELETED,
        "DELETE_COMPLETE": StackState.DELETED,
    },
    "botocore 1.44.5, CloudFormation StackStatus; meaning by the CloudFormation User Guide",
    Certainty.READ,
)

SOUND = frozenset({StackState.READY, StackState.UPDATE_UNDONE})
"""The stack is there as it was last made to work."""
FAILED = frozenset(
    {
        StackState.NEVER_MADE,
        StackState.BEING_UNDONE,
        StackState.UPDATE_STUCK,
        StackState.UPDATE_UNDONE,
        StackState.NOT_DELETED,
    }
)
"""The stack's events say why."""


def state_of(status: str) -> StackState | None:
    """What CloudFormation's word comes to; None for one that is not known."""
    return STACK_STATES.value.get(status)
