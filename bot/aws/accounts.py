"""
Where the settings lead: the accounts, and where a function of a name may be.

Nothing is read here; `bot/diagnosis/gather.py` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from bot.access import UNSAID, number_of
from bot.account_settings import AccountSettings
from bot.aws.account_views import AccountViews
from bot.aws.locate import Location, account_number
from bot.aws.opened_accounts import OpenedAccounts
from bot.aws.organization import Organization, Shelf
from bot.aws.parallel import Rates, Take
from bot.errors import NotConfigured, UsageError
from bot.organization_settings import OrganizationSettings
from bot.regions import partition_of
from bot.settings import AwsSettings
from bot.target import Target, checked_region, shown
from checks.evidence import Expected

NONE_VISIBLE = "This channel may not see any AWS account."
OWN_HIDDEN = "This channel may not see the bot's own account."
NO_REGION = "No region is set: give one, as in slsdiag {} eu-west-1."


class Accounts(AccountViews):
    """The accounts that the settings name."""

    def __init__(
        self,
        settings: AwsSettings,
        take: Take | None = None,
        external: Callable[[str], bool] = lambda _: False,
        shelf: Shelf | None = None,
    ) -> None:
        """
        Raises NoCredentials for a profile that is not there.

        `take` holds calls to AWS's rates together with other processes. A channel for which
        `external` is true sees nothing: people of another organization read it. `shelf` shares
        the list of an organization's accounts with other processes.
        """
        self._open = OpenedAccounts(Rates(settings.aws_rate, take))
        super().__init__(settings, self._open.own, self._open.region, external)
        if settings.organization:
            self.organization = self._organization(settings.organization, shelf)

    def _organization(self, settings: OrganizationSettings, shelf: Shelf | None) -> Organization:
        lister = AccountSettings(settings.role_arn, settings.external_id)
        own = partition_of(self._own_region or "") or "aws"
        partition = settings.role_arn.split(":")[1] if settings.role_arn else own
        return Organization(settings, partial(self._open, lister), partition, shelf)

    def warm(self) -> None:
        """Do what the first check would otherwise wait for."""
        if self._default_region:
            self.own.warm(self._default_region)
        if self.organization:
            self.organization.roster()

    def identify_own(self) -> None:
        """Ask for our own account's number, where another name may mean the same one."""
        self.list_organization()
        roles = any(account.role_arn for account in self.configured.values())
        if self._own_region and roles:
            account_number(Location(self.own, self._own_region))

    def locations(
        self, target: Target, channel: str | None = None, who: str | None = None
    ) -> list[Location]:
        """Where it may be, the default place first; empty if only the organization comes into question."""
        self._refuse(channel)
        if target.account and target.account not in self.settings.accounts:
            self.list_organization()
        visible = self.visible(channel)
        regions = [target.region] if target.region else self.default_regions()
        names = self._meant(target, visible)
        others = [
            self.location(name, region, who)
            for name in names
            for region in (regions[:1] if target.region else self._regions(name, regions))
        ]
        own = [] if target.account and names else self._own_locations(target, regions, channel)
        if not own and not others:
            if self.organization and not target.account:
                return []  # organization_places.py knows more
            no_region = self.own_settings(channel) is not None
            raise UsageError(NO_REGION.format("check NAME") if no_region else OWN_HIDDEN)
        if target.account and not names:
            self._must_be(target.account, own[0].region, names=visible)
        return [*own, *others]

    def _refuse(self, channel: str | None) -> None:
        if channel is not None and (refusal := self.refused(channel)):
            raise UsageError(refusal)

    def _own_locations(
        self, target: Target, regions: Sequence[str], channel: str | None
    ) -> list[Location]:
        """In the credentials' account; none where `channel` may not see it."""
        own = self.own_settings(channel)
        if own is None:
            return []
        every = regions if target.region else dict.fromkeys((*regions, *own.regions))
        return [*map(self._in_own_account, every)]

    def default_regions(self) -> list[str]:
        """Where functions are looked for, unless an account's settings name others."""
        regions = dict.fromkeys([self._default_region, *self.settings.regions])
        return [region for region in regions if region]

    def recheck(self, locations: Sequence[Location], channel: str) -> None:
        """
        Refuse what was read in our own account, where that is one of the hidden roles'.

        Its number is not asked for before a check, which it would delay; but before a sentence
        is said that may hold names from there.
        """
        configured, visible = self.configured, self.visible(channel)
        hidden = configured.keys() - visible.keys()
        if self._own_region and any(configured[name].role_arn for name in hidden):
            self.own_number(self._own_region)
        in_own = any(location.account is self.own for location in locations)
        if in_own and self.own_settings(channel) is None:
            raise UsageError(OWN_HIDDEN)

    def must_agree(self, target: Target, channel: str | None) -> None:
        """Refuse an ARN of another account than the one that was named beside it."""
        named = self.visible(channel).get(target.beside or "")
        if target.beside and (named is None or number_of(named) not in {target.account, ""}):
            number = number_of(named) if named else "not configured"
            raise UsageError(
                f"The ARN names the account {target.account}, but {shown(target.beside)} was given "
                f"beside it, which is {number}."
            )

    def location(self, name: str | None, region: str, who: str | None = None) -> Location:
        """One that the settings name, else NotConfigured; only None is the credentials' own."""
        if name is None:
            return self._in_own_account(region)
        settings = self._settings_of(name)
        if settings is None:
            raise NotConfigured(name)
        return Location(self._open(settings, who), region, settings.org_id)

    def role(self, name: str | None) -> str:
        """By which role the account of that name is read; empty for the credentials' own."""
        settings = self._settings_of(name) if name else None
        return (settings.role_arn or "") if settings else ""

    def _settings_of(self, name: str) -> AccountSettings | None:
        """Another process may have listed an account of the organization that this one never saw."""
        if name not in self.configured:
            self.list_organization()
        return self.configured.get(name)

    def _in_own_account(self, region: str) -> Location:
        return Location(self.own, region, (self.own_settings(None) or UNSAID).org_id)

    def account_regions(
        self, regions: Sequence[str], accounts: Sequence[str], channel: str | None = None
    ) -> list[tuple[str | None, str]]:
        """
        Name and region of all that are configured, or of those that are named; see `location`.

        Each account and region once, where our own account's number is known (`identify_own`).
        """
        for region in regions:
            checked_region(region)
        self._refuse(channel)
        wanted = list(dict.fromkeys(regions)) or self.default_regions()
        if not wanted:
            raise UsageError(NO_REGION.format("scan --region"))
        own = (self.own_settings(channel) or UNSAID).regions
        once: dict[tuple[str | None, str], tuple[str | None, str]] = {}
        for name in self._names(accounts, wanted[0], channel):
            configured = self._regions(name, wanted) if name else [*wanted, *own]
            for region in wanted if regions else configured:
                once.setdefault((self._whose(name), region), (name, region))
        return list(once.values())

    def _names(
        self, accounts: Sequence[str], region: str, channel: str | None
    ) -> Iterable[str | None]:
        """Of the accounts that are named, else of all that `channel` may see."""
        visible, own = self.visible(channel), self.own_settings(channel)
        named = [self._named(account, region, visible) for account in accounts]
        if None in named and own is None:
            raise UsageError(OWN_HIDDEN)
        roles = [name for name, account in visible.items() if account.role_arn]
        names = named or [*([None] if own else []), *roles]
        if not names:
            raise UsageError(NONE_VISIBLE)
        return dict.fromkeys(names)

    def _whose(self, name: str | None) -> str | None:
        """The account's number; None for our own, which a role may lead back to."""
        number = number_of(self.configured[name]) if name else None
        return None if number == self.own.id else number

    def expected(self, location: Location) -> Expected:
        """What this installation expects of functions there."""
        return self.settings.expected(location.org_id)

    def _named(
        self, account: str, region: str, visible: Mapping[str, AccountSettings]
    ) -> str | None:
        """The name of a configured account; None for the credentials' own."""
        for name, settings in visible.items():
            if account in {name, number_of(settings)}:
                return name if settings.role_arn else None
        self._must_be(account, region, names=visible)
        return None

    def _regions(self, name: str, wanted: list[str]) -> list[str]:
        return list(self.configured[name].regions) or wanted

    def _meant(self, target: Target, accounts: Mapping[str, AccountSettings]) -> list[str]:
        """The configured accounts that may be meant."""
        if target.account is None:
            named = self.settings.accounts
            return [name for name, it in accounts.items() if it.role_arn and name in named]
        meant = target.account
        return [name for name, account in accounts.items() if meant in {name, number_of(account)}]
