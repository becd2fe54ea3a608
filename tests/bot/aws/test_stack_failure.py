"""Why a stack failed, of its events, newest first."""

from __future__ import annotations

import pytest

from bot.aws.evidence.account import resembles
from bot.aws.evidence.stack_failure import Failure, first_failure
from checks.evidence.account import STACK_NAME

REPORTER, ROLE = "Reporter", "ServerlessRole"


def event(status: str, reason: str = "", resource: str = REPORTER) -> dict[str, str]:
    return {
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "LogicalResourceId": resource,
    }


BEGUN = event("UPDATE_IN_PROGRESS", "User Initiated", STACK_NAME)
ROLLED_BACK = event("UPDATE_ROLLBACK_IN_PROGRESS", "These failed: [Reporter].", STACK_NAME)
SUM = event("ROLLBACK_FAILED", "The following resource(s) failed to delete: [Role].", STACK_NAME)
FIRST, LATER = event("CREATE_FAILED", "first"), event("CREATE_FAILED", "later", ROLE)


@pytest.mark.parametrize(
    ("events", "failure"),
    [
        pytest.param([], None, id="none"),
        pytest.param([event("CREATE_COMPLETE", "fine")], None, id="no failure"),
        pytest.param([event("CREATE_FAILED")], None, id="without a reason"),
        pytest.param([LATER, FIRST], Failure(REPORTER, "first"), id="first of two"),
        pytest.param([FIRST, LATER], Failure(ROLE, "later"), id="another order"),
        pytest.param(
            [FIRST, event("CREATE_FAILED", "Resource creation cancelled")],
            Failure(REPORTER, "first"),
            id="cancelled",
        ),
        pytest.param(
            [FIRST, event("UPDATE_FAILED", "Resource update cancelled")],
            Failure(REPORTER, "first"),
            id="update cancelled",
        ),
        pytest.param([SUM, FIRST], Failure(REPORTER, "first"), id="the stack sums it up"),
        pytest.param([FIRST, SUM], Failure(REPORTER, "first"), id="in whatever order"),
        pytest.param(
            [event("UPDATE_FAILED", "now"), BEGUN, FIRST],
            Failure(REPORTER, "now"),
            id="last operation",
        ),
        pytest.param([BEGUN, FIRST], None, id="none in the last"),
        pytest.param(
            [event("CREATE_IN_PROGRESS", "User Initiated"), FIRST],
            Failure(REPORTER, "first"),
            id="a resource's own word begins no operation",
        ),
    ],
)
def test_first_failure_of_the_last_operation(events, failure):
    assert first_failure(events, "ROLLBACK_COMPLETE") == failure


def test_stuck_rollback_tells_what_it_is_stuck_at():
    at_rollback = event("UPDATE_FAILED", "cannot be found", ROLE)
    events = [at_rollback, ROLLED_BACK, event("UPDATE_FAILED", "at first"), BEGUN]

    assert first_failure(events, "UPDATE_ROLLBACK_FAILED") == Failure(ROLE, "cannot be found")
    assert first_failure(events, "UPDATE_ROLLBACK_COMPLETE") == Failure(REPORTER, "at first")
    assert first_failure(events[1:], "UPDATE_ROLLBACK_FAILED") == Failure(REPORTER, "at first")


@pytest.mark.parametrize(
    ("name", "like_ours"),
    [
        (STACK_NAME, True),
        ("serverless-inc-role-stack", True),
        ("StackSet-serverless-inc-role-stack-0a1b2c3d-1111", True),
        ("core-ServerlessIncRoleStack-1A2B3C4D", True),
        ("serverless-inc-role", False),
        ("my-serverless-stack", False),
        ("CDKToolkit", False),
    ],
)
def test_names_that_resemble_ours(name, like_ours):
    assert resembles(name) is like_ours
