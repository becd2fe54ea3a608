"""
What differs between installations, read once from the environment; names in interface.md §5.

What is not here is a constant beside its use. Read by hand: pydantic would cost a look a tenth
of a second, more than all the rest of it that is not AWS.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.errors import UsageError
from bot.regions import REGIONS

T = TypeVar("T")
PREFIX = "SLSDIAG_"
LONGEST_TAG = 128
"""Characters of a tag's key at AWS."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """One of SLSDIAG_ACCOUNTS."""

    role_arn: str | None = None
    external_id: str | None = None
    org_id: str | None = None
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookingSettings:
    """What a look at AWS needs; nothing in it is required."""

    org_id: str | None = None
    accounts: Mapping[str, AccountSettings] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    filter_limit: int = 2
    aws_rate: float = 0.5
    owner_tag: str | None = None
    """Whose value names a function's owner in a scan."""


class Read(Protocol):
    """The variable SLSDIAG_<name>, understood, or a UsageError that says what it must be."""

    def __call__(self, name: str, understand: Callable[[str], T], default: T, wants: str) -> T: ...


def reader(environment: Mapping[str, str]) -> Read:
    """A UsageError names the variable and repeats no value."""

    def read(name: str, understand: Callable[[str], T], default: T, wants: str) -> T:
        text = environment.get(PREFIX + name, "").strip()
        try:
            return understand(text) if text else default
        except (ValueError, TypeError, OverflowError):
            raise UsageError(f"{PREFIX}{name} must be {wants}.") from None

    return read


def looking_settings(environment: Mapping[str, str] = os.environ) -> LookingSettings:
    """The settings, or a UsageError."""
    read = reader(environment)
    return LookingSettings(
        org_id=read("ORG_ID", str, None, "an org id"),
        accounts=_with_external_ids(read("ACCOUNTS", _accounts, {}, _ACCOUNTS_ARE)),
        regions=read("REGIONS", _regions, (), "regions of AWS with commas between them"),
        filter_limit=read("FILTER_LIMIT", _limit, 2, "a whole number from 1 on"),
        aws_rate=read("AWS_RATE", _share, 0.5, "a number above 0, up to 1"),
        owner_tag=read("OWNER_TAG", _tag, None, "a tag's key, of at most 128 characters"),
    )


_ACCOUNTS_ARE = (
    "a JSON object: name → an object with role_arn, external_id, org_id, regions, channels"
)
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


def _regions(text: str) -> tuple[str, ...]:
    """From AWS's list only: a region becomes part of an address."""
    names = tuple(filter(None, map(str.strip, text.split(","))))
    if not set(names) <= set(REGIONS):
        raise ValueError
    return names


def _with_external_ids(accounts: Mapping[str, AccountSettings]) -> Mapping[str, AccountSettings]:
    """
    A role that trusts us without an external id can be entered in another's name.

    (IAM User Guide, "The confused deputy problem".)
    """
    for name, each in accounts.items():
        if each.role_arn and not each.external_id:
            raise UsageError(
                f"{PREFIX}ACCOUNTS: {_plain(name)} has a role_arn and no external_id. Make up a "
                "long random one, name it in the role's trust policy (sts:ExternalId) and here."
            )
    return accounts


def _plain(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]{1,40}", name, re.ASCII) else "an account"


def _limit(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _tag(text: str) -> str:
    if len(text) > LONGEST_TAG:
        raise ValueError
    return text


def _share(text: str) -> float:
    if not 0 < float(text) <= 1:
        raise ValueError
    return float(text)


def _accounts(text: str) -> Mapping[str, AccountSettings]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise TypeError
    return {str(name): _account(each) for name, each in document.items()}


def _account(given: Any) -> AccountSettings:
    if not isinstance(given, dict):
        raise TypeError
    lists = {name: given.pop(name, []) for name in ("regions", "channels")}
    if not all(isinstance(x, list) and all(isinstance(y, str) for y in x) for x in lists.values()):
        raise TypeError
    if not all(isinstance(value, str | None) for value in given.values()):
        raise TypeError
    role = given.get("role_arn")
    external = given.get("external_id")
    if role is not None and not _ROLE.fullmatch(role):
        raise ValueError
    if external and not _EXTERNAL_ID.fullmatch(external):
        raise ValueError
    if not set(lists["regions"]) <= set(REGIONS):
        raise ValueError
    regions, channels = map(tuple, lists.values())
    return AccountSettings(**given, regions=regions, channels=channels)
