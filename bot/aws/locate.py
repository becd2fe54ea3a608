"""Where a function is: the default region first, then the other configured ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.client import Account, Pages
from bot.aws.error_codes import DENIED
from bot.aws.errors import GARBLED, code_of
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_FUNCTIONS
from bot.aws.within import within
from bot.errors import Ambiguous, NoSuchFunction
from bot.target import Target, closest
from bot.text.visible import either

ASSUME_ROLE = "AssumeRole"
REFUSED = "refused"
WITHIN = 5.0
"""Seconds for all places together: somebody waits, and holds a lease."""
_PAGES = 20


@dataclass(frozen=True, slots=True)
class Location:
    """An account and a region in it."""

    account: Account
    region: str
    org_id: str | None = None
    """The org that this account is integrated with, where configured."""


Names = Callable[[Location], Sequence[str] | None]
"""The names of a place's functions that are stored; None where none are."""


def nothing_stored(_: Location) -> None:
    """For the command line, which has no store."""


def elsewhere(
    target: Target, first: Location, others: Sequence[Location], names: Names = nothing_stored
) -> Location:
    """
    The only one of `others` that has the function, which is not in `first`.

    Where none has, one that refuses to say: reading there shows what is not allowed. All are
    asked at once, and those that do not answer in time are named in the refusal.
    """
    answers = within(WITHIN, [partial(_has, target, location) for location in others])
    answered = list(zip(others, answers, strict=True))
    having = [location for location, has in answered if has is True]
    if len(having) > 1:
        where = {(account_number(location), location.region): location for location in having}
        if len(where) > 1:
            raise Ambiguous(target.spelled, tuple(where))
    hidden = [location for location, has in answered if has is REFUSED]
    if not having and not hidden:
        raise _nowhere(target, (first, *others), (False, *answers), names)
    return [*having, *hidden][0]


def _has(target: Target, location: Location) -> bool | str | None:
    """Whether it is there; REFUSED where it is not allowed to ask, None where nobody answered."""
    arguments = {"FunctionName": target.name}
    if target.qualifier:
        arguments["Qualifier"] = target.qualifier
    try:
        location.account.call(FUNCTION_CONFIGURATION, location.region, **arguments)
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return False
        refused = code_of(error) in DENIED and error.operation_name != ASSUME_ROLE
        return REFUSED if refused else None
    except (BotoCoreError, *GARBLED):
        return None
    return True


def account_number(location: Location) -> str:
    """The account's number, asked where it is not known yet; "unknown" where AWS does not say."""
    try:
        return location.account.identify(location.region)
    except (ClientError, BotoCoreError, *GARBLED):
        return location.account.id or "unknown"


def _nowhere(
    target: Target,
    locations: Sequence[Location],
    answers: Sequence[bool | str | None],
    names: Names,
) -> NoSuchFunction:
    empty = [location for location, has in zip(locations, answers, strict=True) if has is False]
    hidden = [location for location, has in zip(locations, answers, strict=True) if has is None]
    note = f" ({_regions(hidden)} could not be read)" if hidden else ""
    error = NoSuchFunction(f"There is no function {target.spelled} in {_regions(empty)}{note}.")
    return _suggesting(error, target, empty, names)


def _regions(locations: Sequence[Location]) -> str:
    return ", ".join(dict.fromkeys(location.region for location in locations))


def did_you_mean(
    error: NoSuchFunction, location: Location, target: Target, names: Names = nothing_stored
) -> NoSuchFunction:
    """The same error, with the names of the region that resemble the one given."""
    return _suggesting(error, target, [location], names)


def _suggesting(
    error: NoSuchFunction, target: Target, locations: Sequence[Location], names: Names
) -> NoSuchFunction:
    """By the names that are stored; the other places are listed, all at once."""
    if error.candidates:
        return error
    stored = [names(location) for location in locations]
    unstored = [at for at, its in zip(locations, stored, strict=True) if its is None]
    listed = within(WITHIN, [partial(_names, location) for location in unstored])
    late = [at for at, its in zip(unstored, listed, strict=True) if its is None]
    listed_names = [name for its in (*stored, *listed) for name in its or ()]
    if target.qualifier and target.name in listed_names and _unqualified(target, locations):
        sentence = f"{error} The function {target.name} is there, but has no such version or alias."
        return NoSuchFunction(sentence, (target.name,))
    candidates = closest(target.name, listed_names)
    question = f" Did you mean {either(candidates)}?" if candidates else ""
    unlisted = f" The names of {_regions(late)} could not be listed in time." if late else ""
    return NoSuchFunction(f"{error}{unlisted}{question}", candidates)


def _unqualified(target: Target, locations: Sequence[Location]) -> bool:
    """Whether the function itself is there now: names that are stored may be a day old."""
    plain = replace(target, qualifier=None)
    return True in within(WITHIN, [partial(_has, plain, location) for location in locations])


def _names(location: Location) -> list[str]:
    """The region's functions, as far as they can be listed."""
    names: list[str] = []
    try:
        for page in Pages(location.account, location.region, LIST_FUNCTIONS, _PAGES):
            names += [str(function["FunctionName"]) for function in page.get("Functions") or []]
    except (ClientError, BotoCoreError, *GARBLED):
        return names
    return names
