"""
One look at one function: what was typed → where it is → evidence → report.

Plugs settings, AWS and the runbook together for whoever asks.
"""

from __future__ import annotations

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


def look(
    text: str,
    *,
    region: str | None,
    account: str | None,
    org: str | None,
    answers: Mapping[str, str],
) -> Look:
    """Find the function that `text` names; raises a SlsdiagError in words."""
    target = parse(text, region=region, account=account)
    settings = looking_settings()
    place = locate(target, _places(settings, target))
    expected = Expected(org or place.org_id or settings.org_id, settings.filter_limit)
    return Look(place, target, expected, answers)


def _places(settings: LookingSettings, target: Target) -> list[Place]:
    """Where to look, the default region and account first."""
    try:
        session = boto3.Session()
        default = session.region_name
    except BotoCoreError as error:
        raise NoCredentials("The AWS profile that AWS_PROFILE names was not found.") from error
    rates = Rates(settings.aws_rate)
    own = Account(session, rates)
    regions = [target.region] if target.region else [default, *settings.regions]
    wanted = list(dict.fromkeys(region for region in regions if region))
    configured = _configured(settings, target)
    if not wanted and not configured:
        raise UsageError("No region is set: give one, as in slsdiag check NAME eu-west-1.")
    places = [
        Place(Account(_opened(session, each), rates), region, each.org_id)
        for each in configured
        for region in ([target.region] if target.region else each.regions or wanted)
        if region
    ]
    if target.account and not configured:
        _must_be(own, target.account, wanted[0], settings)
    if target.account and configured:
        return places
    return [*(Place(own, region) for region in wanted), *places]


def _configured(settings: LookingSettings, target: Target) -> list[AccountSettings]:
    """The configured accounts that may be meant."""
    if target.account is None:
        return [each for each in settings.accounts.values() if each.role_arn]
    return [
        each
        for name, each in settings.accounts.items()
        if target.account in {name, (each.role_arn or ":" * 4).split(":")[4]}
    ]


def _opened(session: boto3.Session, account: AccountSettings) -> object:
    if not account.role_arn:
        return session
    return assumed(session, account.role_arn, account.external_id, "slsdiag-cli")


def _must_be(own: Account, wanted: str, region: str, settings: LookingSettings) -> None:
    """The credentials reach their own account only, unless others are configured."""
    if not wanted.isdigit():
        known = ", ".join(settings.accounts) or "none"
        raise UsageError(f"The account {shown(wanted)} is not configured (configured: {known}).")
    if _identified(own, region) != wanted:
        raise UsageError(
            f"These credentials are of the account {own.id}, not of {wanted}: use that "
            "account's credentials, or configure it in SLSDIAG_ACCOUNTS."
        )


def _identified(own: Account, region: str) -> str:
    try:
        return own.identify(region)
    except NO_CREDENTIALS as error:
        raise NoCredentials(NO_CREDENTIALS_SAID) from error
    except (BotoCoreError, ClientError) as error:
        raise Unreachable("AWS did not say whose credentials these are.") from error
