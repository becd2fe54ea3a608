"""What helps against an error text of the instrumentation, by its kind."""

from __future__ import annotations

from collections.abc import Mapping

from checks.account_actions import integrate_again
from checks.actions import make_supported, turn_off_and_on
from checks.error_remedies import account, dashboard, log_pipe, own_setup, permissions, room
from checks.error_remedies.remedy import Actions, Remedy, Then
from checks.evidence import LambdaFunction
from checks.facts.error_texts import OWN_REASONS, ErrorKind

REMEDIES: Mapping[ErrorKind, Remedy] = {
    **permissions.REMEDIES,
    **log_pipe.REMEDIES,
    **room.REMEDIES,
    **own_setup.REMEDIES,
    **account.REMEDIES,
    **dashboard.REMEDIES,
}


def fix(kind: ErrorKind, function: LambdaFunction) -> Actions:
    """What removes the reason."""
    return REMEDIES[kind].fix(function)


def for_function(kind: ErrorKind, function: LambdaFunction) -> Actions:
    """Where instrumenting the function failed for it; what is its own to fix helps it in any case."""
    first = make_supported(function)
    if first and kind not in OWN_REASONS:
        return (first,)
    match REMEDIES[kind].then:
        case Then.TOGGLE:
            return (*fix(kind, function), *turn_off_and_on(function))
        case Then.INTEGRATE:
            return (*fix(kind, function), integrate_again())
    return fix(kind, function)


def for_account(kind: ErrorKind, function: LambdaFunction) -> Actions:
    """Where the account's integration failed for it."""
    after = () if REMEDIES[kind].then is Then.NOTHING else (integrate_again(),)
    return (*fix(kind, function), *after)


def code_of(kind: ErrorKind) -> str:
    """The finding's code."""
    return kind.name.lower()


CODES = tuple(map(code_of, ErrorKind))
