"""
One look at one function: what was typed → where it is → evidence → report.

Plugs settings, AWS and the runbook together for whoever asks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.door import Account, assumed
from bot.aws.evidence import NO_CREDENTIALS_SAID, Asked, Progress, gather
from bot.aws.places import Place, did_you_mean, locate
from bot.aws.rates import Rates
from bot.aws.refusals import NO_CREDENTIALS
from bot.errors import NoCredentials, NoSuchFunction, Unreachable, UsageError
from bot.settings import AccountSettings, LookingSettings, looking_settings
from bot.target import Target, parse, shown
from checks.evidence import Expected
from checks.model import Symptom
from checks.report import Report
from checks.runbook import walk


@dataclass(frozen=True)
class Look:
    """A function that was found, and may be looked at any number of times."""

    place: Place
    target: Target
    expected: Expected
    answers: Mapping[str, str]

    def report(self, symptom: Symptom, progress: Progress = lambda _: None) -> Report:
        """Gather anew and walk the runbook."""
        asked = Asked(
            self.place.account,
            self.place.region,
            self.target.name,
            self.target.qualifier,
            datetime.now(UTC),
        )
        try:
            evidence = gather(
                asked, expected=self.expected, answers=self.answers, progress=progress
            )
        except NoSuchFunction as error:
            raise did_you_mean(error, self.place, self.target) from None
        return walk(evidence, symptom)


class Reach:
    """The accounts that the settings reach. Sessions are made once: a new one costs 100 ms."""

    def __init__(self, settings: LookingSettings, who: str = "slsdiag") -> None:
        """`who` shows in CloudTrail; raises NoCredentials for a profile that is not there."""
        try:
            self._session = boto3.Session()
            # AWS_REGION is what Lambda and containers set; boto3 reads AWS_DEFAULT_REGION only.
            self._default = os.environ.get("AWS_REGION") or self._session.region_name
        except BotoCoreError as error:
            raise NoCredentials("The AWS profile that AWS_PROFILE names was not found.") from error
        self.settings = settings
        rates = Rates(settings.aws_rate)
        self._own = Account(self._session, rates)
        self._others = {
            name: Account(self._opened(each, who), rates, _number(each))
            for name, each in settings.accounts.items()
        }

    def places(self, target: Target) -> list[Place]:
        """Where to look, the default region and account first."""
        regions = [target.region] if target.region else [self._default, *self.settings.regions]
        wanted = list(dict.fromkeys(region for region in regions if region))
        names = self._meant(target)
        others = [
            Place(self._others[name], region, self.settings.accounts[name].org_id)
            for name in names
            for region in (wanted[:1] if target.region else self._regions(name, wanted))
        ]
        own = [] if target.account and names else [Place(self._own, each) for each in wanted]
        if not own and not others:
            raise UsageError("No region is set: give one, as in slsdiag check NAME eu-west-1.")
        if target.account and not names:
            self._must_be(target.account, wanted[0])
        return [*own, *others]

    def _regions(self, name: str, wanted: list[str]) -> list[str]:
        return list(self.settings.accounts[name].regions) or wanted

    def _meant(self, target: Target) -> list[str]:
        """The configured accounts that may be meant."""
        accounts = self.settings.accounts
        if target.account is None:
            return [name for name, each in accounts.items() if each.role_arn]
        return [name for name, each in accounts.items() if target.account in {name, _number(each)}]

    def _opened(self, account: AccountSettings, who: str) -> object:
        if not account.role_arn:
            return self._session
        return assumed(self._session, account.role_arn, account.external_id, who)

    def _must_be(self, wanted: str, region: str) -> None:
        """The credentials reach their own account only, unless others are configured."""
        if not wanted.isdigit():
            known = ", ".join(self.settings.accounts) or "none"
            raise UsageError(f"The account {shown(wanted)} is not configured (known: {known}).")
        if self._identified(region) != wanted:
            raise UsageError(
                f"These credentials are of the account {self._own.id}, not of {wanted}: use that "
                "account's credentials, or configure it in SLSDIAG_ACCOUNTS."
            )

    def _identified(self, region: str) -> str:
        try:
            return self._own.identify(region)
        except NO_CREDENTIALS as error:
            raise NoCredentials(NO_CREDENTIALS_SAID) from error
        except (BotoCoreError, ClientError) as error:
            raise Unreachable("AWS did not say whose credentials these are.") from error


def look(
    text: str,
    *,
    region: str | None,
    account: str | None,
    org: str | None,
    answers: Mapping[str, str],
    reach: Reach | None = None,
) -> Look:
    """Find the function that `text` names; raises a SlsdiagError in words."""
    target = parse(text, region=region, account=account)
    reach = reach or Reach(looking_settings())
    place = locate(target, reach.places(target))
    settings = reach.settings
    expected = Expected(org or place.org_id or settings.org_id, settings.filter_limit)
    return Look(place, target, expected, answers)


def _number(account: AccountSettings) -> str:
    """The account that the role is in; unknown for the credentials' own."""
    return account.role_arn.split(":")[4] if account.role_arn else ""
