"""
Where the settings lead: the accounts, which channel may see which, and where a name may be.

Nothing is looked at here; `bot/looking.py` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from threading import Lock

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.door import Account, assumed
from bot.aws.evidence import NO_CREDENTIALS_SAID
from bot.aws.places import Place, account_number
from bot.aws.rates import Rates, Take
from bot.aws.refusals import NO_CREDENTIALS
from bot.errors import NoCredentials, Unreachable, UsageError
from bot.regions import REGIONS
from bot.settings import AccountSettings, LookingSettings
from bot.target import Target, checked_region, shown
from checks.evidence import Expected

_UNSAID = AccountSettings()
OPEN_AT_ONCE = 64
"""Accounts, each with the clients of one asker: some 2 MB."""


class Reach:
    """
    The accounts that the settings reach.

    Sessions are made once: a new one costs 100 ms. A role is assumed in the name of whoever
    asked, so that CloudTrail tells on whose behalf the account was read.
    """

    def __init__(self, settings: LookingSettings, take: Take | None = None) -> None:
        """
        Raises NoCredentials for a profile that is not there.

        `take` holds calls to AWS's rates together with other processes.
        """
        try:
            self._session = boto3.Session()
            # AWS_REGION is what Lambda and containers set; boto3 reads AWS_DEFAULT_REGION only.
            self._default = os.environ.get("AWS_REGION") or self._session.region_name
        except BotoCoreError as error:
            raise NoCredentials("The AWS profile that AWS_PROFILE names was not found.") from error
        _must_be_known(self._default)
        self.settings = settings
        self._rates = Rates(settings.aws_rate, take)
        self.own = Account(self._session, self._rates)
        self._cached = lru_cache(maxsize=OPEN_AT_ONCE)(self._opened)
        self._opening = Lock()

    def warm(self) -> None:
        """Do what the first look would otherwise wait for."""
        if self._default:
            self.own.warm(self._default)

    def identified(self) -> None:
        """Ask for our own account's number, where another name may mean the same one."""
        if self._default and any(each.role_arn for each in self.settings.accounts.values()):
            account_number(Place(self.own, self._default))

    def visible(self, channel: str | None) -> dict[str, AccountSettings]:
        """The configured accounts that `channel` may see; all of them for None."""
        return {
            name: each
            for name, each in self.settings.accounts.items()
            if channel is None or not each.channels or channel in each.channels
        }

    def _own(self, channel: str | None) -> AccountSettings | None:
        """What the settings say of the credentials' own account; None where it is not to see."""
        own = next((x for x in self.settings.accounts.values() if not x.role_arn), _UNSAID)
        return own if channel is None or not own.channels or channel in own.channels else None

    def hidden(self, account: str, channel: str) -> bool:
        """Whether `account`, by name or number, is known and not for `channel` to see."""
        if account == self.own.id:
            return self._own(channel) is None
        named = {
            name
            for name, each in self.settings.accounts.items()
            if account and account in {name, _number(each)}
        }
        return bool(named) and named.isdisjoint(self.visible(channel))

    def told(self, channel: str) -> list[str]:
        """The accounts that `channel` may see, a line each."""
        regions = dict.fromkeys([self._default or "", *self.settings.regions])
        own, lines = self._own(channel), []
        if own:
            known = f" ({self.own.id})" if self.own.id else ""
            lines.append(f"• the bot's own{known}: {_listed((*regions, *own.regions))}")
        for name, each in self.visible(channel).items():
            number = f" ({_number(each)})" if each.role_arn else ""
            lines.append(f"• {name}{number}: {_listed(each.regions or regions)}")
        return ["AWS accounts that this channel may see:", *lines]

    def places(
        self, target: Target, channel: str | None = None, who: str | None = None
    ) -> list[Place]:
        """Where to look, the default region and account first, in the name of `who`."""
        mine = self._own(channel)
        regions = [target.region] if target.region else [self._default, *self.settings.regions]
        wanted = list(dict.fromkeys(region for region in regions if region))
        names = self._meant(target, self.visible(channel))
        others = [
            self.place(name, region, who)
            for name in names
            for region in (wanted[:1] if target.region else self._regions(name, wanted))
        ]
        ours = wanted if target.region else dict.fromkeys((*wanted, *(mine or _UNSAID).regions))
        own = [] if mine is None or (target.account and names) else [*map(self._ours, ours)]
        if mine is None and not others:
            raise UsageError("This channel may not see the bot's own account.")
        if not own and not others:
            raise UsageError("No region is set: give one, as in slsdiag check NAME eu-west-1.")
        if target.account and not names:
            self._must_be(target.account, wanted[0], known=self.visible(channel))
        return [*own, *others]

    def must_agree(self, target: Target) -> None:
        """Refuse an ARN of another account than the one that was named beside it."""
        named = self.settings.accounts.get(target.beside or "")
        if target.beside and (named is None or _number(named) not in {target.account, ""}):
            number = _number(named) if named else "not configured"
            raise UsageError(
                f"The ARN names the account {target.account}, but {shown(target.beside)} was given "
                f"beside it, which is {number}."
            )

    def place(self, name: str | None, region: str, who: str | None = None) -> Place:
        """One that the settings name; None is the credentials' own account."""
        if name is None or name not in self.settings.accounts:
            return self._ours(region)
        return Place(self._other(name, who), region, self.settings.accounts[name].org_id)

    def _ours(self, region: str) -> Place:
        return Place(self.own, region, (self._own(None) or _UNSAID).org_id)

    def fleet(
        self, regions: Sequence[str], accounts: Sequence[str], channel: str | None = None
    ) -> list[tuple[str | None, str]]:
        """
        Name and region of all that are configured, or of those that are named; see `place`.

        Each account and region once, where our own account's number is known (`identified`).
        """
        for each in regions:
            checked_region(each)
        default = [self._default, *self.settings.regions]
        wanted = list(dict.fromkeys(each for each in regions or default if each))
        if not wanted:
            raise UsageError("No region is set: give one, as in slsdiag scan --region eu-west-1.")
        visible = self.visible(channel)
        named = [self._named(each, wanted[0], visible) for each in accounts]
        own = self._own(channel)
        roles = [name for name, each in visible.items() if each.role_arn]
        names = named or [*([None] if own else []), *roles]
        found: dict[tuple[str | None, str], tuple[str | None, str]] = {}
        for name in dict.fromkeys(names):
            theirs = self._regions(name, wanted) if name else [*wanted, *(own or _UNSAID).regions]
            for region in wanted if regions else theirs:
                found.setdefault((self._whose(name), region), (name, region))
        return list(found.values())

    def _whose(self, name: str | None) -> str | None:
        """The account's number; None for our own, which a role may lead back to."""
        number = _number(self.settings.accounts[name]) if name else None
        return None if number == self.own.id else number

    def expected(self, place: Place) -> Expected:
        """What this installation expects of functions there."""
        return Expected(place.org_id or self.settings.org_id, self.settings.filter_limit)

    def _named(
        self, account: str, region: str, visible: Mapping[str, AccountSettings]
    ) -> str | None:
        """The name of a configured account; None for the credentials' own."""
        for name, each in visible.items():
            if account in {name, _number(each)}:
                return name if each.role_arn else None
        self._must_be(account, region, known=visible)
        return None

    def _regions(self, name: str, wanted: list[str]) -> list[str]:
        return list(self.settings.accounts[name].regions) or wanted

    def _meant(self, target: Target, accounts: Mapping[str, AccountSettings]) -> list[str]:
        """The configured accounts that may be meant."""
        if target.account is None:
            return [name for name, each in accounts.items() if each.role_arn]
        return [name for name, each in accounts.items() if target.account in {name, _number(each)}]

    def _other(self, name: str, who: str | None) -> Account:
        with self._opening:  # who comes at the same moment must not open it a second time
            return self._cached(name, who)

    def _opened(self, name: str, who: str | None) -> Account:
        settings = self.settings.accounts[name]
        if not settings.role_arn:
            return self.own
        seen_as = f"slsdiag-{who}" if who else "slsdiag"
        try:
            session = assumed(self._session, settings.role_arn, settings.external_id, seen_as)
        except BotoCoreError as error:  # half a set of variables
            raise NoCredentials(NO_CREDENTIALS_SAID) from error
        number = _number(settings)
        return Account(session, self._rates, number, number)

    def _must_be(self, wanted: str, region: str, known: Iterable[str]) -> None:
        """The credentials reach their own account only, unless others are configured."""
        if not wanted.isdigit():
            names = ", ".join(known) or "none"
            raise UsageError(f"The account {shown(wanted)} is not configured (known: {names}).")
        if self._identified(region) != wanted:
            raise UsageError(
                f"These credentials are of the account {self.own.id}, not of {wanted}: use that "
                "account's credentials, or configure it in SLSDIAG_ACCOUNTS."
            )

    def _identified(self, region: str) -> str:
        try:
            return self.own.identify(region)
        except NO_CREDENTIALS as error:
            raise NoCredentials(NO_CREDENTIALS_SAID) from error
        except (BotoCoreError, ClientError) as error:
            raise Unreachable("AWS did not say whose credentials these are.") from error


def _must_be_known(region: str | None) -> None:
    """What the AWS SDK would only stumble over at the first call."""
    if region and region not in REGIONS:
        raise UsageError(f"{shown(region)} (AWS_REGION, or the profile's) is not an AWS region.")
    address = os.environ.get("AWS_ENDPOINT_URL")
    if address and not address.startswith(("http://", "https://")):
        raise UsageError("AWS_ENDPOINT_URL must begin with https:// or http://.")


def _listed(regions: Iterable[str]) -> str:
    return ", ".join(filter(None, regions)) or "no region is set"


def _number(account: AccountSettings) -> str:
    """The account that the role is in; unknown for the credentials' own."""
    return account.role_arn.split(":")[4] if account.role_arn else ""
