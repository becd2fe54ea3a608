"""Where the accounts of events are: an event names an account by its number."""

from __future__ import annotations

from bot.access import number_of
from bot.aws.accounts import Accounts
from bot.aws.locate import Location
from bot.errors import SlsdiagError
from bot.regions import REGIONS


def location_of(accounts: Accounts, number: str, region: str) -> Location | None:
    """The configured account of that number, read by its role; None for one that is not ours."""
    if region not in REGIONS:
        return None
    for name, account in accounts.visible(None).items():
        if account.role_arn and number_of(account) == number:
            return accounts.location(name, region)
    try:
        own = accounts.own_number(region) == number
    except SlsdiagError:
        return None
    return accounts.location(None, region) if own else None
