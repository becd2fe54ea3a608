"""What sends a function's traffic to a published version, which Dashboard does not instrument."""

from __future__ import annotations

from collections.abc import Sequence

from bot.lint.model import Said, Serving
from checks.actions import publish_after_instrumenting
from checks.model import Verdict

ALIAS = "An alias"
CANARY = "A canary deployment"
DURABLE = "A durable function"
MANAGED = "A managed instance"
PROVISIONED = "Provisioned concurrency"
SNAP_START = "SnapStart"


def notices(serving: Sequence[Serving]) -> tuple[Said, ...]:
    """A stack update publishes a version before Dashboard instruments $LATEST (inferred)."""
    return tuple(
        Said(
            "traffic_on_instrumented_version",
            Verdict.NOTICE.value,
            f"{each.what} runs a version without the SDK",
            each.place,
            (publish_after_instrumenting(),),
        )
        for each in serving
    )
