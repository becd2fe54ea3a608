"""The places of a scan, opened when one is needed; and what the organization adds to a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.aws.accounts import Accounts
from bot.aws.locate import Location
from bot.aws.organization import NAME
from bot.scan.model import Scan, Unreadable
from bot.scan.run import Named


@dataclass(frozen=True)
class Places(Sequence[Location]):
    """Each is opened at the first need, so that no role is assumed in vain."""

    accounts: Accounts
    named: Sequence[Named]

    def __len__(self) -> int:
        return len(self.named)

    def __getitem__(self, number: int) -> Location:  # type: ignore[override]  # no slices
        return self.accounts.location(*self.named[number])


def with_organization(scan: Scan, accounts: Accounts, channel: str | None = None) -> Scan:
    """`scan` with what of the organization could not be read, and the units of its accounts."""
    organization = accounts.organization
    if organization is None or not (channel is None or organization.settings.seen_by(channel)):
        return scan
    where = NAME, organization.region
    denied = organization.refused is not None and organization.refused.action is not None
    complaints = organization.complaints(channel)
    unread = tuple(Unreadable(*where, why, denied) for why in complaints)
    return replace(scan, unreadable=(*unread, *scan.unreadable), units=accounts.roster.units)
