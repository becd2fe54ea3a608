"""
Is the account's integration free of errors?

Dashboard shows an error of the integration on the account's tile under Settings >
Integrations. AWS shows one of them too: the role ServerlessRole, by which the platform enters
the account, was deleted while the stack stayed.

Runbook: Check For Account Integration Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.account_actions import integrate_again
from checks.actions import ask_support
from checks.error_remedies import CODES as KINDS
from checks.error_remedies import REMEDIES, code_of, for_account
from checks.evidence import (
    IntegrationRole,
    IntegrationStack,
    LambdaFunction,
    Missing,
    StackElsewhere,
)
from checks.evidence.account import ROLE_NAME
from checks.facts.error_texts import ErrorKind, classify, quoted
from checks.instrumentation_errors import ACCOUNT_ERRORS, ANSWERS, NONE, pasted
from checks.model import Ask, Finding, Hop, Page, not_read, ok, problem
from checks.stack_remedies import removal
from checks.timeline import Stack

EXPLAINED_BY = ("integration_stack_exists", "integration_stack_in_us_east_1")
QUESTION = "Does Dashboard show an error on this account's tile under Settings > Integrations?"
HOP = Hop.INTEGRATION
PAGE = Page.ROLE
SHORT_NAME = "no error on the integration"
CODES = ("dashboard_error", "role_gone", *KINDS)
HEADLINE = "Dashboard shows an error on the integration"
SHOWN = "Dashboard shows an error on the account's integration"


def check(
    function: LambdaFunction,
    stack: Stack | Missing,
    role: IntegrationRole | Missing | None,
    answers: Mapping[str, str],
) -> Finding | Ask:
    """What a person reports counts also where the role could not be read."""
    answer = answers.get(ACCOUNT_ERRORS)
    text = pasted(answer)
    if text is not None:
        return _reported(function, text)
    if isinstance(role, Missing):
        return not_read(f"role {ROLE_NAME}", role)
    if role is None:
        return _role_gone(stack)
    fine = ok(f"The role {ROLE_NAME} is there, and no error in Dashboard is known.")
    return fine if answer == NONE else Ask(QUESTION, ANSWERS, fine)


def _role_gone(stack: Stack | Missing) -> Finding:
    return problem(
        "role_gone",
        f"The role {ROLE_NAME} is gone",
        f"The role {ROLE_NAME} does not exist, so the platform cannot enter the account.",
        *(removal(stack) if isinstance(stack, IntegrationStack | StackElsewhere) else ()),
        integrate_again(),
    )


def _reported(function: LambdaFunction, text: str) -> Finding:
    kind = classify(text)
    if kind is ErrorKind.OTHER:
        saw = f"{SHOWN}: {quoted(text)}" if text else f"{SHOWN}."
        return problem("dashboard_error", HEADLINE, saw, ask_support("that text"))
    saw = f"{SHOWN} ({kind}): {quoted(text)}"
    return problem(code_of(kind), REMEDIES[kind].headline, saw, *for_account(kind, function))
