"""
SLSDIAG_ORGANIZATION: a JSON object. What is wrong is named by its field, and not repeated.

Accounts are chosen by selectors: the id of an organizational unit or of the root (with all that is
below it), an account's number, or a tag of the account as "tag:KEY=VALUE".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.account_settings import (
    CHANNEL,
    EXTERNAL_ID,
    ROLE_ARN,
    ROLE_NAME,
    AccountSettings,
    account_of,
)
from bot.errors import UsageError

SETTING = "SLSDIAG_ORGANIZATION"
READER_NAME = "slsdiag-reader"
"""What reader roles are called unless a setting says otherwise."""
WHOLE = ""
"""The key of `channels` for accounts that no other key is about."""
TAG = "tag:"
NUMBER = re.compile(r"[0-9]{12}", re.ASCII)
UNIT = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}", re.ASCII)
"""Of a root or an organizational unit (AWS Organizations API reference, ListChildren)."""
_TAG = re.compile(r"tag:[^=]{1,128}=.{0,256}")
_FIELDS = ("role_arn", "external_id", "reader_role", "include", "exclude", "channels")
_OBJECT = f"{SETTING} must be a JSON object with external_id and any of {', '.join(_FIELDS)}"
_UNITS = "ids of organizational units (ou-…) or the root (r-…), or account numbers"
_SELECTORS = f'a list of {_UNITS}, or tags as "tag:environment=production"'


@dataclass(frozen=True, slots=True)
class OrganizationSettings:
    """The organization whose accounts are read."""

    external_id: str = field(repr=False)
    """Of the role that lists the accounts, and of each reader role."""
    role_arn: str | None = None
    """Lists the accounts: of the management account, or of a delegated administrator; None: the
    bot's own credentials are of such an account."""
    reader_role: str = READER_NAME
    """Its name in each account."""
    include: tuple[str, ...] = ()
    """Selectors; none: all accounts."""
    exclude: tuple[str, ...] = ()
    """Selectors, which win over `include`."""
    channels: Mapping[str, tuple[str, ...]] | None = None
    """By account number, unit or `WHOLE`; None: every channel sees all accounts."""

    @property
    def selectors(self) -> tuple[str, ...]:
        """All that choose accounts."""
        return (*self.include, *self.exclude)

    @property
    def tag_keys(self) -> frozenset[str]:
        """Keys of the tags that selectors name."""
        tags = (each.removeprefix(TAG) for each in self.selectors if each.startswith(TAG))
        return frozenset(tag.partition("=")[0] for tag in tags)

    def seen_by(self, channel: str) -> bool:
        """Whether `channel` may see any account of the organization."""
        return self.channels is None or any(channel in listed for listed in self.channels.values())


def organization(text: str) -> OrganizationSettings:
    """The settings, or a UsageError that names the field."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{_OBJECT}. It is not JSON from character {error.pos + 1} on.") from None
    if not isinstance(given, dict):
        raise UsageError(f"{_OBJECT}.")
    if unknown := sorted(given.keys() - set(_FIELDS)):
        named = unknown[0] if re.fullmatch(r"[\w.-]{1,40}", unknown[0], re.ASCII) else "a field"
        raise UsageError(f"{_OBJECT}. {named} is none of these.")
    return OrganizationSettings(
        external_id=_external_id(given.get("external_id")),
        role_arn=_matching(given, "role_arn", ROLE_ARN, "the ARN of a role"),
        reader_role=_matching(given, "reader_role", ROLE_NAME, "a role's name") or READER_NAME,
        include=_selectors(given, "include"),
        exclude=_selectors(given, "exclude"),
        channels=_channels(given["channels"]) if "channels" in given else None,
    )


def must_agree(given: OrganizationSettings | None, accounts: Mapping[str, AccountSettings]) -> None:
    """Refuse a name in SLSDIAG_ACCOUNTS that is the number of another account."""
    for name, account in accounts.items():
        number = account_of(account.role_arn) if account.role_arn else None
        if given and NUMBER.fullmatch(name) and name != number:
            raise UsageError(
                "SLSDIAG_ACCOUNTS: an account is called like the number of another one. The "
                "accounts of SLSDIAG_ORGANIZATION are called by their numbers: rename it."
            )


def _external_id(value: Any) -> str:
    if not isinstance(value, str) or not value or not EXTERNAL_ID.fullmatch(value):
        raise UsageError(
            f"{SETTING}: external_id must be what the roles' trust policies name as "
            "sts:ExternalId: 2 to 1,224 letters, digits and +=,.@:/-."
        )
    return value


def _matching(
    given: Mapping[str, Any], name: str, pattern: re.Pattern[str], wants: str
) -> str | None:
    value = given.get(name)
    if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
        raise UsageError(f"{SETTING}: {name} must be {wants}.")
    return value


def _selectors(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name, [])
    if not isinstance(value, list) or not all(map(_selects, value)):
        raise UsageError(f"{SETTING}: {name} must be {_SELECTORS}.")
    if name in given and not value:
        raise UsageError(f"{SETTING}: {name} is an empty list: name something, or leave it out.")
    return tuple(value)


def _selects(value: Any) -> bool:
    return isinstance(value, str) and bool(_is_place(value) or _TAG.fullmatch(value))


def _is_place(value: str) -> bool:
    return bool(UNIT.fullmatch(value) or NUMBER.fullmatch(value))


def _channels(value: Any) -> Mapping[str, tuple[str, ...]]:
    """A list is for the whole organization."""
    by_place = {WHOLE: value} if isinstance(value, list) else value
    if not isinstance(by_place, dict):
        raise UsageError(f"{SETTING}: channels must be {_CHANNELS}.")
    for place, listed in by_place.items():
        whole = place == WHOLE and by_place is not value
        fits = isinstance(listed, list) and all(map(_is_channel, listed))
        if not fits or not (whole or _is_place(place)):
            raise UsageError(f"{SETTING}: channels must be {_CHANNELS}.")
    if not by_place or not all(by_place.values()):
        raise UsageError(
            f"{SETTING}: channels is empty, or a list in it: list the channels that may see the "
            "accounts, or leave channels out so that all may."
        )
    return {place: tuple(listed) for place, listed in by_place.items()}


_CHANNELS = (
    f'a list of Slack\'s ids of channels, as ["C0123ABCD"], or an object: {_UNITS} → such a list'
)


def _is_channel(value: Any) -> bool:
    return isinstance(value, str) and bool(CHANNEL.fullmatch(value))
