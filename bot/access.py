"""
Which Slack channel may see which AWS account. Pure.

A channel's view is a value. Whatever is shared between channels is stored under a key that holds
the view's scope, and is checked against the view once more before it is shown. An account that
no setting names is hidden from every channel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from bot.account_settings import AccountSettings, account_of

UNSAID = AccountSettings()
"""What the settings say of the bot's own account where they do not mention it."""


class Viewers(Protocol):
    """What channels may see, for code that shares results between them."""

    def scope(self, channel: str) -> str:
        """Equal for channels that see the same; part of every shared key."""

    def hidden(self, account: str, channel: str) -> bool:
        """Whether `channel` may not see the account of that name or number."""


@dataclass(frozen=True, slots=True)
class View:
    """What one channel may see."""

    accounts: Mapping[str, AccountSettings]
    """The configured accounts, by name."""
    own: AccountSettings | None
    """What the settings say of the bot's own account; None where it is hidden."""
    own_number: str = ""
    """Its 12 digits; empty while AWS has not said."""

    def shows(self, account: str) -> bool:
        """Whether the account of that name or number is in view."""
        if account in self.accounts:
            return True
        if not account:
            return False
        if account == self.own_number:
            return self.own is not None
        return account in {number_of(visible) for visible in self.accounts.values()}

    @property
    def scope(self) -> str:
        """Equal for views of the same accounts, read by the same roles, in the same regions."""
        own = None if self.own is None else [self.own.org_id, self.own.regions]
        named = [
            [name, account.role_arn, account.org_id, account.regions]
            for name, account in sorted(self.accounts.items())
        ]
        return sha256(json.dumps([own, named]).encode()).hexdigest()[:32]


NOTHING = View({}, None)


def view_of(
    accounts: Mapping[str, AccountSettings], channel: str | None, own_number: str = ""
) -> View:
    """What `channel` may see; everything for None, which is the command line and the bot itself."""
    about_own = [
        account
        for account in accounts.values()
        if not account.role_arn or (own_number and number_of(account) == own_number)
    ]
    own_settings = next((account for account in about_own if not account.role_arn), UNSAID)
    own = not about_own or any(_open(account, channel) for account in about_own)
    visible = {name: account for name, account in accounts.items() if _open(account, channel)}
    return View(visible, own_settings if own else None, own_number)


def _open(account: AccountSettings, channel: str | None) -> bool:
    return channel is None or not account.channels or channel in account.channels


def number_of(account: AccountSettings) -> str:
    """The account that the role is in; empty for the credentials' own."""
    return account_of(account.role_arn) if account.role_arn else ""
