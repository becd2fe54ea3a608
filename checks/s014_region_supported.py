"""
Is the function's region one that the platform serves?

The integration's stack lives in us-east-1, so the China and GovCloud partitions cannot have
one. In a few newer regions the SDK's layers were never seen published.

Runbook: Create Invocations
"""

from __future__ import annotations

from checks.actions import ask_support
from checks.evidence import LambdaFunction
from checks.facts.sdk import REGIONS
from checks.model import Action, Finding, Hop, notice, ok, problem

HOP = Hop.RUNTIME
CODES = ("partition", "no_layers")


def check(function: LambdaFunction) -> Finding:
    """The list is of the release scripts of Node 0.15.15 and Python 0.3.3 (2023)."""
    if function.partition != "aws":
        return problem(
            "partition",
            f"The platform cannot reach {function.region}",
            f"{function.region} is in the partition {function.partition}, which has no us-east-1, and "
            "the integration's stack lives there.",
            Action(
                "Run the function in a commercial AWS region: the integration cannot reach this one"
            ),
        )
    if function.region not in REGIONS.value:
        return notice(
            "no_layers",
            f"SDK layers may be missing in {function.region}",
            f"The SDK's layers are not known to be published to {function.region}.",
            ask_support("the question whether this region is served"),
        )
    return ok(f"The SDK's layers are published to {function.region}.")
