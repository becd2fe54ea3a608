"""
Have ten minutes passed since the integration was created?

It takes about 10 minutes until metrics and traces show up, and about 20 when an integration
was removed from the same account shortly before. Invoke the function after that.

Runbook: Wait 10 Minutes
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.evidence import IntegrationStack
from checks.facts.integration import SETTLES_IN
from checks.facts.stack_states import SOUND, StackState
from checks.model import Action, Finding, Hop, Page, Wait, ok
from checks.timeline import Stack, clock, replaced_one, settled_at

CHECK_AGAIN_IN = timedelta(minutes=1)
HOP = Hop.INTEGRATION
PAGE = Page.STACK
CODES = ("in_progress", "setting_up")
HEADLINE = "The integration is still being set up"
THEN = Action("Wait until then, invoke the function once, and check again", Page.STACK)


def check(stack: Stack, now: datetime) -> Finding | Wait:
    """Waits for the stack in us-east-1 only, and never for one that failed."""
    settled = settled_at(stack)
    if not isinstance(stack, IntegrationStack) or settled is None:
        return ok("There is no integration stack in us-east-1 to wait for.")
    if stack.state is StackState.CHANGING:
        doing = "created" if stack.status == "CREATE_IN_PROGRESS" else "updated"
        return Wait(
            max(settled, now + CHECK_AGAIN_IN),
            f"The integration stack is being {doing}.",
            "in_progress",
            HEADLINE,
            (THEN,),
        )
    if stack.state not in SOUND:
        return ok(f"The integration stack is {stack.status}: waiting will not help.")
    if now < settled:
        return Wait(_again_at(stack, now, settled), _still(stack), "setting_up", HEADLINE, (THEN,))
    return ok(
        f"The integration was created on {clock(stack.created_at)} and has finished setting up."
    )


def _again_at(stack: IntegrationStack, now: datetime, settled: datetime) -> datetime:
    """After ten minutes already where only the list of deleted stacks was missing: it may be read by then."""
    sooner = stack.created_at + SETTLES_IN.value
    return sooner if not stack.deletions_seen and now < sooner else settled


def _still(stack: IntegrationStack) -> str:
    created = f"The integration was created on {clock(stack.created_at)} and is still being set up"
    if not replaced_one(stack):
        return f"{created}: it takes 10 minutes."
    if stack.deletions_seen:
        return f"{created}: it takes 20 minutes, because one was removed shortly before."
    return (
        f"{created}: it takes 10 minutes, or 20 if one was removed shortly before, which could not "
        "be seen."
    )
