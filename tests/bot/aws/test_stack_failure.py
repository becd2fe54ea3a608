"""Why a stack failed, of its events, newest first."""

from __future__ import annotations

import pytest

from bot.aws.stack_failure import first_failure
from checks.evidence.account import STACK_NAME


def event(status: str, reason: str = "", resource: str = "Reporter") -> dict[str, str]:
    return {
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "LogicalResourceId": resource,
    }


BEGUN = event("UPDATE_IN_PROGRESS", "User Initiated", STACK_NAME)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([], None),
        ([event("CREATE_COMPLETE")], None),
        ([event("CREATE_FAILED", "later"), event("CREATE_FAILED", "first")], "first"),
        (
            [
                event("CREATE_FAILED", "first"),
                event("CREATE_FAILED", "Resource creation cancelled"),
            ],
            "first",
        ),
        ([event("UPDATE_FAILED", "now"), BEGUN, event("CREATE_FAILED", "long ago")], "now"),
        ([BEGUN, event("CREATE_FAILED", "long ago")], None),
    ],
    ids=["none", "no failure", "first of two", "cancelled", "last operation", "none in the last"],
)
def test_first_failure_of_the_last_operation(events, reason):
    assert first_failure(events) == reason
