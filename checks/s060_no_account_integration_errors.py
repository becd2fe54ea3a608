"""
Is the account's integration free of errors?

Dashboard shows an error of the integration on the account's tile under Settings >
Integrations. AWS shows one of them too: the role ServerlessRole, by which the platform enters
the account, was deleted while the stack stayed.

Runbook: Check For Account Integration Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.evidence import IntegrationRole, Missing
from checks.evidence.account import ROLE_NAME
from checks.instrumentation_error import quoted
from checks.model import Ask, Finding, allow, ok, problem, unknown

EXPLAINED_BY = ("integration_stack_exists", "integration_stack_in_us_east_1")
QUESTION = "Does Dashboard show an error on this account's tile under Settings > Integrations?"
NONE, SOME = ANSWERS = ("No error", "There is one…")


def check(role: IntegrationRole | Missing | None, answers: Mapping[str, str]) -> Finding | Ask:
    """What a person reports counts also where the role could not be read."""
    answer = answers.get("no_account_integration_errors")
    if answer and answer != NONE:
        told = "" if answer.rstrip("…") == SOME.rstrip("…") else f": {quoted(answer)}"
        return problem(
            f"Dashboard shows an error on the account's integration{told}",
            "Send that text to Serverless's support through the widget in Dashboard.",
        )
    if isinstance(role, Missing):
        return unknown(f"Could not read the role {ROLE_NAME}: {role.why}", allow(role))
    if role is None:
        return problem(
            f"The role {ROLE_NAME} does not exist, so the platform cannot enter the account.",
            "Delete the integration in Dashboard and its stack in CloudFormation (us-east-1), "
            "then add the integration again: that creates the role anew.",
        )
    fine = ok(f"The role {ROLE_NAME} is there, and no error in Dashboard is known of.")
    return fine if answer == NONE else Ask(QUESTION, ANSWERS, fine)
