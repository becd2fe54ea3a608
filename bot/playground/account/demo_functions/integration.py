"""What goes wrong with the integration: its stack, its role, instrumenting a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.playground.account.demo_functions.fake_function import (
    PROBLEM,
    DemoFunction,
    FakeFunction,
    update_failed,
)

_NO_FIREHOSE = (
    "[Instrument By Mode] Could not deliver test message to specified Firehose stream. "
    "Firehose serverless_logs-firehose not found under account 123456789012."
)
_ROLE = "ServerlessRole"
_EVENTS_ROLE = "ServerlessEventSubscriptionExecutionRole"
_DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/Platform/jo is not authorized to perform: "
    "iam:CreateRole on resource: arn:aws:iam::123456789012:role/ServerlessRole "
)


def _young(function: FakeFunction) -> None:
    function.account.region("us-east-1").stacks.clear()
    function.account.stack(function.now - timedelta(minutes=6))
    function.config["LastModified"] = (
        f"{function.now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}.000+0000"
    )


def _no_stack(function: FakeFunction) -> None:
    function.account.region("us-east-1").stacks.clear()
    function.account.roles.clear()


def _deleted(function: FakeFunction) -> None:
    _no_stack(function)
    function.account.stack(
        function.now - timedelta(days=9), deleted_at=function.now - timedelta(days=2)
    )


def _role_without_a_stack(function: FakeFunction) -> None:
    function.account.region("us-east-1").stacks.clear()


def _of_a_stack_set(function: FakeFunction) -> None:
    function.account.region("us-east-1").stacks.clear()
    name = "StackSet-serverless-inc-role-stack-0a1b2c3d"
    function.account.stack(function.now - timedelta(days=80), name=name)


def _stack(
    status: str, *failures: tuple[str, str, str], roles: bool = True
) -> Callable[[FakeFunction], None]:
    def break_it(function: FakeFunction) -> None:
        function.account.region("us-east-1").stacks.clear()
        function.account.stack(function.now - timedelta(days=3), status, failures=failures)
        if not roles:
            function.account.roles.clear()

    return break_it


def _elsewhere(function: FakeFunction) -> None:
    function.account.region("us-east-1").stacks.clear()
    function.account.stack(function.now - timedelta(hours=2), region="us-west-2")


def _role_gone(function: FakeFunction) -> None:
    function.account.roles.clear()


def _update_failed_for_the_owner(function: FakeFunction) -> None:
    function.config.update(LastUpdateStatus="Failed", LastUpdateStatusReasonCode="EniLimitExceeded")


def _update_failed_without_a_reason(function: FakeFunction) -> None:
    function.silent()
    function.config.update(LastUpdateStatus="Failed", LastUpdateStatusReasonCode="InternalError")


def _update_under_way(function: FakeFunction) -> None:
    function.config["LastUpdateStatus"] = "InProgress"


FUNCTIONS: Mapping[str, DemoFunction] = {
    "six minutes old": DemoFunction(_young, "waiting", "ten_minutes_passed", None),
    "no stack": DemoFunction(_no_stack, PROBLEM, "integration_stack_exists"),
    "stack deleted": DemoFunction(_deleted, PROBLEM, "integration_stack_exists"),
    "role without a stack": DemoFunction(
        _role_without_a_stack, "notice", "integration_stack_exists", None
    ),
    "stack of a StackSet": DemoFunction(_of_a_stack_set, "healthy", None, None),
    "stack failed": DemoFunction(
        _stack("ROLLBACK_COMPLETE", ("Reporter", "CREATE_FAILED", "No permission")),
        PROBLEM,
        "integration_stack_exists",
    ),
    "role left over": DemoFunction(
        _stack("ROLLBACK_COMPLETE", (_ROLE, "CREATE_FAILED", f"{_ROLE} already exists")),
        PROBLEM,
        "integration_stack_exists",
    ),
    "stack denied by an SCP": DemoFunction(
        _stack(
            "ROLLBACK_COMPLETE",
            (
                _ROLE,
                "CREATE_FAILED",
                f"{_DENIED}with an explicit deny in a service control policy",
            ),
            roles=False,
        ),
        PROBLEM,
        "integration_stack_exists",
    ),
    "stack being undone": DemoFunction(
        _stack("ROLLBACK_IN_PROGRESS", (_ROLE, "CREATE_FAILED", "No permission"), roles=False),
        PROBLEM,
        "integration_stack_exists",
    ),
    "stack being deleted": DemoFunction(
        _stack("DELETE_IN_PROGRESS"), PROBLEM, "integration_stack_exists"
    ),
    "stack not deleted": DemoFunction(
        _stack(
            "DELETE_FAILED",
            (_ROLE, "DELETE_FAILED", "Cannot delete entity, must detach all policies first."),
        ),
        PROBLEM,
        "integration_stack_exists",
    ),
    "change set not executed": DemoFunction(
        _stack("REVIEW_IN_PROGRESS", roles=False), PROBLEM, "integration_stack_exists"
    ),
    "update's rollback failed": DemoFunction(
        _stack(
            "UPDATE_ROLLBACK_FAILED",
            (_EVENTS_ROLE, "UPDATE_FAILED", f"Role with name {_EVENTS_ROLE} cannot be found"),
        ),
        PROBLEM,
        "integration_stack_exists",
    ),
    "update undone": DemoFunction(
        _stack("UPDATE_ROLLBACK_COMPLETE"), "notice", "integration_stack_exists", None
    ),
    "stack elsewhere": DemoFunction(_elsewhere, PROBLEM, "integration_stack_in_us_east_1"),
    "role gone": DemoFunction(_role_gone, PROBLEM, "no_account_integration_errors"),
    "no Firehose when instrumented": DemoFunction(
        update_failed(_NO_FIREHOSE), PROBLEM, "no_function_instrumentation_errors"
    ),
    "throttled when instrumented": DemoFunction(
        update_failed("Rate exceeded"), PROBLEM, "no_function_instrumentation_errors"
    ),
    "update failed for the owner's reason": DemoFunction(
        _update_failed_for_the_owner,
        "notice",
        "no_function_instrumentation_errors",
        None,
    ),
    "update failed without a reason": DemoFunction(
        _update_failed_without_a_reason, PROBLEM, "no_function_instrumentation_errors"
    ),
    "update under way": DemoFunction(
        _update_under_way, "notice", "no_function_instrumentation_errors", None
    ),
}
