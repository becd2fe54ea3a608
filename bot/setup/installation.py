"""What somebody answered, as values, and the settings file that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.organization_settings import READER_NAME
from bot.serving_settings import Mode

OWN = "own"
"""What the entry of the bot's own account is called."""
_HEAD = (
    "The settings of slsdiag, written by slsdiag setup.",
    "A key is a setting's name in lower case, without SLSDIAG_. What the environment sets comes first.",
    "Secrets only as references: env:NAME, file:PATH or secretsmanager:ARN.",
)


@dataclass(frozen=True, slots=True)
class OtherAccount:
    """An account that the bot reads by a reader role."""

    name: str
    number: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Installation:
    """All answers."""

    mode: Mode
    references: Mapping[str, str]
    """Secrets by the key of their setting, as the file refers to them; an address without a password itself."""
    region: str
    profile: str = ""
    regions: Sequence[str] = ()
    org_id: str = ""
    accounts: Sequence[OtherAccount] = ()
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Who may see an account, by its name; without an entry every channel may."""


def settings_text(answers: Installation, partition: str) -> str:
    """The settings file, in TOML."""
    import tomlkit  # noqa: PLC0415 - only `slsdiag setup` writes

    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    plain = {
        "mode": answers.mode.value,
        **answers.references,
        "aws_region": answers.region,
        "aws_profile": answers.profile,
        "regions": list(answers.regions),
        "org_id": answers.org_id,
    }
    for key, value in plain.items():
        if value:
            document.add(key, tomlkit.item(value))
    if accounts := _accounts(answers, partition):
        document.add("accounts", tomlkit.item(accounts))
    return tomlkit.dumps(document)


def _accounts(answers: Installation, partition: str) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {
        account.name: {
            "role_arn": f"arn:{partition}:iam::{account.number}:role/{READER_NAME}",
            "external_id": account.external_id,
        }
        for account in answers.accounts
    }
    for name, channels in answers.channels.items():
        entries.setdefault(name, {})["channels"] = list(channels)
    return entries
