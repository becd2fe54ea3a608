"""Where a function is: the default region first, then the other configured ones."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.door import Account
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_FUNCTIONS
from bot.aws.refusals import code_of
from bot.errors import Ambiguous, NoSuchFunction
from bot.target import Target, near

_PAGES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """An account and a region in it."""

    account: Account
    region: str
    org_id: str | None = None
    """The org that this account is integrated with, where configured."""
    binding: bool = False
    """The person named the region."""


def locate(target: Target, places: Sequence[Place]) -> Place:
    """
    The first place, if the function is there; else the only other one that has it.

    A single place is not asked beforehand: the evidence itself will tell.
    """
    if len(places) == 1:
        return places[0]
    if _has(places[0], target):
        return places[0]
    with ThreadPoolExecutor(len(places)) as pool:
        answers = zip(places[1:], pool.map(lambda p: _has(p, target), places[1:]), strict=True)
        found = [place for place, has in answers if has]
    if not found:
        return places[0]
    if len(found) > 1:
        pairs = tuple((place.account.identify(place.region), place.region) for place in found)
        raise Ambiguous(target.spelled, pairs)
    return found[0]


def _has(place: Place, target: Target) -> bool:
    """Whether it is there, or may be: only a clear no counts as one."""
    arguments = {"FunctionName": target.name}
    if target.qualifier:
        arguments["Qualifier"] = target.qualifier
    try:
        place.account.call(FUNCTION_CONFIGURATION, place.region, **arguments)
    except ClientError as error:
        return code_of(error) not in {"ResourceNotFoundException", "UnrecognizedClientException"}
    except BotoCoreError:
        return False
    return True


def did_you_mean(error: NoSuchFunction, place: Place, target: Target) -> NoSuchFunction:
    """The same error, with the names of the region that resemble the one given."""
    names: list[str] = []
    arguments: dict[str, str] = {}
    try:
        for _ in range(_PAGES):
            answer = place.account.call(LIST_FUNCTIONS, place.region, **arguments)
            names += [str(each["FunctionName"]) for each in answer.get("Functions") or []]
            if not answer.get("NextMarker"):
                break
            arguments["Marker"] = answer["NextMarker"]
    except (ClientError, BotoCoreError):
        return error
    candidates = near(target.name, names)
    asked = f" Did you mean {' or '.join(candidates)}?" if candidates else ""
    return NoSuchFunction(f"{error}{asked}", candidates)
