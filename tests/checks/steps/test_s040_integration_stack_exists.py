"""Each state of the stack has its finding, and a remedy that CloudFormation allows in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import NOON, a_stack, outcome_of

from checks.evidence import IntegrationRole, Missing, NoStack, StackElsewhere
from checks.facts.stack_states import STACK_STATES, StackState
from checks.model import Page, Verdict
from checks.s040_integration_stack_exists import CODES

DAY = timedelta(days=1)
ARN = "arn:aws:iam::123456789012:role/ServerlessRole"
ROLE = IntegrationRole(ARN)
HIDDEN = Missing("Denied.", "iam:GetRole")
STACK_SET = "StackSet-serverless-inc-role-stack-0a1b"
SITUATIONS = {
    "absent": {"stack": NoStack(), "role": None},
    "deleted": {"stack": NoStack(deleted_at=NOON - DAY), "role": None},
    "made_otherwise": {"stack": NoStack()},
    "failed": {"stack": a_stack(status="ROLLBACK_COMPLETE")},
    "being_undone": {"stack": a_stack(status="ROLLBACK_IN_PROGRESS")},
    "update_stuck": {"stack": a_stack(status="UPDATE_ROLLBACK_FAILED")},
    "not_executed": {"stack": a_stack(status="REVIEW_IN_PROGRESS")},
    "being_deleted": {"stack": a_stack(status="DELETE_IN_PROGRESS")},
    "not_deleted": {"stack": a_stack(status="DELETE_FAILED")},
    "rolled_back": {"stack": a_stack(status="UPDATE_ROLLBACK_COMPLETE")},
    "unknown_state": {"stack": a_stack(status="SOMETHING_NEW")},
}
NO_PROBLEM = {
    "made_otherwise": Verdict.NOTICE,
    "rolled_back": Verdict.NOTICE,
    "unknown_state": Verdict.UNKNOWN,
}


def tried(**changes):
    return outcome_of("integration_stack_exists", **changes)


def done(outcome):
    return [action.do for action in outcome.actions]


def test_every_code_has_a_situation():
    assert set(SITUATIONS) == set(CODES)


@pytest.mark.parametrize("code", SITUATIONS)
def test_situation_has_its_code_and_verdict(code):
    outcome = tried(**SITUATIONS[code])

    assert outcome.code == code
    assert outcome.verdict is NO_PROBLEM.get(code, Verdict.PROBLEM)


@pytest.mark.parametrize("status", STACK_STATES.value)
@pytest.mark.parametrize("where", ["us-east-1", "us-west-2"])
def test_every_state_is_said_with_its_place(status, where):
    stack = a_stack(status=status) if where == "us-east-1" else StackElsewhere(where, status)
    outcome = tried(stack=stack)
    state = STACK_STATES.value[status]

    well = state in {StackState.READY, StackState.CHANGING}
    assert (outcome.verdict is Verdict.OK) is well
    if outcome.code != "rolled_back":
        assert f"{status} in {where}" in outcome.saw
    if outcome.verdict is Verdict.PROBLEM:
        assert outcome.headline
        assert outcome.actions
    linked = [action for action in outcome.actions if action.page is Page.STACK]
    assert where == "us-east-1" or all(action.region == where for action in linked)


@pytest.mark.parametrize(
    ("status", "first", "count"),
    [
        (
            "DELETE_IN_PROGRESS",
            "For every function of the account: wait until CloudFormation has deleted",
            1,
        ),
        ("REVIEW_IN_PROGRESS", "For every function of the account: execute the change set", 1),
        ("ROLLBACK_IN_PROGRESS", "Wait until CloudFormation has undone the creation", 3),
        ("UPDATE_ROLLBACK_FAILED", "Continue the update's rollback", 2),
        ("UPDATE_FAILED", "Roll back or repeat the last update", 2),
        (
            "ROLLBACK_COMPLETE",
            "For every function of the account: delete the stack Serverless-Inc-Role-Stack",
            2,
        ),
        ("DELETE_FAILED", "Remove what keeps a resource from being deleted", 3),
    ],
)
def test_remedy_is_possible_in_that_state(status, first, count):
    actions = done(tried(stack=a_stack(status=status)))

    assert actions[0].startswith(first)
    assert len(actions) == count
    if count > 1:
        assert actions[-1].startswith(
            "For every function of the account: remove this account's integration and add it again"
        )
    if status in {"ROLLBACK_IN_PROGRESS", "DELETE_FAILED"}:
        assert actions[-2].startswith("For every function of the account: delete the stack")


REASONS = {
    "'AWS::IAM::Role' with identifier 'ServerlessRole' already exists.": "Delete the IAM role",
    "Cannot delete entity, must detach all policies first.": "Detach the policies",
    "x with an explicit deny in a service control policy": "Ask your organization's administrators",
    "x because no permissions boundary allows y": "Widen the permissions boundary",
    "The bucket you tried to delete is not empty": "Empty the bucket",
    "Received response status [FAILED] from custom resource.": "Fix what the text says first",
    "Cannot exceed quota for RolesPerAccount": "Raise the quota",
}


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "DELETE_FAILED", "CREATE_FAILED"])
def test_what_removes_the_reason_comes_before_deleting_the_stack(reason, status):
    stack = a_stack(status=status, reason=reason, failed_resource="ServerlessRole")
    outcome = tried(stack=stack)
    first, second, third = done(outcome)

    assert f": ServerlessRole: {reason.rstrip('.')}." in outcome.saw
    assert first.startswith(REASONS[reason])
    assert second.startswith("For every function of the account: delete the stack")
    assert third.startswith("For every function of the account: remove this account's integration")


def test_reason_of_no_known_kind_is_said_and_support_is_not_bothered():
    stack = a_stack(status="ROLLBACK_COMPLETE", reason="Oops", failed_resource="Reporter")
    outcome = tried(stack=stack)

    assert "Reporter: Oops." in outcome.saw
    assert done(outcome)[0].startswith("For every function of the account: delete the stack")
    assert not any("support" in each for each in done(outcome))


def test_resource_that_cannot_be_deleted_is_named():
    stack = a_stack(status="DELETE_FAILED", reason="In use", failed_resource="Bucket")

    assert done(tried(stack=stack))[0] == "Remove what keeps the resource Bucket from being deleted"


def test_stuck_rollback_goes_on_without_the_resource_that_is_gone():
    stuck = a_stack(status="UPDATE_ROLLBACK_FAILED", failed_resource="EventsRole")
    first = tried(stack=stuck).actions[0]
    plain = tried(stack=a_stack(status="UPDATE_ROLLBACK_FAILED")).actions[0]

    command = "aws cloudformation continue-update-rollback --stack-name Serverless-Inc-Role-Stack "
    assert "skipping EventsRole" in first.do
    assert first.command == f"{command}--region us-east-1 --resources-to-skip EventsRole"
    assert plain.command == f"{command}--region us-east-1"
    assert "skipping" not in plain.do
    other = tried(stack=a_stack(status="IMPORT_ROLLBACK_FAILED")).actions[0]
    assert other.command is None


@pytest.mark.parametrize(
    ("stack", "page", "region"),
    [
        (a_stack(status="ROLLBACK_COMPLETE"), Page.STACK, "us-east-1"),
        (StackElsewhere("us-west-2", "ROLLBACK_COMPLETE"), Page.STACK, "us-west-2"),
    ],
)
def test_link_leads_to_the_stack_itself_or_nowhere(stack, page, region):
    action = tried(stack=stack).actions[0]

    assert (action.page, action.region) == (page, region)


# ----------------------------------------------------------------- another name, or none


def test_sound_stack_of_another_name_is_well():
    outcome = tried(stack=a_stack(name=STACK_SET))

    assert outcome.verdict is Verdict.OK
    assert STACK_SET in outcome.saw


@pytest.mark.parametrize(
    ("role", "code"), [(ROLE, "made_otherwise"), (None, "failed"), (HIDDEN, "failed")]
)
def test_failed_stack_of_another_name_matters_only_where_the_role_is_not_there(role, code):
    outcome = tried(stack=a_stack(name=STACK_SET, status="ROLLBACK_COMPLETE"), role=role)

    assert outcome.code == code
    assert STACK_SET in outcome.saw
    assert all(action.page is not Page.STACK for action in outcome.actions)


def test_role_does_not_excuse_a_failed_stack_of_our_name():
    assert tried(stack=a_stack(status="ROLLBACK_COMPLETE"), role=ROLE).code == "failed"


@pytest.mark.parametrize(
    ("role", "code"), [(ROLE, "made_otherwise"), (None, "absent"), (HIDDEN, "not_read")]
)
def test_role_without_a_stack_was_made_otherwise(role, code):
    outcome = tried(stack=NoStack(searched=("eu-west-1",)), role=role)

    assert outcome.code == code
    assert bool(outcome.actions) is (code != "made_otherwise")


@pytest.mark.parametrize("seen", [True, False])
def test_absence_is_proved_by_the_role(seen):
    """An integration that was made without a stack is known by its role alone."""
    outcome = tried(stack=NoStack(other_names_seen=seen), role=HIDDEN)

    assert outcome.verdict is Verdict.UNKNOWN
    assert "iam:GetRole" in done(outcome)[0]
    assert ("the stacks of other names" in outcome.saw) is not seen
    assert tried(stack=NoStack(other_names_seen=seen), role=None).code == "absent"
    deleted = NoStack(deleted_at=NOON - DAY, other_names_seen=seen)
    assert tried(stack=deleted, role=HIDDEN).code == "deleted"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (None, "deleted"),
        (NOON - 2 * DAY, "deleted"),
        (NOON - DAY - timedelta(seconds=1), "deleted"),
        (NOON - DAY, "made_otherwise"),
        (NOON, "made_otherwise"),
    ],
)
def test_role_that_is_older_than_the_deletion_is_a_leftover(made, code):
    outcome = tried(stack=NoStack(deleted_at=NOON - DAY), role=IntegrationRole(ARN, made))

    assert outcome.code == code
    assert "22 Nov 12:00 UTC" in outcome.saw


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        (NoStack(), "is not in us-east-1."),
        (NoStack(searched=("a",)), "nor in the 1 other region checked."),
        (NoStack(searched=("a", "b")), "nor in the 2 other regions checked."),
        (NoStack(unreadable=("x", "y")), "(not readable: x, y)."),
        (NoStack(other_names_seen=False), "another name could not be seen."),
    ],
)
def test_where_it_was_searched_is_said(stack, said):
    assert tried(stack=stack, role=None).saw.endswith(said)


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS"])
def test_only_step_that_adds_the_integration_says_whom_it_affects(status):
    (action,) = tried(stack=a_stack(status=status)).actions

    assert action.do.startswith("For every function of the account: ")
