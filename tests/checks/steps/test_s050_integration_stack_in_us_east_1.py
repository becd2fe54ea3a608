"""A stack in another region is found wherever it is, and what could not be read is said."""

from __future__ import annotations

import pytest
from situations import a_stack, outcome_of

from checks.evidence import Missing, NoStack, StackElsewhere
from checks.facts.denials import DeniedBy
from checks.model import Page, Verdict
from checks.s050_integration_stack_in_us_east_1 import CODES

REGION_DENIED = Missing("Denied.", "cloudformation:DescribeStacks", DeniedBy.SERVICE_CONTROL_POLICY)
DENIED = Missing("Denied.", "cloudformation:DescribeStacks")
SITUATIONS = {
    "elsewhere": StackElsewhere("eu-west-1", "CREATE_COMPLETE"),
    "regions_not_read": NoStack(unreadable=("sa-east-1",), reasons=(DENIED,)),
}


def tried(stack):
    return outcome_of("integration_stack_in_us_east_1", stack=stack)


def test_every_code_has_a_situation():
    assert {code: tried(stack).code for code, stack in SITUATIONS.items()} == {
        code: code for code in CODES
    }


def test_stack_elsewhere_is_deleted_and_made_again_in_us_east_1():
    outcome = tried(StackElsewhere("eu-west-1", "CREATE_COMPLETE", unreadable=("x", "y")))
    first, second = outcome.actions

    assert (outcome.verdict, outcome.headline) == (
        Verdict.PROBLEM,
        "The integration stack is in eu-west-1",
    )
    assert outcome.saw.endswith("is in eu-west-1, not in us-east-1. Not readable: x, y.")
    assert "the stack Serverless-Inc-Role-Stack from CloudFormation in eu-west-1" in first.do
    assert (first.page, first.region) == (Page.STACK, "eu-west-1")
    assert "keeping the stack in us-east-1" in second.do


def test_stack_elsewhere_that_is_being_deleted_only_has_to_go():
    first = tried(StackElsewhere("eu-west-1", "DELETE_IN_PROGRESS")).actions[0]

    assert first.do == "Wait until its deletion is over"


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE"])
def test_stack_in_us_east_1_is_well_here_whatever_its_state(status):
    outcome = tried(a_stack(status=status, name="StackSet-x"))

    assert (outcome.verdict, outcome.saw) == (Verdict.OK, "StackSet-x is in us-east-1.")


def test_without_a_stack_there_is_nothing_to_decide():
    assert tried(NoStack(searched=("eu-west-1",))).verdict is Verdict.SKIPPED


def test_regions_that_could_not_be_read_leave_it_unknown_each_reason_with_its_step():
    both = tried(NoStack(unreadable=("a", "b"), reasons=(DENIED, REGION_DENIED)))
    said = [action.do for action in both.actions]

    assert (both.verdict, "Not readable: a, b." in both.saw) == (Verdict.UNKNOWN, True)
    assert said[0] == "Allow cloudformation:DescribeStacks to slsdiag's role"
    assert "organization's administrators" in said[1]
    assert tried(NoStack(unreadable=("a",), reasons=(Missing("Late."),))).actions == ()


def test_stack_that_was_not_read_leaves_it_unknown():
    outcome = tried(REGION_DENIED)

    assert outcome.verdict is Verdict.UNKNOWN
    assert "organization's administrators" in outcome.actions[0].do
