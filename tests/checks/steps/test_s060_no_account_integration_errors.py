"""The role is gone, or Dashboard shows an error of the account: what helps is for the account."""

from __future__ import annotations

import pytest
from situations import a_stack, outcome_of

from checks.error_remedies import CODES as KINDS
from checks.error_remedies import code_of
from checks.evidence import IntegrationRole, Missing, NoStack, StackElsewhere
from checks.facts.error_texts import ErrorKind
from checks.instrumentation_errors import ANSWERS, NONE, SOME
from checks.model import Ask, Verdict
from checks.s060_no_account_integration_errors import CODES, QUESTION

SLUG = "no_account_integration_errors"
HIDDEN = Missing("Denied.", "iam:GetRole")
EXISTS = "Role with name ServerlessRole already exists."
DENIED = "x with an explicit deny in a service control policy"


def tried(answer=None, **changes):
    return outcome_of(SLUG, answers={SLUG: answer} if answer else {}, **changes)


def done(outcome):
    return [action.do for action in outcome.actions]


def test_codes_are_its_own_and_the_kinds_of_texts():
    assert set(CODES) == {"dashboard_error", "role_gone", *KINDS}
    assert tried(role=None).code == "role_gone"
    assert tried("Oops").code == "dashboard_error"
    assert tried(EXISTS).code == code_of(ErrorKind.ROLE_EXISTS)


def test_with_the_role_only_dashboard_can_tell():
    outcome = tried()

    assert isinstance(outcome, Ask)
    assert (outcome.question, outcome.answers) == (QUESTION, ANSWERS)
    assert outcome.presumes.verdict is Verdict.OK
    assert tried(NONE) == outcome.presumes


@pytest.mark.parametrize("answer", [None, NONE])
def test_role_that_was_not_read_or_is_gone_needs_no_answer(answer):
    hidden = tried(answer, role=HIDDEN)

    assert (hidden.verdict, done(hidden)) == (
        Verdict.UNKNOWN,
        ["Allow iam:GetRole to slsdiag's role"],
    )
    assert tried(answer, role=None).verdict is Verdict.PROBLEM


@pytest.mark.parametrize(
    ("stack", "first"),
    [
        (
            a_stack(),
            "For every function of the account: delete the stack Serverless-Inc-Role-Stack from CloudFormation in us-east-1",
        ),
        (
            a_stack(name="StackSet-x"),
            "For every function of the account: delete the stack StackSet-x from CloudFormation in us-east-1",
        ),
        (
            StackElsewhere("eu-west-1", "CREATE_COMPLETE"),
            "For every function of the account: delete the stack Serverless-Inc-Role-Stack from CloudFormation in eu-west-1",
        ),
        (a_stack(status="DELETE_IN_PROGRESS"), "Wait until its deletion is over"),
        (NoStack(), None),
        (Missing("Denied."), None),
    ],
)
def test_without_the_role_the_stack_goes_first_where_there_is_one(stack, first):
    actions = done(tried(stack=stack, role=None))

    assert actions[:-1] == ([first] if first else [])
    assert actions[-1].startswith(
        "For every function of the account: remove this account's integration and add it again"
    )


@pytest.mark.parametrize("role", [None, HIDDEN, IntegrationRole("arn")])
def test_what_a_person_reports_counts_whatever_the_role(role):
    outcome = tried(EXISTS, role=role)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "role_exists")
    assert f"(role exists): {EXISTS}" in outcome.saw


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        (EXISTS, "Delete the IAM role that is left over", 2),
        (DENIED, "Ask your organization's administrators", 2),
        ("already integrated with another organization", "Have that organization remove", 1),
    ],
)
def test_remedy_is_one_for_the_account(text, first, count):
    actions = done(tried(text))

    assert actions[0].startswith(first)
    assert len(actions) == count
    assert not any("Instrument" in each for each in actions)
    if count > 1:
        assert actions[-1].startswith(
            "For every function of the account: remove this account's integration"
        )


@pytest.mark.parametrize(
    ("answer", "said"),
    [(SOME, "integration."), ("There is one", "integration."), ("Oops", ": Oops")],
)
def test_text_that_nobody_knows_goes_to_support(answer, said):
    outcome = tried(answer)

    assert outcome.saw.endswith(said)
    assert done(outcome) == ["Send that text to Serverless's support (the widget in Dashboard)"]
