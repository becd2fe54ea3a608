"""Actions on what all functions of an account or region share; they say so first."""

from __future__ import annotations

from checks.actions import INTEGRATIONS
from checks.commands import start_stream
from checks.evidence.account import STACK_REGION
from checks.evidence.region import METRIC_STREAM
from checks.model import Action, Page

EVERY_FUNCTION = "For every function of the account: "
"""Said once, before anything else; a caution says what it costs them."""


def integrate_again() -> Action:
    """Make the account's integration once more."""
    return Action(
        f"{EVERY_FUNCTION}remove this account's integration and add it again, keeping "
        f"the stack in {STACK_REGION}",
        Page.DASHBOARD,
        caution="no data for up to 20 minutes",
        way=INTEGRATIONS,
    )


def delete_stack(name: str, region: str, page: Page | None) -> Action:
    """CloudFormation refuses a stack of that name while a broken one is there."""
    return Action(
        f"{EVERY_FUNCTION}delete the stack {name} from CloudFormation in {region}",
        page,
        caution="the roles that it created are deleted, too",
        region=region,
    )


def start_metric_stream(region: str) -> Action:
    """One that somebody stopped."""
    return Action(
        f"Start {METRIC_STREAM}: CloudWatch › Metrics › Streams",
        Page.METRIC_STREAM,
        start_stream(region),
        caution="affects every function of the region",
    )
