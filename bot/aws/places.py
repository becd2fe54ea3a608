"""Where a function is: the default region first, then the other configured ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.door import Account
from bot.aws.error_codes import DENIED
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_FUNCTIONS
from bot.aws.refusals import GARBLED, code_of
from bot.errors import Ambiguous, NoSuchFunction
from bot.target import Target, near
from bot.tracing import carried

ASSUME_ROLE = "AssumeRole"
REFUSED = "refused"
_PAGES = 20
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Place:
    """An account and a region in it."""

    account: Account
    region: str
    org_id: str | None = None
    """The org that this account is integrated with, where configured."""


def elsewhere(target: Target, first: Place, others: Sequence[Place]) -> Place:
    """
    The only one of `others` that has the function, which is not in `first`.

    Where none has, one that refuses to say: looking there tells what is not allowed.
    """
    with ThreadPoolExecutor(min(len(others), _AT_ONCE)) as pool:
        answers = list(pool.map(carried(partial(_has, target)), others))
    told = list(zip(others, answers, strict=True))
    found = [place for place, has in told if has is True]
    if len(found) > 1:
        where = {(account_number(place), place.region): place for place in found}
        if len(where) > 1:
            raise Ambiguous(target.spelled, tuple(where))
    hidden = [place for place, has in told if has is REFUSED]
    if not found and not hidden:
        raise _nowhere(target, (first, *others), (False, *answers))
    return [*found, *hidden][0]


def _has(target: Target, place: Place) -> bool | str | None:
    """Whether it is there; REFUSED where it is not allowed to ask, None where nobody answered."""
    arguments = {"FunctionName": target.name}
    if target.qualifier:
        arguments["Qualifier"] = target.qualifier
    try:
        place.account.call(FUNCTION_CONFIGURATION, place.region, **arguments)
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return False
        refused = code_of(error) in DENIED and error.operation_name != ASSUME_ROLE
        return REFUSED if refused else None
    except (BotoCoreError, *GARBLED):
        return None
    return True


def account_number(place: Place) -> str:
    """The account's number, asked where it is not known yet; "unknown" where AWS does not say."""
    try:
        return place.account.identify(place.region)
    except (ClientError, BotoCoreError, *GARBLED):
        return place.account.id or "unknown"


def _nowhere(
    target: Target, places: Sequence[Place], answers: Sequence[bool | str | None]
) -> NoSuchFunction:
    empty = [place for place, has in zip(places, answers, strict=True) if has is False]
    hidden = [place for place, has in zip(places, answers, strict=True) if has is None]
    unread = f" ({_regions(hidden)} could not be looked at)" if hidden else ""
    error = NoSuchFunction(f"There is no function {target.spelled} in {_regions(empty)}{unread}.")
    return _suggesting(error, target, (name for place in empty for name in _names(place)))


def _regions(places: Sequence[Place]) -> str:
    return ", ".join(dict.fromkeys(place.region for place in places))


def did_you_mean(error: NoSuchFunction, place: Place, target: Target) -> NoSuchFunction:
    """The same error, with the names of the region that resemble the one given."""
    return _suggesting(error, target, _names(place))


def _suggesting(error: NoSuchFunction, target: Target, names: Iterable[str]) -> NoSuchFunction:
    if error.candidates:
        return error
    known = list(names)
    if target.qualifier and target.name in known:
        told = f"{error} The function {target.name} is there, but has no such version or alias."
        return NoSuchFunction(told, (target.name,))
    candidates = near(target.name, known)
    asked = f" Did you mean {' or '.join(candidates)}?" if candidates else ""
    return NoSuchFunction(f"{error}{asked}", candidates)


def _names(place: Place) -> list[str]:
    """The region's functions, as far as they can be listed."""
    names: list[str] = []
    arguments: dict[str, str] = {}
    try:
        for _ in range(_PAGES):
            answer = place.account.call(LIST_FUNCTIONS, place.region, **arguments)
            names += [str(each["FunctionName"]) for each in answer.get("Functions") or []]
            if not answer.get("NextMarker"):
                break
            arguments["Marker"] = answer["NextMarker"]
    except (ClientError, BotoCoreError, *GARBLED):
        return names
    return names
