"""
Have ten minutes passed since the integration was created?

It takes about 10 minutes until metrics and traces show up, and about 20 when an integration
was removed from the same account shortly before. Invoke the function after that.

Runbook: Wait 10 Minutes
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.evidence import IntegrationStack
from checks.model import Finding, Wait, ok
from checks.timeline import Stack, clock, replaced_one, settled_at

IN_PROGRESS = frozenset(
    {
        "CREATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_IN_PROGRESS",
    }
)
FINISHED = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
LOOK_AGAIN_IN = timedelta(minutes=1)
REMEDY = "Wait until then, invoke the function once, and look again."


def check(stack: Stack, now: datetime) -> Finding | Wait:
    """Waits for the stack in us-east-1 only, and never for one that failed."""
    settled = settled_at(stack)
    if not isinstance(stack, IntegrationStack) or settled is None:
        return ok("There is no integration stack in us-east-1 to wait for.")
    if stack.status in IN_PROGRESS:
        doing = "created" if stack.status == "CREATE_IN_PROGRESS" else "updated"
        return Wait(
            max(settled, now + LOOK_AGAIN_IN), f"The integration stack is being {doing}.", REMEDY
        )
    if stack.status not in FINISHED:
        return ok(f"The integration stack is {stack.status}: waiting will not help.")
    if now < settled:
        return Wait(settled, _still(stack), REMEDY)
    return ok(f"The integration was created at {clock(stack.created_at)} and has settled.")


def _still(stack: IntegrationStack) -> str:
    created = f"The integration was created at {clock(stack.created_at)} and is still settling"
    if not replaced_one(stack):
        return f"{created}: it takes 10 minutes."
    if stack.deletions_seen:
        return f"{created}: it takes 20 minutes, because one was removed shortly before."
    return f"{created}: 20 minutes, because whether one was removed before could not be seen."
