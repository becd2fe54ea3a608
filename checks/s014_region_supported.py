"""
Is the function's region one that the platform serves?

The integration's stack lives in us-east-1, so the China and GovCloud partitions cannot have
one. In a few newer regions the SDK's layers were never seen published.

Runbook: Create Invocations
"""

from __future__ import annotations

from checks.evidence import LambdaFunction
from checks.model import Finding, notice, ok, problem
from checks.sdk import REGIONS


def check(function: LambdaFunction) -> Finding:
    """The list is of the release scripts of Node 0.15.15 and Python 0.3.3 (2023)."""
    if function.partition != "aws":
        return problem(
            f"{function.region} is in the partition {function.partition}, which has no us-east-1.",
            "Run the function in a commercial AWS region; the integration cannot reach this one.",
        )
    if function.region not in REGIONS:
        return notice(
            f"The SDK's layers are not known to be published to {function.region}.",
            "Ask Serverless's support whether the region is served.",
        )
    return ok(f"The SDK's layers are published to {function.region}.")
