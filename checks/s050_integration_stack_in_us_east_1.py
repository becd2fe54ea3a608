"""
Is the integration's stack in us-east-1?

The stack reports to the platform through a resource that works in us-east-1 only. Created
anywhere else, the integration never becomes complete.

Runbook: Check The AWS Integration Cloudformation Stack Is In us-east-1
"""

from __future__ import annotations

from checks.evidence import NoStack, StackElsewhere
from checks.evidence.account import STACK_NAME, STACK_REGION
from checks.model import Finding, ok, problem, skipped, unknown
from checks.timeline import Stack


def check(stack: Stack) -> Finding:
    """Every usual region is looked at; those that could not be read are named."""
    hidden = ""
    if isinstance(stack, (NoStack, StackElsewhere)) and stack.unreadable:
        hidden = f" Not readable: {', '.join(stack.unreadable)}."
    if isinstance(stack, StackElsewhere):
        return problem(
            f"{STACK_NAME} is in {stack.region}, not in {STACK_REGION}.{hidden}",
            f"Delete the stack in {stack.region}, then add the integration again in Dashboard "
            f"with the stack's region left at {STACK_REGION}.",
        )
    if isinstance(stack, NoStack):
        if hidden:
            return unknown(
                f"There is none in {STACK_REGION}; some other regions could not be read.{hidden}",
                "Allow cloudformation:DescribeStacks in those regions.",
            )
        return skipped("There is no stack in any region.")
    return ok(f"{STACK_NAME} is in {STACK_REGION}.")
