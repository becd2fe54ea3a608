"""
What differs between installations, read once from the environment; names in interface.md §5.

What is not here is a constant beside its use. Read by hand: pydantic would cost a look a tenth
of a second, more than all the rest of it that is not AWS.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.errors import UsageError

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
        except (ValueError, TypeError):
            raise UsageError(f"{PREFIX}{name} must be {wants}.") from None

    return read


def looking_settings(environment: Mapping[str, str] = os.environ) -> LookingSettings:
    """The settings, or a UsageError."""
    read = reader(environment)
    return LookingSettings(
        org_id=read("ORG_ID", str, None, "an org id"),
        accounts=read("ACCOUNTS", _accounts, {}, _ACCOUNTS_ARE),
        regions=read("REGIONS", _names, (), "regions with commas between them"),
        filter_limit=read("FILTER_LIMIT", _limit, 2, "a whole number from 1 on"),
        aws_rate=read("AWS_RATE", _share, 0.5, "a number above 0, up to 1"),
        owner_tag=read("OWNER_TAG", _tag, None, "a tag's key, of at most 128 characters"),
    )


_ACCOUNTS_ARE = (
    "a JSON object: name → an object with role_arn, external_id, org_id, regions, channels"
)


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


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
    lists = {name: tuple(map(str, given.pop(name, ()))) for name in ("regions", "channels")}
    if not all(isinstance(value, str | None) for value in given.values()):
        raise TypeError
    role = given.get("role_arn")
    if role is not None and len(role.split(":")) < 6:  # noqa: PLR2004 - parts of an ARN
        raise ValueError
    return AccountSettings(**given, regions=lists["regions"], channels=lists["channels"])
