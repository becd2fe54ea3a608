"""
One look at one function: what was typed → where it may be → evidence → report.

Plugs settings, AWS and the runbook together for whoever asks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from threading import Lock

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.asked import Asked, Keep, anew
from bot.aws.door import Account, assumed
from bot.aws.evidence import NO_CREDENTIALS_SAID, Progress, gather
from bot.aws.places import Place, did_you_mean, elsewhere
from bot.aws.rates import Rates, Take
from bot.aws.refusals import NO_CREDENTIALS
from bot.errors import NoCredentials, NoSuchFunction, Unreachable, UsageError
from bot.settings import AccountSettings, LookingSettings, looking_settings
from bot.target import Target, checked_region, parse, shown
from bot.tracing import Kind, acting
from checks.evidence import Evidence, Expected
from checks.model import Symptom
from checks.report import Report
from checks.runbook import walk

OPEN_AT_ONCE = 64
"""Accounts, each with the clients of one asker: some 2 MB."""


@dataclass(frozen=True)
class Look:
    """A function as it was named, which may be looked at any number of times."""

    places: Sequence[Place]
    """Where it may be, the first one first."""
    target: Target
    org: str | None
    settings: LookingSettings
    answers: Mapping[str, str]

    def report(
        self,
        symptom: Symptom,
        progress: Progress = lambda _: None,
        *,
        keep: Keep = anew,
        now: datetime | None = None,
    ) -> Report:
        """Gather and walk the runbook; where it was found elsewhere than asked, say so."""
        report = walk(self.evidence(progress, keep=keep, now=now), symptom)
        first, found = self.places[0], report.function
        if found.region == first.region and first.account.id in {None, "", found.account}:
            return report
        said = f"Not in {first.region}: found in {found.region} of {found.account}."
        return replace(report, summary=f"{report.summary} {said}")

    def evidence(
        self,
        progress: Progress = lambda _: None,
        *,
        keep: Keep = anew,
        now: datetime | None = None,
    ) -> Evidence:
        """Gather; `now` is the store's time where there is a store."""
        first, others = self.places[0], self.places[1:]
        read = partial(self._evidence, progress=progress, keep=keep, now=now or datetime.now(UTC))
        try:
            with acting(Kind.LOOK, "function"):
                return read(first)
        except NoSuchFunction as error:
            if not others:
                raise did_you_mean(error, first, self.target) from None
        return read(elsewhere(self.target, first, others))

    def _evidence(self, place: Place, *, progress: Progress, keep: Keep, now: datetime) -> Evidence:
        org = self.org or place.org_id or self.settings.org_id
        return gather(
            Asked(place.account, place.region, self.target.name, self.target.qualifier, now),
            expected=Expected(org, self.settings.filter_limit),
            answers=self.answers,
            progress=progress,
            keep=keep,
        )


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
        self.settings = settings
        self._rates = Rates(settings.aws_rate, take)
        self.own = Account(self._session, self._rates)
        self._cached = lru_cache(maxsize=OPEN_AT_ONCE)(self._opened)
        self._opening = Lock()

    def warm(self) -> None:
        """Do what the first look would otherwise wait for."""
        if self._default:
            self.own.warm(self._default)

    def visible(self, channel: str | None) -> dict[str, AccountSettings]:
        """The configured accounts that `channel` may see; all of them for None."""
        return {
            name: each
            for name, each in self.settings.accounts.items()
            if channel is None or not each.channels or channel in each.channels
        }

    def hidden(self, account: str | None, channel: str) -> bool:
        """Whether `account`, by name or number, is configured and not for `channel` to see."""
        named = {
            name
            for name, each in self.settings.accounts.items()
            if account and account in {name, _number(each)}
        }
        return bool(named) and named.isdisjoint(self.visible(channel))

    def told(self, channel: str) -> list[str]:
        """The accounts that `channel` may see, a line each."""
        regions = dict.fromkeys([self._default or "", *self.settings.regions])
        own = f"the bot's own{f' ({self.own.id})' if self.own.id else ''}"
        lines = [f"• {own}: {_listed(regions)}"]
        for name, each in self.visible(channel).items():
            number = f" ({_number(each)})" if each.role_arn else ""
            lines.append(f"• {name}{number}: {_listed(each.regions or regions)}")
        return ["AWS accounts that this channel may see:", *lines]

    def places(
        self, target: Target, channel: str | None = None, who: str | None = None
    ) -> list[Place]:
        """Where to look, the default region and account first, in the name of `who`."""
        regions = [target.region] if target.region else [self._default, *self.settings.regions]
        wanted = list(dict.fromkeys(region for region in regions if region))
        names = self._meant(target, self.visible(channel))
        others = [
            self.place(name, region, who)
            for name in names
            for region in (wanted[:1] if target.region else self._regions(name, wanted))
        ]
        own = [] if target.account and names else [Place(self.own, each) for each in wanted]
        if not own and not others:
            raise UsageError("No region is set: give one, as in slsdiag check NAME eu-west-1.")
        if target.account and not names:
            self._must_be(target.account, wanted[0], known=self.visible(channel))
        return [*own, *others]

    def place(self, name: str | None, region: str, who: str | None = None) -> Place:
        """One that the settings name; None is the credentials' own account."""
        if name is None or name not in self.settings.accounts:
            return Place(self.own, region)
        return Place(self._other(name, who), region, self.settings.accounts[name].org_id)

    def fleet(
        self, regions: Sequence[str], accounts: Sequence[str], channel: str | None = None
    ) -> list[tuple[str | None, str]]:
        """Name and region of all that are configured, or of those that are named; see `place`."""
        for each in regions:
            checked_region(each)
        default = [self._default, *self.settings.regions]
        wanted = list(dict.fromkeys(each for each in regions or default if each))
        if not wanted:
            raise UsageError("No region is set: give one, as in slsdiag scan --region eu-west-1.")
        visible = self.visible(channel)
        named = [self._named(each, wanted[0], visible) for each in accounts]
        names = named or [None, *(name for name, each in visible.items() if each.role_arn)]
        return [
            (name, region)
            for name in dict.fromkeys(names)
            for region in (wanted if regions or name is None else self._regions(name, wanted))
        ]

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


def look(
    text: str,
    *,
    region: str | None,
    account: str | None,
    org: str | None,
    answers: Mapping[str, str],
    reach: Reach | None = None,
    channel: str | None = None,
    who: str | None = None,
) -> Look:
    """How to look at what `text` names, for `who`; raises a SlsdiagError in words."""
    target = parse(text, region=region, account=account)
    reach = reach or Reach(looking_settings())
    return Look(reach.places(target, channel, who), target, org, reach.settings, answers)


def _listed(regions: Iterable[str]) -> str:
    return ", ".join(filter(None, regions)) or "no region is set"


def _number(account: AccountSettings) -> str:
    """The account that the role is in; unknown for the credentials' own."""
    return account.role_arn.split(":")[4] if account.role_arn else ""
