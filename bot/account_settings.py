"""SLSDIAG_ACCOUNTS: a JSON object of AWS accounts. What is wrong is named by account and field, and not repeated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import UsageError
from bot.regions import REGIONS
from bot.text.redaction import id_is_secret, shown
from checks.facts.sdk import no_org_id

SETTING = "SLSDIAG_ACCOUNTS"
_OBJECT = (
    f"{SETTING} must be a JSON object: name → an object with role_arn, external_id, org_id, "
    "regions, channels"
)
CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}", re.ASCII)
ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
EXTERNAL_ID = re.compile(r"|[\w+=,.@:/-]{2,1224}", re.ASCII)
_PLAIN = re.compile(r"[\w.-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """One of them."""

    role_arn: str | None = None
    external_id: str | None = None
    org_id: str | None = None
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


def account_of(role_arn: str) -> str:
    """The number of the account that the role is in."""
    return role_arn.split(":")[4]


def channel_ids(text: str) -> tuple[str, ...]:
    """Slack's ids, with commas between them."""
    ids = tuple(filter(None, map(str.strip, text.split(","))))
    if not all(map(CHANNEL.fullmatch, ids)):
        raise ValueError
    return ids


def org_id(text: str) -> str:
    """An org's id as it is, or a ValueError for what none can be: a placeholder, or several words."""
    if not text or re.search(r"\s", text) or no_org_id(text):
        raise ValueError
    return text


def checked_org(org: str | None, option: str) -> None:
    """Refuse what is no org's id: a secret, which a report would repeat, or a placeholder."""
    if org is None:
        return
    if id_is_secret(org):
        raise UsageError(f"{option} looks like a secret and was not used.")
    try:
        org_id(org)
    except ValueError:
        named = shown(org) if org else "empty"
        raise UsageError(f"{option} is {named}: give an org's id, as Dashboard shows it.") from None


def _is_org_id(value: object) -> bool:
    try:
        return isinstance(value, str) and value == org_id(value)
    except ValueError:
        return False


def accounts(text: str) -> Mapping[str, AccountSettings]:
    """
    By name; a UsageError for what is wrong, and for what would open an account to more than was meant.

    A role that trusts us without an external id can be entered in another's name (IAM User Guide,
    "The confused deputy problem"); two entries for the bot's own account could contradict each
    other in who may see it.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{_OBJECT}. It is not JSON from character {error.pos + 1} on.") from None
    if not isinstance(document, dict):
        raise UsageError(f"{_OBJECT}.")
    named = {str(name): _account(str(name), given) for name, given in document.items()}
    if sum(not account.role_arn for account in named.values()) > 1:
        raise UsageError(
            f"{SETTING}: more than one account has no role_arn, and only the bot's own "
            "account needs none: give the others theirs."
        )
    return named


def _account(name: str, given: Any) -> AccountSettings:
    called = name if _PLAIN.fullmatch(name) else "an account"
    if not isinstance(given, dict):
        raise UsageError(f"{_OBJECT}. {called} is no object.")
    if unknown := sorted(given.keys() - _FIELDS.keys()):
        raise UsageError(f"{_OBJECT}. {called} has {_field(unknown[0])}, which is none of these.")
    if "channels" in given and not given["channels"]:
        raise UsageError(
            f"{SETTING}: {called} has an empty list of channels: list those that may "
            "see the account, or leave channels out so that all may."
        )
    for field, value in given.items():
        fits, wants = _FIELDS[field]
        if value is not None and not fits(value):
            raise UsageError(f"{SETTING}: {field} of {called} must be {wants}.")
    if given.get("role_arn") and not given.get("external_id"):
        raise UsageError(
            f"{SETTING}: {called} has a role_arn and no external_id. Make up a "
            "long random one, name it in the role's trust policy (sts:ExternalId) and here."
        )
    lists = {field: tuple(given.get(field) or ()) for field in ("regions", "channels")}
    return AccountSettings(**{**given, **lists})


def _field(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else "a field"


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _list(fits: Callable[[str], object]) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, list) and all(isinstance(item, str) and fits(item) for item in value)
    )


_FIELDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "role_arn": (
        _text(ROLE_ARN),
        "the ARN of a role, as arn:aws:iam::123456789012:role/slsdiag",
    ),
    "external_id": (
        _text(EXTERNAL_ID),
        "the role's external id: 2 to 1,224 letters, digits and +=,.@:/-",
    ),
    "org_id": (_is_org_id, "an org's id, as Dashboard shows it"),
    "regions": (_list(REGIONS.__contains__), 'a list of AWS regions, as ["eu-west-1"]'),
    "channels": (_list(CHANNEL.fullmatch), 'a list of Slack\'s ids of channels, as ["C0123ABCD"]'),
}
FIELDS = tuple(_FIELDS)
"""Of an account, by their names."""
