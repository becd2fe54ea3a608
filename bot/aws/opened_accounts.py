"""
Accounts that are open: credentials for each role and person who asks, and clients that all share.

A role is assumed in the name of whoever asked,
so that CloudTrail shows on whose behalf the account was read.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError

from bot.account_settings import AccountSettings, account_of
from bot.aws.client import Account
from bot.aws.clients import Clients
from bot.aws.errors import NO_CREDENTIALS_MESSAGE
from bot.aws.parallel import Rates
from bot.aws.sessions import credentials_of, default_session, session_for_roles
from bot.errors import SignedOut

AT_ONCE = 4_096
"""Accounts, each with the credentials of one person: some 3 kB."""


class OpenedAccounts:
    """Those used last."""

    def __init__(self, rates: Rates) -> None:
        """Raises NoCredentials for a profile that is not there."""
        self._session, self.region = default_session()
        self._rates = rates
        self.own = Account(self._session, rates)
        self._roles = session_for_roles(self._session)
        self._clients = Clients(self._roles, shared=True)
        self._cached = lru_cache(maxsize=AT_ONCE)(self._opened)
        self._opening = Lock()

    def __call__(self, settings: AccountSettings, who: str | None = None) -> Account:
        """The account that the settings lead to, in the name of `who`; calls nothing."""
        with self._opening:  # who comes at the same moment must not open it a second time
            return self._cached(settings.role_arn, settings.external_id, who)

    def _sts(self) -> Any:
        return self.own.clients("sts", self.region or "us-east-1")

    def _opened(self, role_arn: str | None, external_id: str | None, who: str | None) -> Account:
        if not role_arn:
            return self.own
        session_name = f"slsdiag-{who}" if who else "slsdiag"
        try:
            credentials = credentials_of(
                self._session, self._sts, role_arn, external_id, session_name
            )
        except BotoCoreError as error:  # half a set of variables
            raise SignedOut(NO_CREDENTIALS_MESSAGE) from error
        number = account_of(role_arn)
        return Account(
            self._roles,
            self._rates,
            number,
            number,
            role=role_arn,
            credentials=credentials,
            shared=self._clients,
        )
