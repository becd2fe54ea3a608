"""
Is the integration's stack in us-east-1?

The stack reports to the platform through a resource that works in us-east-1 only. Created
anywhere else, the integration never becomes complete.

Runbook: Check The AWS Integration Cloudformation Stack Is In us-east-1
"""

from __future__ import annotations

from checks.account_actions import integrate_again
from checks.evidence import NoStack, StackElsewhere
from checks.evidence.account import STACK_NAME, STACK_REGION
from checks.model import Finding, Hop, Page, granting, ok, problem, skipped, unknown
from checks.stack_remedies import removal
from checks.timeline import Stack

HOP = Hop.INTEGRATION
PAGE = Page.STACK
SHORT_NAME = "integration stack in us-east-1"
CODES = ("elsewhere", "regions_not_read")


def check(stack: Stack) -> Finding:
    """Every usual region is checked; those that could not be read are named."""
    hidden = ""
    if isinstance(stack, (NoStack, StackElsewhere)) and stack.unreadable:
        hidden = f" Not readable: {', '.join(stack.unreadable)}."
    if isinstance(stack, StackElsewhere):
        return problem(
            "elsewhere",
            f"The integration stack is in {stack.region}",
            f"{STACK_NAME} is in {stack.region}, not in {STACK_REGION}.{hidden}",
            *removal(stack),
            integrate_again(),
        )
    if isinstance(stack, NoStack):
        if hidden:
            return unknown(
                "regions_not_read",
                "Can't search every region for the stack",
                f"There is none in {STACK_REGION}; some other regions could not be read.{hidden}",
                *(action for reason in stack.reasons for action in granting(reason)),
            )
        return skipped("There is no stack in any region.")
    return ok(f"{stack.name} is in {STACK_REGION}.")
