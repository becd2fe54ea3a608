"""Which of the configured accounts a channel may see, and what number the bot's own account has."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from threading import Lock

from botocore.exceptions import BotoCoreError, ClientError

from bot.access import NOTHING, View, number_of, view_of
from bot.account_settings import AccountSettings
from bot.aws.client import Account
from bot.aws.errors import GARBLED, NO_CREDENTIALS, NO_CREDENTIALS_MESSAGE
from bot.aws.organization import NAME, Organization
from bot.aws.parallel import Wave
from bot.errors import SignedOut, Unreachable, UsageError
from bot.organization import NO_ROSTER, NOBODY, Roster
from bot.settings import AwsSettings
from bot.target import shown
from checks.grammar import counted

IDENTIFY_WITHIN, IDENTIFY_EVERY = 1.0, 5.0
"""Seconds that a person waits for our own account's number, and until it is asked for again."""
NAMED = 20
"""Accounts in a sentence."""
MEMBERS = 30
"""Accounts of the organization that are listed in one message."""
EXTERNAL = (
    "This channel is shared with another organization (Slack Connect), so I post no results "
    "here. Ask me in another channel, or have this one added to SLSDIAG_SHARED_CHANNELS."
)


class AccountViews:
    """What each channel may see of the accounts that the settings name."""

    def __init__(
        self,
        settings: AwsSettings,
        own: Account,
        default_region: str | None,
        external: Callable[[str], bool],
        organization: Organization | None = None,
    ) -> None:
        """Calls nothing; a channel for which `external` is true sees nothing."""
        self.settings, self.own = settings, own
        self.organization = organization
        self._default_region, self._external = default_region, external
        self._identifying = Lock()
        self._identified_at = float("-inf")
        self._configured: tuple[object, Mapping[str, AccountSettings]] = (None, {})
        self._viewed: tuple[Mapping[str, AccountSettings], dict[object, View]] = ({}, {})

    @property
    def roster(self) -> Roster:
        """The organization's accounts, as far as they are known; none without one."""
        return self.organization.roster() if self.organization else NO_ROSTER

    def list_organization(self) -> None:
        """Have AWS list the organization's accounts, where what is known of them is old."""
        if self.organization:
            self.organization.refresh()

    @property
    def configured(self) -> Mapping[str, AccountSettings]:
        """By name: those of SLSDIAG_ACCOUNTS, and the organization's others by their numbers."""
        roster, named = self.roster, self.settings.accounts
        if not roster.accounts:
            return named
        basis, made = (id(roster), id(named), self.own.id), self._configured
        if made[0] != basis:
            taken = {number_of(account) or self.own.id for account in named.values()}
            others = {it: roster.accounts[it] for it in sorted(roster.accounts.keys() - taken)}
            made = self._configured = basis, {**named, **others}
        return made[1]

    def view(self, channel: str | None) -> View:
        """What `channel` may see; everything for None."""
        if channel is not None and self._external(channel):
            return NOTHING
        accounts = self.configured
        key = channel, self.own.id, self._own_may_be_restricted(channel)
        viewed = self._viewed
        if viewed[0] is not accounts:
            viewed = self._viewed = accounts, {}
        views = viewed[1]
        if key not in views:
            view = view_of(accounts, channel, self.own.id)
            views[key] = replace(view, own=None) if key[2] else view
        return views[key]

    def _own_may_be_restricted(self, channel: str | None) -> bool:
        """Whether the organization may hide our own account from `channel`, as far as is known."""
        restricts = self.organization and self.organization.settings.channels is not None
        said = any(not account.role_arn for account in self.settings.accounts.values())
        return bool(channel is not None and restricts and not said and self.roster is NO_ROSTER)

    def views(self) -> tuple[str, ...]:
        """A channel for each view that the settings may give, "" for what every channel may see."""
        named = (name for account in self.configured.values() for name in account.channels)
        return tuple(dict.fromkeys(("", *(name for name in named if name not in NOBODY))))

    def refused(self, channel: str) -> str | None:
        """Why nothing is checked for `channel`, in a sentence; None where it is."""
        return EXTERNAL if self._external(channel) else None

    def visible(self, channel: str | None) -> Mapping[str, AccountSettings]:
        """The configured accounts that `channel` may see; all of them for None."""
        return self.view(channel).accounts

    def own_settings(self, channel: str | None) -> AccountSettings | None:
        """What the settings say of the credentials' own account; None where it is hidden."""
        return self.view(channel).own

    def scope(self, channel: str) -> str:
        """The same for all channels that would see the same; part of every shared key."""
        regions = ",".join(filter(None, [self._default_region, *self.settings.regions]))
        return sha256(f"{self.view(channel).scope} {regions}".encode()).hexdigest()[:32]

    def hidden(self, account: str, channel: str) -> bool:
        """
        Whether `channel` may not see `account`, by name or number; so is what is not configured.

        An organization that could not be listed is `NAME` in a scan.
        """
        if account == NAME and self.organization:
            return not self.organization.settings.seen_by(channel)
        view = self.view(channel)
        if not view.shows(account) and view.own and self._may_be_own(account):
            self._identify_soon()
            view = self.view(channel)
        return not view.shows(account)

    @property
    def _own_region(self) -> str | None:
        """Where our own account's number is asked for."""
        return self._default_region or next(iter(self.settings.regions), None)

    def _may_be_own(self, account: str) -> bool:
        configured = {number_of(account) for account in self.configured.values()}
        return not self.own.id and account.isdigit() and account not in configured

    def _identify_soon(self) -> None:
        """
        Somebody waits for an answer: a slow AWS is asked in the background, and not each time.

        Whoever comes meanwhile waits for the same answer.
        """
        region = self._own_region
        if region is None or not self._identifying.acquire(timeout=IDENTIFY_WITHIN):
            return
        try:
            if not self.own.id and time.monotonic() - self._identified_at >= IDENTIFY_EVERY:
                self._identified_at = time.monotonic()
                wave = Wave(lambda _: None, IDENTIFY_WITHIN)
                wave.get(wave.begin(self.own.identify, region))
        except (BotoCoreError, ClientError, *GARBLED):
            return
        finally:
            self._identifying.release()

    def listing(self, channel: str) -> list[str]:
        """The accounts that `channel` may see, a line each."""
        if why := self.refused(channel):
            return [why]
        regions = dict.fromkeys([self._default_region or "", *self.settings.regions])
        own, lines = self.own_settings(channel), []
        if own:
            number = f" ({self.own.id})" if self.own.id else ""
            lines.append(f"• the bot's own{number}: {_listed((*regions, *own.regions))}")
        visible, named = self.visible(channel), self.settings.accounts
        for name in filter(visible.__contains__, named):
            account = visible[name]
            number = f" ({number_of(account)})" if account.role_arn else ""
            lines.append(f"• {name}{number}: {_listed(account.regions or regions)}")
        members = [name for name in visible if name not in named]
        lines += [f"• {number}: {_listed(regions)}" for number in members[:MEMBERS]]
        if (left := len(members) - MEMBERS) > 0:
            lines.append(f"• {counted(left, 'more account')} of the organization")
        if self.organization and self.organization.settings.seen_by(channel):
            lines += [f"• {complaint}" for complaint in self.organization.complaints(channel)]
        return ["AWS accounts that this channel may see:", *lines]

    def _must_be(self, wanted: str, region: str, names: Iterable[str]) -> None:
        """The credentials reach their own account only, unless others are configured."""
        if not wanted.isdigit():
            raise UsageError(
                f"The account {shown(wanted)} is not configured (known: {_some(names)})."
            )
        if self.own_number(region) != wanted:
            raise UsageError(
                f"These credentials are of the account {self.own.id}, not of {wanted}: use that "
                f"account's credentials, or configure it in SLSDIAG_ACCOUNTS.{self._unlisted()}"
            )

    def _unlisted(self) -> str:
        """That an account may be one of the organization all the same, in a sentence."""
        complaints = self.organization.complaints("") if self.organization else ()
        return "".join(f" {complaint}" for complaint in complaints)

    def own_number(self, region: str) -> str:
        """Of the credentials' account; raises a SlsdiagError when AWS does not say."""
        try:
            return self.own.identify(region)
        except NO_CREDENTIALS as error:
            raise SignedOut(NO_CREDENTIALS_MESSAGE) from error
        except (BotoCoreError, ClientError) as error:
            raise Unreachable("AWS did not say whose credentials these are.") from error


def _listed(regions: Iterable[str]) -> str:
    return ", ".join(filter(None, regions)) or "no region is set"


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - NAMED:,} more" if len(every) > NAMED else ""
    return f"{', '.join(every[:NAMED])}{more}" or "none"
