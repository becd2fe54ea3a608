"""
Does the integration's CloudFormation stack exist?

Connecting an AWS account creates the stack Serverless-Inc-Role-Stack, with the roles by which
the platform works. Without it, or with a failed one, nothing arrives.

Runbook: Check The AWS Integration Cloudformation Stack Exists
"""

from __future__ import annotations

from checks.account_actions import integrate_again
from checks.actions import INTEGRATIONS
from checks.evidence import (
    IntegrationRole,
    IntegrationStack,
    LambdaFunction,
    Missing,
    NoStack,
    StackElsewhere,
)
from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.facts.stack_states import StackState
from checks.model import Action, Finding, Hop, Page, not_read, notice, ok, problem, unknown
from checks.stack_remedies import actions_for
from checks.timeline import Stack, clock

EXPLAINED_BY = ("integration_stack_in_us_east_1",)
HOP = Hop.INTEGRATION
PAGE = Page.STACK
CODES = (
    "absent",
    "deleted",
    "made_otherwise",
    "failed",
    "being_undone",
    "update_stuck",
    "not_executed",
    "being_deleted",
    "not_deleted",
    "rolled_back",
    "unknown_state",
)
_FAILURES = {
    StackState.NEVER_MADE: ("failed", "The integration stack failed"),
    StackState.BEING_UNDONE: ("being_undone", "The integration stack failed"),
    StackState.UPDATE_STUCK: ("update_stuck", "The integration stack's update is stuck"),
    StackState.NOT_EXECUTED: ("not_executed", "The integration stack was never created"),
    StackState.BEING_DELETED: ("being_deleted", "The integration stack is being deleted"),
    StackState.NOT_DELETED: ("not_deleted", "The integration stack could not be deleted"),
    StackState.DELETED: ("failed", "The integration stack was deleted"),
}
"""Code and headline of the states that nothing arrives in."""


def check(
    stack: Stack, role: IntegrationRole | Missing | None, function: LambdaFunction
) -> Finding:
    """The role can be made without a stack of this name; CloudFormation lists deletions 90 days."""
    if isinstance(stack, NoStack):
        return _absent(stack, role)
    if stack.state in {StackState.READY, StackState.CHANGING}:
        return ok(f"{stack.name} is {stack.status} in {stack.region}.")
    if stack.state is StackState.UPDATE_UNDONE:
        return _rolled_back(stack)
    saw = f"{stack.name} is {stack.status} in {stack.region}{_why(stack)}."
    if stack.state is None:
        return _unknown_state(saw)
    if stack.name != STACK_NAME and isinstance(role, IntegrationRole):
        return _made_otherwise(saw)
    code, headline = _FAILURES[stack.state]
    return problem(code, headline, saw, *actions_for(stack, function))


def _rolled_back(stack: IntegrationStack | StackElsewhere) -> Finding:
    return notice(
        "rolled_back",
        "The integration stack's last update was undone",
        f"{stack.name} is there, but its last update was rolled back{_why(stack)}.",
        Action(
            "If something is still missing, update the integration",
            Page.DASHBOARD,
            way=INTEGRATIONS,
        ),
    )


def _unknown_state(saw: str) -> Finding:
    return unknown(
        "unknown_state",
        "The integration stack is in a state not known here",
        f"{saw} What that state means is not known here.",
        Action("Read the stack's events in CloudFormation", PAGE),
    )


def _why(stack: IntegrationStack | StackElsewhere) -> str:
    if not stack.reason:
        return ""
    of = f"{stack.failed_resource}: " if stack.failed_resource else ""
    return f": {of}{stack.reason.rstrip('.')}"


def _absent(stack: NoStack, role: IntegrationRole | Missing | None) -> Finding:
    saw = _where_it_is_not(stack)
    if isinstance(role, IntegrationRole) and not _outlived(role, stack):
        return _made_otherwise(saw)
    if stack.deleted_at:
        return problem("deleted", "The integration stack was deleted", saw, integrate_again())
    if isinstance(role, Missing):  # only the role would show an integration made without a stack
        others = "" if stack.other_names_seen else ", nor the stacks of other names"
        return not_read(f"role {ROLE_NAME}{others}", role)
    return problem("absent", "The integration stack does not exist", saw, integrate_again())


def _outlived(role: IntegrationRole, stack: NoStack) -> bool:
    """The role is what is left of the deleted stack, as far as is known."""
    if stack.deleted_at is None:
        return False
    return role.created_at is None or role.created_at < stack.deleted_at


def _made_otherwise(saw: str) -> Finding:
    return notice(
        "made_otherwise",
        "The integration was made in another way",
        f"{saw} The role {ROLE_NAME} is there, though.",
    )


def _where_it_is_not(stack: NoStack) -> str:
    if stack.deleted_at:
        return f"{STACK_NAME} was deleted on {clock(stack.deleted_at)}."
    count = len(stack.searched)
    others = f" nor in the {count} other region{'s' * (count != 1)} checked" if count else ""
    hidden = f" (not readable: {', '.join(stack.unreadable)})" if stack.unreadable else ""
    names = "" if stack.other_names_seen else " Whether one has another name could not be seen."
    return f"{STACK_NAME} is not in {STACK_REGION}{others}{hidden}.{names}"
