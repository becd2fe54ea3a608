"""What an account lets slsdiag do → what is fine, and what to fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.aws.errors import UNUSABLE
from bot.aws.operations import Operation
from bot.doctor.model import Check, ok, problem, skipped, unknown
from checks.evidence import Missing
from checks.model import granting

OWN = "own"
"""The account of the credentials themselves."""
VARIABLES = "AWS_PROFILE or the AWS_… variables"
ASSUME = "sts:AssumeRole"
DEPLOY = (
    "Deploy the reader role there (slsdiag policy --format stackset prints it), or leave the "
    "account out by exclude in SLSDIAG_ORGANIZATION."
)


def role(name: str, number: str, refused: Missing | None, *, credentials: bool) -> Check:
    """Whether the account opens; `credentials`: whether there are any."""
    check = f"aws_role:{name}"
    if refused is None:
        return ok(check, f"The account {number} answers.")
    if not credentials:
        return skipped(check, f"No AWS credentials are set: {VARIABLES}.")
    if refused == UNUSABLE:
        return problem(
            check, "The AWS credentials that are set cannot be used.", f"Fix {VARIABLES}."
        )
    if refused.action == ASSUME:
        return problem(
            check,
            f"The role of {name} cannot be assumed: {refused.why}",
            "Allow sts:AssumeRole on this role to the bot's own role: slsdiag policy --role bot "
            "prints its policy. Let the trust policy of this role name the bot's own role and the "
            "external_id of SLSDIAG_ACCOUNTS: slsdiag policy --role reader prints it.",
        )
    return unknown(check, refused.why)


def member(number: str, refused: Missing) -> Check:
    """Of an account of the organization, whose role could not be assumed."""
    check = f"aws_role:{number}"
    if refused.action == ASSUME:
        return problem(check, f"The reader role cannot be assumed: {refused.why}", DEPLOY)
    return unknown(check, refused.why)


def actions(name: str, refusals: Mapping[str, Mapping[Operation, Missing | None]]) -> Check:
    """Whether each action is allowed; `refusals` by region, None for what is allowed."""
    check = f"aws_actions:{name}"
    refusals, without = _required(refusals)
    denied = {
        region: sorted({why.action for why in there.values() if why and why.action})
        for region, there in refusals.items()
    }
    missing = sorted({action for actions in denied.values() for action in actions})
    if missing:
        where = [region for region, actions in denied.items() if actions]
        return problem(
            check,
            f"Missing permissions in {', '.join(where)}: {', '.join(missing)}.{without}",
            _granted([why for there in refusals.values() for why in there.values() if why]),
        )
    untried = [why.why for there in refusals.values() for why in there.values() if why]
    if untried:
        which = "1 action" if len(untried) == 1 else f"{len(untried)} actions"
        return unknown(check, f"{which} could not be tried: {untried[0]}")
    count = max(map(len, refusals.values()), default=0)
    return ok(check, f"All {count} actions are allowed in {', '.join(refusals)}.{without}")


def _required(
    refusals: Mapping[str, Mapping[Operation, Missing | None]],
) -> tuple[Mapping[str, Mapping[Operation, Missing | None]], str]:
    """All but refused actions that are optional, and a sentence that names those."""
    off = sorted({of.action for there in refusals.values() for of in there if _off(of, there[of])})
    required = {
        region: {of: why for of, why in there.items() if not _off(of, why)}
        for region, there in refusals.items()
    }
    return required, f" Optional, and not allowed: {', '.join(off)}." if off else ""


def _off(operation: Operation, why: Missing | None) -> bool:
    """Refused, and reports can do without it."""
    return operation.optional and why is not None and why.action is not None


def _granted(refusals: Sequence[Missing]) -> str:
    """What the role's own policy cannot lift first, each step once."""
    elsewhere = [why for why in refusals if why.denied_by]
    steps = dict.fromkeys(action.do for why in elsewhere for action in granting(why))
    if any(why.action and not why.denied_by for why in refusals):
        others = "the others" if steps else "them"
        steps[f"Add {others} to the role's policy; slsdiag policy prints the whole policy"] = None
    return f"{'. '.join(steps)}."
