"""What an account lets slsdiag do → what is well, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping

from bot.aws.operations import Operation
from bot.aws.refusals import UNUSABLE
from bot.doctor.model import Check, ok, problem, skipped, unknown
from checks.evidence import Missing

OWN = "own"
"""The account of the credentials themselves."""
VARIABLES = "AWS_PROFILE or the AWS_… variables"
ASSUME = "sts:AssumeRole"


def role(name: str, number: str, refused: Missing | None, *, credentials: bool) -> Check:
    """Whether the account opens; `credentials`: whether there are any."""
    check = f"aws_role:{name}"
    if refused is None:
        return ok(check, f"The account {number} answers.")
    if not credentials:
        return skipped(check, f"No AWS credentials are set: {VARIABLES}.")
    if refused == UNUSABLE:
        return problem(
            check, "The AWS credentials that are set cannot be used.", f"Mend {VARIABLES}."
        )
    if refused.action == ASSUME:
        return problem(
            check,
            f"The role of {name} cannot be assumed: {refused.why}",
            "In the role's trust policy allow sts:AssumeRole to the bot's own role, with the "
            "external_id of SLSDIAG_ACCOUNTS; and allow the bot's own role to assume it.",
        )
    return unknown(check, refused.why)


def actions(name: str, found: Mapping[str, Mapping[Operation, Missing | None]]) -> Check:
    """Whether each action is allowed; `found` by region."""
    check = f"aws_actions:{name}"
    denied = {
        region: sorted({why.action for why in each.values() if why and why.action})
        for region, each in found.items()
    }
    lacking = sorted({action for each in denied.values() for action in each})
    if lacking:
        where = [region for region, each in denied.items() if each]
        return problem(
            check,
            f"Not allowed in {', '.join(where)}: {', '.join(lacking)}.",
            "Allow them to the role: slsdiag policy prints the whole policy.",
        )
    unsaid = [why.why for each in found.values() for why in each.values() if why]
    if unsaid:
        return unknown(check, f"{len(unsaid)} actions could not be tried: {unsaid[0]}")
    count = max((len(each) for each in found.values()), default=0)
    return ok(check, f"All {count} actions are allowed in {', '.join(found)}.")
