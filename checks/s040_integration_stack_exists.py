"""
Does the integration's CloudFormation stack exist?

Connecting an AWS account creates the stack Serverless-Inc-Role-Stack, with the roles by which
the platform works. Without it, or with a failed one, nothing arrives.

Runbook: Check The AWS Integration Cloudformation Stack Exists
"""

from __future__ import annotations

from checks.evidence import IntegrationStack, NoStack
from checks.evidence.account import STACK_NAME, STACK_REGION
from checks.model import Finding, notice, ok, problem
from checks.s020_ten_minutes_passed import FINISHED, IN_PROGRESS
from checks.timeline import Stack, clock

EXPLAINED_BY = ("integration_stack_in_us_east_1",)
CREATE = (
    "In Dashboard open Settings > Integrations, remove what is left of this account's "
    f"integration and add it again; keep the stack's region at {STACK_REGION}."
)


def check(stack: Stack) -> Finding:
    """CloudFormation lists deleted stacks for 90 days (AWS)."""
    if isinstance(stack, NoStack):
        return problem(_absent(stack), CREATE)
    where = STACK_REGION if isinstance(stack, IntegrationStack) else stack.region
    if stack.status == "UPDATE_ROLLBACK_COMPLETE":
        return notice(
            f"{STACK_NAME} is there, but its last update was rolled back{_why(stack.reason)}.",
            "Update the integration again in Dashboard if something is still missing.",
        )
    if stack.status in FINISHED | IN_PROGRESS:
        return ok(f"{STACK_NAME} is {stack.status} in {where}.")
    return problem(
        f"{STACK_NAME} is {stack.status} in {where}{_why(stack.reason)}.",
        f"Delete the stack in CloudFormation ({where}) once it allows that. {CREATE}",
    )


def _why(reason: str | None) -> str:
    return f": {reason.rstrip('.')}" if reason else ""


def _absent(stack: NoStack) -> str:
    if stack.deleted_at:
        return f"{STACK_NAME} was deleted at {clock(stack.deleted_at)}."
    others = f" nor in the {len(stack.searched)} other regions looked at" if stack.searched else ""
    hidden = f" (not readable: {', '.join(stack.unreadable)})" if stack.unreadable else ""
    return f"{STACK_NAME} is not in {STACK_REGION}{others}{hidden}."
